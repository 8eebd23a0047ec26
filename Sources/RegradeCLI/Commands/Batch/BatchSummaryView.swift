import Foundation
import ReturnsDomain
import Workflow

/// What a batch came to, as a person reads it.
struct BatchSummaryView {
    let terminal: Terminal

    /// The lines to print.
    func lines(of summary: BatchSummary) -> [String] {
        let inspected = summary.outcomeCounts.values.reduce(0, +)
        var table = Table()
        for outcome in Outcome.allCases {
            let count = summary.outcomeCounts[outcome.rawValue, default: 0]
            let share = inspected == 0 ? 0 : Double(count) / Double(inspected)
            table.add(
                "  " + outcome.rawValue, String(count),
                Figures.bar(share, width: 24) + " " + Figures.percent(share))
        }
        for (code, count) in summary.unreadableCounts.sorted(by: { $0.key < $1.key }) {
            table.add("  unreadable", String(count), code)
        }
        return [headline(summary)] + table.lines + [footer(summary)]
    }

    private func headline(_ summary: BatchSummary) -> String {
        let progress = summary.progress
        let items = progress.totalCount == 1 ? "item" : "items"
        return terminal.styled("\(progress.totalCount) \(items)", .bold) + "  "
            + terminal.styled(summary.run, .dim)
    }

    private func footer(_ summary: BatchSummary) -> String {
        let progress = summary.progress
        let seconds = Double(progress.elapsed.components.seconds)
        var text = "  took \(Figures.duration(seconds: seconds))"
        if let rate = progress.itemsPerSecond { text += String(format: ", %.1f items/s", rate) }
        if progress.resumedCount > 0 {
            text += ", \(progress.resumedCount) items were recorded before"
        }
        let mebibytes = summary.peakMemoryByteCount >> 20
        return terminal.styled(text + ", at most \(mebibytes) MiB of memory", .dim)
    }
}

/// What a batch came to, for machines.
struct BatchReport: Encodable {
    let run: String
    let items: Int
    let resumed: Int
    let outcomes: [String: Int]
    let unreadable: [String: Int]
    let elapsedSeconds: Double
    let itemsPerSecond: Double?
    let peakMemoryBytes: Int

    private enum CodingKeys: String, CodingKey {
        case run, items, resumed, outcomes, unreadable
        case elapsedSeconds = "elapsed_seconds"
        case itemsPerSecond = "items_per_second"
        case peakMemoryBytes = "peak_memory_bytes"
    }

    init(_ summary: BatchSummary) {
        run = summary.run
        items = summary.progress.totalCount
        resumed = summary.progress.resumedCount
        outcomes = summary.outcomeCounts
        unreadable = summary.unreadableCounts
        let elapsed = summary.progress.elapsed.components
        elapsedSeconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
        itemsPerSecond = summary.progress.itemsPerSecond
        peakMemoryBytes = summary.peakMemoryByteCount
    }
}
