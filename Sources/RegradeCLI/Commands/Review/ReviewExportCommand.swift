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

    @Option(help: "With --labels: the policy the cases were judged under.")
    var policy: String?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard labels != nil || (photos == nil && policy == nil) else {
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
        var stated = common.stated
        stated.policyPath = policy
        let settings = try await Settings.loaded(
            flags: stated, environment: ProcessInfo.processInfo.environment)
        let count = try await LabelExport(
            policy: LoadedPolicy(settings: settings), photoFolder: photos
        ).write(to: labels, from: casebook)
        Terminal.standard.note("\(count) rows in \(labels)")
    }
}

/// `regrade review gold`: cases of known answer.
struct ReviewGoldCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gold",
        abstract: "Cases of known answer, mixed in to measure how right reviewers are.",
        subcommands: [Add.self, Remove.self, List.self])

    /// `regrade review gold add`.
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Adds a decided case whose grade the warehouse stated.")

        @Argument(help: "The case, insp_….")
        var inspection: String

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let count = try await common.casebook().addGold(CaseCommand.inspection(inspection))
            Terminal.standard.note("\(count) cases of known answer")
        }
    }

    /// `regrade review gold remove`.
    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove", abstract: "Takes a case out; answers given count on.")

        @Argument(help: "The case, insp_….")
        var inspection: String

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let count = try await common.casebook().removeGold(CaseCommand.inspection(inspection))
            Terminal.standard.note("\(count) cases of known answer")
        }
    }

    /// `regrade review gold list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Lists them with their answers.")

        @OptionGroup var common: CommonOptions

        func run() async throws {
            for item in try await common.casebook().goldItems() {
                if common.json {
                    try Terminal.standard.say(json: item)
                } else {
                    Terminal.standard.say("\(item.inspection)  \(item.outcome.rawValue)")
                }
            }
        }
    }
}
