import ArgumentParser
import ReturnsDomain
import Workflow

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
            let inspection = try InspectionID(argument: inspection)
            ReviewGoldCommand.sayCount(try await common.casebook().addGold(inspection))
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
            let inspection = try InspectionID(argument: inspection)
            ReviewGoldCommand.sayCount(try await common.casebook().removeGold(inspection))
        }
    }

    /// `regrade review gold list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Lists them with their answers.")

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let items = try await common.casebook().goldItems()
            try Terminal.standard.say(
                each: items, json: common.json,
                or: items.map { "\($0.inspection)  \($0.outcome.rawValue)" })
        }
    }

    private static func sayCount(_ count: Int) {
        Terminal.standard.note("\(count) cases of known answer")
    }
}
