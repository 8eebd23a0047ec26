import ArgumentParser
import Workflow

/// `regrade policy`: checks policy files.
struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Checks policies.",
        subcommands: [Check.self])

    /// `regrade policy check`.
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Checks a policy file and names every mistake with its line.")

        @Argument(help: "The policy file; the shipped policy by default.")
        var file: String?

        @Flag(help: "Print JSON for machines.")
        var json = false

        func run() async throws {
            let check = PolicyCheck(named: file)
            try Terminal.standard.say(check, json: json, or: check.summary)
            guard check.holds else { throw ExitCode(78) }
        }
    }
}
