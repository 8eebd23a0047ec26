import ArgumentParser
import ReturnsDomain
import Workflow

/// `regrade reviewer`: the people who resolve the queue.
struct ReviewerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reviewer", abstract: "Adds, lists and retires reviewers.",
        subcommands: [Add.self, List.self, Retire.self])

    /// `regrade reviewer add`.
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Adds a reviewer.")

        @Argument(help: "The name the person works under.")
        var name: String

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let reviewer = try await common.casebook(creating: true).addReviewer(name: name)
            try Terminal.standard.say(
                reviewer, json: common.json,
                or: ["\(reviewer.name) reviews as \(reviewer.id); audit entries show only the id"])
        }
    }

    /// `regrade reviewer retire`.
    struct Retire: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "retire",
            abstract: "Ends a reviewer's work; what the reviewer holds waits again.")

        @Argument(help: "The name the person works under; it stays taken.")
        var name: String

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let reviewer = try await common.casebook().retireReviewer(name: name)
            Terminal.standard.note("\(name) (\(reviewer)) is given no more tasks")
        }
    }

    /// `regrade reviewer list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Lists reviewers.")

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let reviewers = try await common.casebook().reviewers()
            var table = Table()
            for reviewer in reviewers {
                table.add(reviewer.id.description, reviewer.name, reviewer.addedAt.description)
            }
            try Terminal.standard.say(each: reviewers, json: common.json, or: table.lines)
        }
    }
}
