import ArgumentParser
import Workflow

/// `regrade audit`: proof that no entry was changed or removed.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Verifies the audit log.", subcommands: [Verify.self])

    /// `regrade audit verify`.
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify",
            abstract: "Checks the chain of a data directory, or of an exported audit folder.",
            discussion: """
                Needs no service. A data directory is checked against its database and its \
                documents too. A tail that was cut off, or a log that was rewritten as a whole, \
                can only be seen by someone who kept an earlier head.
                """)

        @Argument(help: "A data directory, or a folder with audit segments (00000001.jsonl, …).")
        var path: String?

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let settings = try await common.settings()
            guard let path = path ?? settings.dataDirectory else {
                throw Failure(
                    .usage, code: "no_audit_log", "name a data directory or an audit folder")
            }
            let verdict = try await AuditCheck.verify(path: path)
            if common.json {
                try Terminal.standard.say(json: verdict)
            } else {
                verdict.lines.forEach { Terminal.standard.say($0) }
            }
            guard verdict.holds else { throw ExitCode(65) }
        }
    }
}
