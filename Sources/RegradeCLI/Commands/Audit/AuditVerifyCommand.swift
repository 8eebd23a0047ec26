import ArgumentParser
import Workflow

/// `regrade audit verify`.
struct AuditVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Checks the log of a data directory, or an exported audit folder.",
        discussion: """
            Needs no service. Checks the chain, the signed checkpoints, and of a data directory \
            the documents and exported files too. A tail that was cut off, or a log that was \
            rewritten and signed anew as a whole, is only seen with a checkpoint and a public key \
            that were kept elsewhere.
            """)

    @Argument(help: "A data directory, or a folder with audit segments (00000001.jsonl, …).")
    var path: String?

    @Option(
        name: .customLong("checkpoint"),
        help: ArgumentHelp(
            "A checkpoint kept elsewhere, or a file of several; may be repeated.",
            valueName: "file"))
    var checkpoints: [String] = []

    @Option(help: ArgumentHelp("The public key as it was kept elsewhere.", valueName: "file"))
    var publicKey: String?

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let settings = try await common.settings()
        guard let path = path ?? settings.dataDirectory else {
            throw Failure(
                .usage, code: "no_audit_log", "name a data directory or an audit folder")
        }
        let witness = try AuditFiles.witness(publicKey: publicKey, checkpoints: checkpoints)
        let verdict = try await AuditCheck.verify(path: path, witness: witness)
        if common.json {
            try Terminal.standard.say(json: verdict)
        } else {
            verdict.lines.forEach { Terminal.standard.say($0) }
        }
        guard verdict.holds else { throw ExitCode(65) }
    }
}
