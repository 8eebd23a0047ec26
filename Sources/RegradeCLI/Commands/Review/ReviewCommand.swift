import ArgumentParser
import Foundation
import ReturnsDomain
import Workflow

/// `regrade review`: resolves the human-review queue.
struct ReviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "Resolves the human-review queue.",
        discussion: """
            Alone it is interactive: the photo in the terminal, one key per decision.

              regrade reviewer add kim --data returns
              regrade review --reviewer kim --data returns
              regrade review next --reviewer kim --data returns --json
              regrade review decide rev_… refurbish --lease lease_… --reviewer kim \\
                --reason review_agrees --data returns
              regrade review --reviewer kim --server https://regrade.example --key-file key
            """,
        subcommands: [
            ReviewListCommand.self, ReviewNextCommand.self, ReviewShowCommand.self,
            ReviewDecideCommand.self, ReviewReleaseCommand.self, ReviewStatsCommand.self,
            ReviewExportCommand.self, ReviewGoldCommand.self, ReviewInteractiveCommand.self,
        ],
        defaultSubcommand: ReviewInteractiveCommand.self)
}

/// `regrade review list`: what waits for a person.
struct ReviewListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the tasks that wait, the most urgent first.")

    @Option(help: "The most tasks to list.")
    var limit = 50

    @OptionGroup(title: "Service elsewhere") var remote: QueueOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard (1...10_000).contains(limit) else {
            throw ValidationError("--limit is \(limit), expected 1 to 10000")
        }
    }

    func run() async throws {
        let tasks = try await remote.queue(common).waitingTasks(limit: limit)
        if common.json {
            for task in tasks { try Terminal.standard.say(json: HandOverRecord(task)) }
            return
        }
        guard !tasks.isEmpty else {
            Terminal.standard.say("nothing waits for a person")
            return
        }
        var table = Table()
        table.add("task", "state", "priority", "due", "recommended", "sure", "why")
        for task in tasks {
            let decision = task.adjudication.decision
            table.add(
                task.id.description, task.state.rawValue, String(format: "%.1f", task.priority),
                String(task.dueAt.description.prefix(16)),
                task.isBlind ? "-" : decision.recommended.rawValue,
                task.isBlind ? "-" : Figures.sureness(decision.confidence),
                task.reasons.map(\.rawValue).joined(separator: ", "))
        }
        table.lines.forEach { Terminal.standard.say($0) }
    }
}

/// `regrade review next`: leases the most urgent task.
struct ReviewNextCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "next",
        abstract: "Leases the most urgent task and prints its hand-over record.",
        discussion: "Exits with 75 when nothing waits. A lease ends by itself.")

    @Option(help: "Who reviews.")
    var reviewer: String

    @Option(help: "How many minutes the lease lasts, 1 to 480.")
    var minutes = 15

    @OptionGroup(title: "Service elsewhere") var remote: QueueOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard (1...480).contains(minutes) else {
            throw ValidationError("--minutes is \(minutes), expected 1 to 480")
        }
    }

    func run() async throws {
        let queue = try await remote.queue(common)
        guard
            let leased = try await queue.leaseNextTask(
                reviewer: reviewer, duration: .seconds(minutes * 60), except: [])?.lease
        else {
            throw Failure(.tryAgain, code: "queue_empty", "nothing waits for a person")
        }
        try Terminal.standard.say(
            HandOverRecord(leased), json: common.json,
            or: HandOverView(terminal: .standard).lines(of: leased))
    }
}

/// `regrade review show`: looks at a task without leasing it.
struct ReviewShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows a task without leasing it.")

    @Argument(help: "The task, rev_….")
    var task: String

    @Option(help: "A folder for the kept photos, decrypted; the audit log says who looked.")
    var photos: String?

    @Option(help: "Who looks; the host's operator by default.")
    var reviewer: String?

    @OptionGroup(title: "Service elsewhere") var remote: QueueOptions
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let queue = try await remote.queue(common)
        let task = try await queue.reviewTask(ReviewTaskID(argument: task))
        if let photos {
            let written = try await PhotoFiles(folder: photos).write(
                photosOf: task, from: queue, reviewer: reviewer)
            Terminal.standard.note(
                written.isEmpty ? "the photos were not kept" : written.joined(separator: "\n"))
        }
        try Terminal.standard.say(
            HandOverRecord(task), json: common.json,
            or: HandOverView(terminal: .standard).lines(of: task))
    }
}

/// `regrade review decide`: answers a task under its lease.
struct ReviewDecideCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decide", abstract: "Decides a leased task.")

    @Argument(help: "The task, rev_….")
    var task: String

    @Argument(help: "resell, refurbish, reject or retake.")
    var outcome: String

    @Option(help: "The lease that `review next` printed.")
    var lease: String

    @Option(help: "Who reviews.")
    var reviewer: String

    @Option(help: "Why: review_agrees, review_damage_missed, review_damage_overstated, ….")
    var reason: String

    @Option(help: "Words for colleagues.")
    var comment: String?

    @Option(help: "The policy whose remedies and words apply; the shipped one by default.")
    var policy: String?

    @Option(help: "The language of the customer's words, such as en or de.")
    var locale: String?

    @OptionGroup(title: "Service elsewhere") var remote: QueueOptions
    @OptionGroup var common: CommonOptions

    func run() async throws {
        try remote.checkPolicy([policy, locale])
        let settings = try await common.settings { stated in
            stated.policyPath = policy
            stated.locale = locale
        }
        let queue = try await remote.queue(
            common,
            wording: {
                ReviewWording(
                    policy: try LoadedPolicy(settings: settings), locale: settings.locale)
            })
        let answer = try await queue.decide(decision())
        try Terminal.standard.say(
            answer, json: common.json,
            or: ["\(task) decided: \(answer.decision.outcome.rawValue) for \(answer.id)"])
    }

    private func decision() throws -> ReviewDecision {
        guard let outcome = Outcome(rawValue: outcome), outcome != .humanReview else {
            throw Failure(
                .usage, code: "outcome_invalid",
                "'\(outcome)' is no decision, expected resell, refurbish, reject or retake")
        }
        guard let reason = ReasonCode(rawValue: reason),
            ReasonCode.reviewerCodes.contains(reason)
        else {
            let known = ReasonCode.reviewerCodes.map(\.rawValue).joined(separator: ", ")
            throw Failure(
                .usage, code: "reason_invalid",
                "'\(reason)' is no reviewer's reason, expected one of \(known)")
        }
        return try ReviewDecision(
            task: ReviewTaskID(argument: task), lease: LeaseID(argument: lease), reviewer: reviewer,
            outcome: outcome, reason: reason, comment: comment)
    }
}

/// `regrade review release`: gives a leased task back.
struct ReviewReleaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Gives a leased task back undecided.")

    @Argument(help: "The task, rev_….")
    var task: String

    @Option(help: "The lease that `review next` printed.")
    var lease: String

    @OptionGroup(title: "Service elsewhere") var remote: QueueOptions
    @OptionGroup var common: CommonOptions

    func run() async throws {
        try await remote.queue(common).release(
            task: ReviewTaskID(argument: task), lease: LeaseID(argument: lease))
        Terminal.standard.note("\(task) waits again")
    }
}
