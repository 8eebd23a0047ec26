import ArgumentParser
import Foundation
import ReturnsDomain
import Workflow

/// `regrade retention`: what is kept for how long, and what is due to go.
struct RetentionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retention",
        abstract: "Removes photos, texts and cases whose retention period is over; audited.",
        discussion: """
            Periods per region stand in the policy. Cases under a legal hold and cases that wait \
            for a person are left alone. Run the sweep once a day.
            """,
        subcommands: [Show.self, Sweep.self])

    /// `regrade retention show`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Counts what a sweep would remove now.")

        @OptionGroup var judging: PolicyOptions
        @OptionGroup var common: CommonOptions

        func run() async throws {
            try await sweep(judging, common, isDryRun: true)
        }
    }

    /// `regrade retention sweep`.
    struct Sweep: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sweep", abstract: "Removes what is due.")

        @OptionGroup var judging: PolicyOptions
        @OptionGroup var common: CommonOptions

        func run() async throws {
            try await sweep(judging, common, isDryRun: false)
        }
    }

    /// Which policy.
    struct PolicyOptions: ParsableArguments {
        @Option(help: "The policy file; the shipped policy by default (REGRADE_POLICY).")
        var policy: String?
    }
}

private func sweep(
    _ judging: RetentionCommand.PolicyOptions, _ common: CommonOptions, isDryRun: Bool
) async throws {
    var stated = common.stated
    stated.policyPath = judging.policy
    let settings = try await Settings.loaded(
        flags: stated, environment: ProcessInfo.processInfo.environment)
    let report = try await common.casebook().sweep(
        by: LoadedPolicy(settings: settings), isDryRun: isDryRun)
    if common.json {
        try Terminal.standard.say(json: report)
    } else {
        let verb = isDryRun ? "due" : "removed"
        Terminal.standard.say(
            "\(verb): photos of \(report.photos) cases, texts of \(report.texts), "
                + "\(report.cases) whole cases")
    }
    guard report.isComplete else { throw ExitCode(75) }
}
