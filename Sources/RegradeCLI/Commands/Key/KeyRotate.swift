import ArgumentParser
import ReturnsDomain
import Workflow

/// `regrade key rotate`.
struct KeyRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Replaces the key that wraps every case's own key.",
        discussion: """
            Stop everything else that uses the directory first. An interrupted rotation is \
            completed by running it again. Backups from before need the old key file: keep it with \
            them, or make a new backup.
              regrade key rotate wrapping --data returns
            """)

    /// The keys that can be replaced.
    enum Key: String, CaseIterable, ExpressibleByArgument {
        case wrapping
    }

    @Argument(help: "Which key: wrapping.")
    var key: Key

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let report = try await RecordKeeping.rotateWrappingKey(in: common.namedDirectory())
        try Terminal.standard.say(
            report, json: common.json,
            or: ["wrapping key \(report.key): \(report.rewrapped) data keys wrapped anew"])
    }
}
