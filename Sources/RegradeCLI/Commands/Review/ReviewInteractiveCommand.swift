import ArgumentParser
import Foundation
import ReturnsDomain
import ReviewTerminal
import Workflow

/// `regrade review` alone: people resolve the queue in a terminal, one key per decision.
struct ReviewInteractiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "interactive",
        abstract: "Shows case after case in the terminal; what `regrade review` alone does.",
        discussion: "Press ? for the keys. docs/reviewing.md tells more.")

    @Option(help: "Who reviews.")
    var reviewer: String

    @Option(help: "How many minutes a lease lasts without a key pressed, 1 to 480.")
    var minutes = 15

    @Option(help: "How photos are shown: auto, kitty, blocks or none.")
    var picture = PictureChoice.auto

    @Flag(help: "Open the first photo of every case in $REGRADE_VIEWER, or else xdg-open.")
    var open = false

    @Flag(help: "Say at the end how long it took until the next case was on the screen.")
    var timings = false

    @Option(help: "Keys that differ, such as 'resell=1 heat=m' (REGRADE_REVIEW_KEYS).")
    var keys: String?

    @Option(help: "The ONNX model that draws heat maps; the shipped one by default.")
    var model: String?

    @Option(help: "The calibration; NAME.calibration.json beside the model by default.")
    var calibration: String?

    @Option(help: "The policy whose remedies and words apply; the shipped one by default.")
    var policy: String?

    @Option(help: "The language of the customer's words, such as en or de.")
    var locale: String?

    @OptionGroup(title: "Service elsewhere") var remote: QueueOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard (1...480).contains(minutes) else {
            throw ValidationError("--minutes is \(minutes), expected 1 to 480")
        }
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        guard !common.json, let device = TerminalDevice(environment: environment) else {
            throw Failure(
                .usage, code: "no_terminal",
                "interactive review needs a terminal at stdin and stdout; for scripts there are "
                    + "regrade review list, next, show, decide and release, each with --json")
        }
        try remote.checkPolicy([policy, locale])
        let settings = try await common.settings { stated in
            stated.modelPath = model
            stated.calibrationPath = calibration
            stated.policyPath = policy
            stated.locale = locale
        }
        let keyMap = try keyMap(settings)
        // A warning in the middle of the screen would be drawn over; it is said at the end.
        let warnings = Warnings()
        let queue = try await remote.queue(
            common,
            wording: {
                ReviewWording(
                    policy: try LoadedPolicy(settings: settings), locale: settings.locale)
            }, warn: warnings.add)
        guard try await queue.knows(reviewer: reviewer) else {
            throw Failure(
                .usage, code: "reviewer_unknown",
                "there is no reviewer '\(reviewer)'; add one with: regrade reviewer add")
        }
        let loop = ReviewLoop(
            device: device, abilities: TerminalAbilities(environment: environment),
            choice: picture, opensEveryPhoto: open)
        let (tally, wasInterrupted) = await loop.run(
            reviewer: reviewer, leaseDuration: .seconds(minutes * 60), keys: keyMap,
            settings: settings, queue: queue)
        for warning in warnings.all { Terminal.standard.note("regrade: \(warning)") }
        Terminal.standard.say(
            "\(tally.decidedCount) decided, \(tally.undoneCount) undone, "
                + "\(tally.releasedCount) released, \(tally.lostCount) lost")
        if timings { Terminal.standard.say(loop.timings.summary) }
        if wasInterrupted {
            throw Failure(
                .tryAgain, code: "interrupted", "interrupted; what was held waits again")
        }
    }

    private func keyMap(_ settings: Settings) throws -> KeyMap {
        do {
            return try KeyMap(setting: keys ?? settings.reviewKeys)
        } catch {
            throw Failure(.configuration, code: "review_keys_invalid", error.description)
        }
    }
}
