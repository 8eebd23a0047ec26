import Foundation
import ReturnsDomain
import Workflow

/// What a batch came to, as a person reads it.
struct BatchSummaryView {
    let terminal: Terminal

    /// The lines to print.
    func lines(of summary: BatchSummary) -> [String] {
        let inspected = summary.counts.inspectedCount
        var table = Table()
        for outcome in Outcome.allCases {
            let count = summary.counts.outcomes[outcome, default: 0]
            let share = inspected == 0 ? 0 : Double(count) / Double(inspected)
            table.add(
                "  " + outcome.rawValue, String(count),
                Figures.bar(share, width: 24) + " " + Figures.percent(share))
        }
        for (code, count) in summary.counts.unreadable.sorted(by: { $0.key < $1.key }) {
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
        if progress.reusedPhotoCount > 0 {
            text += ", \(progress.reusedPhotoCount) photos were known"
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
    let reusedPhotos: Int
    let outcomes: [String: Int]
    let unreadable: [String: Int]
    let elapsedSeconds: Double
    let itemsPerSecond: Double?
    let peakMemoryBytes: Int
    let comparison: RunComparison?

    private enum CodingKeys: String, CodingKey {
        case run, items, resumed, outcomes, unreadable, comparison
        case reusedPhotos = "reused_photos"
        case elapsedSeconds = "elapsed_seconds"
        case itemsPerSecond = "items_per_second"
        case peakMemoryBytes = "peak_memory_bytes"
    }

    init(_ summary: BatchSummary, _ comparison: RunComparison?) {
        self.comparison = comparison
        run = summary.run
        items = summary.progress.totalCount
        resumed = summary.progress.resumedCount
        reusedPhotos = summary.progress.reusedPhotoCount
        outcomes = Dictionary(
            uniqueKeysWithValues: summary.counts.outcomes.map { ($0.key.rawValue, $0.value) })
        unreadable = summary.counts.unreadable
        let elapsed = summary.progress.elapsed.components
        elapsedSeconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
        itemsPerSecond = summary.progress.itemsPerSecond
        peakMemoryBytes = summary.peakMemoryByteCount
    }
}
