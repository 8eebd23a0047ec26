import ArgumentParser
import Foundation
import ReturnsDomain
import Workflow

/// `regrade review export`: the open queue, or labels for training.
struct ReviewExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes the open queue as JSON Lines, or what was decided as labels.",
        discussion: """
            Without --labels: the last line of every undecided task, as in review-queue.jsonl.
            """)

    @Option(help: "Write labels to this CSV instead; scripts/train reads it.")
    var labels: String?

    @Option(help: "With --labels: a folder for the kept photos, decrypted, named by their hash.")
    var photos: String?

    @OptionGroup var policy: PolicyOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard labels != nil || (photos == nil && policy.policy == nil) else {
            throw ValidationError("--photos and --policy need --labels")
        }
    }

    func run() async throws {
        let casebook = try await common.casebook()
        guard let labels else {
            try await casebook.exportOpenQueue { line in
                Terminal.standard.say(String(decoding: line, as: UTF8.self))
            }
            return
        }
        let count = try await LabelExport(policy: policy.loaded(common), photoFolder: photos)
            .write(to: labels, from: casebook)
        Terminal.standard.note("\(count) rows in \(labels)")
    }
}
