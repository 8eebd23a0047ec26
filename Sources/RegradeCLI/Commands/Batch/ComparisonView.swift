import Foundation
import Statistics
import Workflow

/// What changed between two runs, as a person reads it.
struct ComparisonView {
    let terminal: Terminal

    /// Flips shown; all of them go into the file of `--flips`.
    private static let shownCount = 20

    /// The lines to print.
    func lines(of comparison: RunComparison) -> [String] {
        let flipped = comparison.flipped
        let interval = flipped.wilson()
        var lines = [
            terminal.styled("compared with \(comparison.before.run)", .bold),
            "  \(flipped.successCount) of \(flipped.count) common items ended differently: "
                + "\(percent(flipped.share ?? 0)), 95 % interval \(percent(interval.lower)) to "
                + percent(interval.upper),
            "  \(comparison.shiftedCount) more with another recommendation or severity; "
                + "\(comparison.vanishedCount) items only before, \(comparison.appearedCount) "
                + "only now",
        ]
        lines += versions(comparison)
        guard flipped.successCount > 0 else { return lines }
        return lines + [""] + table(comparison) + [""] + flips(comparison)
    }

    private func versions(_ comparison: RunComparison) -> [String] {
        [("before", comparison.before), ("now", comparison.after)].map { name, side in
            "  \(name): "
                + (side.models.sorted() + side.policies.sorted()).joined(separator: ", ")
        }
    }

    private func table(_ comparison: RunComparison) -> [String] {
        let ends = ComparedResult.End.all
        let width = 12
        func row(_ first: String, _ cells: [String]) -> String {
            "  " + first.padding(toLength: 14, withPad: " ", startingAt: 0)
                + cells.map { String(repeating: " ", count: max(1, width + 1 - $0.count)) + $0 }
                .joined()
        }
        return [row("before \\ now", ends.map(\.word))]
            + zip(ends, comparison.ends.counts).map { end, counts in
                row(end.word, counts.map { $0 == 0 ? "·" : String($0) })
            }
    }

    private func flips(_ comparison: RunComparison) -> [String] {
        let shown = comparison.flips.prefix(Self.shownCount)
        var table = Table()
        for flip in shown {
            table.add("  " + flip.item, text(flip.before) + " → " + text(flip.after))
        }
        let rest = comparison.flipped.successCount - shown.count
        return table.lines + (rest > 0 ? ["  and \(rest) more; --flips FILE writes them all"] : [])
    }

    private func text(_ result: ComparedResult) -> String {
        result.confidence.map { "\(result.end.word) \(percent($0))" }
            ?? "\(result.end.word) (\(result.cause))"
    }

    private func percent(_ share: Double) -> String { String(format: "%.1f %%", share * 100) }
}
