import ArgumentParser
import ReturnsDomain
import Workflow

/// `regrade key rotate`.
struct KeyRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Replaces the key that wraps every case's own key, or the audit log's.",
        discussion: """
            Stop everything else that uses the directory first. An interrupted rotation is \
            completed by running it again. Copy the folder keys afterwards.

              regrade key rotate wrapping --data returns
              regrade key rotate signing --data returns

            wrapping: backups from before need the old key file; keep it with them, or make a new \
            backup. signing: the old key signs the log over to the new one and is destroyed; who \
            kept the first public key can follow.
            """)

    /// The keys that can be replaced.
    enum Key: String, CaseIterable, ExpressibleByArgument {
        case wrapping, signing
    }

    @Argument(help: "Which key: wrapping or signing.")
    var key: Key

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let (terminal, directory) = (Terminal.standard, try await common.namedDirectory())
        switch key {
        case .wrapping:
            let report = try await RecordKeeping.rotateWrappingKey(in: directory)
            try terminal.say(
                report, json: common.json,
                or: ["wrapping key \(report.key): \(report.rewrapped) data keys wrapped anew"])
        case .signing:
            let report = try await RecordKeeping.rotateSigningKey(in: directory)
            try terminal.say(
                report, json: common.json,
                or: [
                    "the audit log is signed by \(report.to)",
                    "before it by          \(report.from)",
                ])
        }
    }
}
