import ArgumentParser
import ReturnsDomain
import Workflow

/// `regrade automation`: the stop switch, and pilots per category and region.
struct AutomationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "automation",
        abstract: "Switches machine decisions on and off; audited, effective at once.",
        discussion: """
              regrade automation off --data returns            everything goes to people, now
              regrade automation on --category phone --share 0.1 --data returns      a pilot
            """,
        subcommands: [On.self, Off.self, Status.self])

    /// Where a switch holds.
    struct Scope: ParsableArguments {
        @Option(help: "The category it holds for; all by default.")
        var category: String?

        @Option(help: "The region it holds for; all by default.")
        var region: String?
    }

    /// `regrade automation on`.
    struct On: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "on", abstract: "Lets the machine decide, all cases or a share of them.")

        @Option(help: "The share of cases a machine may decide, above 0, at most 1.")
        var share = 1.0

        @OptionGroup var scope: Scope
        @OptionGroup var common: CommonOptions

        func validate() throws {
            guard share > 0, share <= 1 else {
                throw ValidationError("--share is \(share), expected above 0 and at most 1")
            }
        }

        func run() async throws {
            try await set(share: share, scope, common)
        }
    }

    /// `regrade automation off`.
    struct Off: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "off",
            abstract: "Sends everything to people; without a scope it removes all other switches.")

        @OptionGroup var scope: Scope
        @OptionGroup var common: CommonOptions

        func run() async throws {
            try await set(share: 0, scope, common)
        }
    }

    /// `regrade automation status`.
    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "status", abstract: "Shows where the machine may decide.")

        @OptionGroup var common: CommonOptions

        func run() async throws {
            try show(await common.casebook().automationSwitches(), common)
        }
    }
}

private func set(
    share: Double, _ scope: AutomationCommand.Scope, _ common: CommonOptions
) async throws {
    let casebook = try await common.casebook(creating: true)
    try await casebook.setAutomation(
        category: scope.category, region: scope.region, share: share)
    try show(await casebook.automationSwitches(), common)
}

private func show(_ switches: [AutomationSwitch], _ common: CommonOptions) throws {
    if common.json {
        for entry in switches { try Terminal.standard.say(json: entry) }
        return
    }
    guard !switches.isEmpty else {
        Terminal.standard.say("on everywhere, within calibration and policy")
        return
    }
    var table = Table()
    for entry in switches {
        table.add(
            entry.category ?? "all categories", entry.region ?? "all regions",
            entry.share == 0 ? "off" : "on for \(Figures.percent(entry.share)) of cases",
            "since \(entry.changedAt)")
    }
    table.lines.forEach { Terminal.standard.say($0) }
}
