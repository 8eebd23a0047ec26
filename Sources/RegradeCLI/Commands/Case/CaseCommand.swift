import ArgumentParser
import Foundation
import ReturnsDomain
import Workflow

/// `regrade case`: inspections seen as cases.
struct CaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "case",
        abstract: "Lists cases, takes appeals and what the warehouse found, erases.",
        discussion: """
              regrade case list --outcome reject --data returns
              regrade case appeal insp_… --statement "it arrived like this" --data returns
              regrade case truth insp_… --grade refurbish --severity minor --data returns
            """,
        subcommands: [
            CaseListCommand.self, CaseShowCommand.self, CaseAppealCommand.self,
            CaseTruthCommand.self, CaseErase.self, CaseHold.self,
        ])
}

/// `regrade case list`.
struct CaseListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists cases, the newest first.")

    @Option(help: "Only this outcome.")
    var outcome: String?

    @Option(help: "Only this product.")
    var sku: String?

    @Option(name: [.customLong("order-id"), .customLong("order_id")], help: "Only this order.")
    var orderID: String?

    @Option(help: "Go on after this case, the last one of the page before.")
    var after: String?

    @Option(help: "The most cases to list, 1 to 1000.")
    var limit = 50

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard (1...1000).contains(limit) else {
            throw ValidationError("--limit is \(limit), expected 1 to 1000")
        }
    }

    func run() async throws {
        let outcome = try outcome.map { word in
            guard let outcome = Outcome(rawValue: word) else {
                let known = Outcome.allCases.map(\.rawValue).joined(separator: ", ")
                throw Failure(
                    .usage, code: "outcome_invalid", "'\(word)' is no outcome, expected \(known)")
            }
            return outcome
        }
        let cases = try await common.casebook().cases(
            after: after.map(InspectionID.init(argument:)), limit: limit,
            filter: InspectionFilter(outcome: outcome, sku: sku, orderID: orderID))
        var table = Table()
        for summary in cases {
            table.add(
                summary.id.description, String(summary.createdAt.description.prefix(16)),
                summary.outcome.rawValue, summary.decidedBy.rawValue, summary.sku ?? "",
                summary.orderID ?? "")
        }
        try Terminal.standard.say(each: cases, json: common.json, or: table.lines)
        if !common.json, cases.count == limit, let last = cases.last {
            Terminal.standard.note("more: --after \(last.id)")
        }
    }
}

/// `regrade case show`.
struct CaseShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows a case: decisions, reviews, what the warehouse found."
    )

    @Argument(help: "The case, insp_….")
    var inspection: String

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let record = try await common.casebook().caseHistory(
            of: InspectionID(argument: inspection))
        guard !common.json else {
            try Terminal.standard.say(json: CaseDocument(record))
            return
        }
        if let standing = record.adjudications.last {
            AdjudicationView(terminal: .standard).lines(of: standing).forEach {
                Terminal.standard.say($0)
            }
        }
        var table = Table()
        for adjudication in record.adjudications {
            table.add(
                "  \(adjudication.createdAt)", adjudication.decidedBy.rawValue,
                adjudication.decision.outcome.rawValue)
        }
        for task in record.tasks {
            table.add(
                "  \(task.openedAt)", task.purpose.rawValue, "\(task.task) \(task.state.rawValue)")
        }
        for truth in record.truths {
            table.add(
                "  \(truth.recordedAt)", "warehouse",
                [
                    truth.outcome?.rawValue, truth.severity?.name,
                    truth.resaleValue.map(Figures.money),
                ]
                .compactMap { $0 }.joined(separator: ", "))
        }
        for sighting in record.sightings {
            table.add("  photo \(sighting.photo)", Figures.sighting(sighting))
        }
        table.lines.forEach { Terminal.standard.say($0) }
    }
}

/// A case as JSON.
private struct CaseDocument: Encodable {
    let adjudications: [Adjudication]
    let tasks: [CaseTask]
    let truths: [Truth]
    let seen_before: [PhotoSighting]

    init(_ record: CaseHistory) {
        adjudications = record.adjudications
        tasks = record.tasks
        truths = record.truths
        seen_before = record.sightings
    }
}
