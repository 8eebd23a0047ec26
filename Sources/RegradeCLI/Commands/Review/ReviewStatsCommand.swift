import ArgumentParser
import Foundation
import ReturnsDomain
import Workflow

/// `regrade review stats`: the queue, the reviewers' work, how far they agree.
struct ReviewStatsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Shows the queue, what reviewers did, and how far they agree.")

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let statistics = try await common.casebook().reviewStatistics()
        try Terminal.standard.say(statistics, json: common.json, or: lines(of: statistics))
    }

    private func lines(of statistics: ReviewStatistics) -> [String] {
        let oldest = statistics.oldestAge.map { Figures.duration(seconds: Double($0)) } ?? "-"
        var queue = Table()
        queue.add("waiting", "\(statistics.open)")
        queue.add("in someone's hands", "\(statistics.leased)")
        queue.add("overdue", "\(statistics.overdue)")
        queue.add("nobody may take", "\(statistics.unservable)")
        queue.add("open appeals", "\(statistics.openAppeals)")
        queue.add("oldest", oldest)
        var people = Table()
        people.add("reviewer", "name", "decisions", "right on known answers, 95 %")
        for reviewer in statistics.reviewers {
            people.add(
                reviewer.id.description, reviewer.name ?? "-", "\(reviewer.decisions)",
                text(reviewer.goldAccuracy))
        }
        let agreement = statistics.agreement
        var agreed = Table()
        agreed.add("unanimous where several answer", text(agreement.unanimous))
        agreed.add("Krippendorff's alpha, nominal", text(agreement.alphaNominal))
        agreed.add("Krippendorff's alpha, ordinal", text(agreement.alphaOrdinal))
        agreed.add("Fleiss' kappa", text(agreement.fleissKappa))
        for pair in agreement.pairs {
            let names = pair.reviewers.map(\.description).joined(separator: " and ")
            agreed.add("Cohen's kappa", "\(text(pair.kappa))  \(names)")
        }
        return queue.lines + [""] + people.lines + [""] + agreed.lines
    }

    /// `0.71 (0.52 to 0.85), n = 12`.
    private func text(_ measure: ReviewStatistics.Measure) -> String {
        guard let value = measure.value else { return "not defined, n = \(measure.count)" }
        var text = String(format: "%.2f", value)
        if let lower = measure.lower, let upper = measure.upper {
            text += String(format: " (%.2f to %.2f)", lower, upper)
        }
        return text + ", n = \(measure.count)"
    }
}
