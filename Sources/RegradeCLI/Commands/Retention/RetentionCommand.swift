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

        @OptionGroup var policy: PolicyOptions
        @OptionGroup var common: CommonOptions

        func run() async throws {
            try await sweep(policy, common, isDryRun: true)
        }
    }

    /// `regrade retention sweep`.
    struct Sweep: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sweep", abstract: "Removes what is due.")

        @OptionGroup var policy: PolicyOptions
        @OptionGroup var common: CommonOptions

        func run() async throws {
            try await sweep(policy, common, isDryRun: false)
        }
    }
}

private func sweep(
    _ policy: PolicyOptions, _ common: CommonOptions, isDryRun: Bool
) async throws {
    let report = try await common.casebook().sweep(
        by: policy.loaded(common), isDryRun: isDryRun)
    try Terminal.standard.say(
        report, json: common.json,
        or: [
            "\(isDryRun ? "due" : "removed"): photos of \(report.photos) cases, texts of "
                + "\(report.texts), \(report.cases) whole cases"
        ])
    guard report.isComplete else { throw ExitCode(75) }
}
