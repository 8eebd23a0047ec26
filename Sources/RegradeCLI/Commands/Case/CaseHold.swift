import ArgumentParser
import ReturnsDomain
import Workflow

/// `regrade case hold`.
struct CaseHold: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold", abstract: "Legal holds: cases that nothing may erase.",
        subcommands: [On.self, Off.self, List.self])

    /// `regrade case hold on`.
    struct On: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "on", abstract: "Keeps a case from erasure and retention; audited.")

        @Argument(help: "The case, insp_….")
        var inspection: String

        @Option(help: "Your reference to the matter, such as a file number; no personal data.")
        var reference: String

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let id = try InspectionID(argument: inspection)
            let hold = try await common.casebook().placeHold(on: id, reference: reference)
            try Terminal.standard.say(
                hold, json: common.json, or: ["\(id) is under a hold for \(hold.reference)"])
        }
    }

    /// `regrade case hold off`.
    struct Off: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "off", abstract: "Lifts a hold; audited.")

        @Argument(help: "The case, insp_….")
        var inspection: String

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let id = try InspectionID(argument: inspection)
            try await common.casebook().liftHold(on: id)
            try Terminal.standard.say(
                ["inspection": id.description, "hold": "off"], json: common.json,
                or: ["\(id) is under no hold"])
        }
    }

    /// `regrade case hold list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Lists the holds.")

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let holds = try await common.casebook().holds()
            var table = Table()
            for hold in holds {
                table.add(hold.inspection.description, hold.reference, "since \(hold.placedAt)")
            }
            try Terminal.standard.say(each: holds, json: common.json, or: table.lines)
        }
    }
}
