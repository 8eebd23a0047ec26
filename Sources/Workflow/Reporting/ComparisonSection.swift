import Reporting
import ReturnsDomain
import Statistics

/// What changed against an earlier run, as a part of a page.
struct ComparisonSection {
    /// Flips listed on the page; all of them are in the file of `--flips`.
    static let flipCountLimit = 100

    let comparison: RunComparison

    var html: HTML {
        let flipped = comparison.flipped
        let interval = flipped.wilson()
        return """
            <section><h2>Compared with an earlier run</h2>
            <p>Of \(flipped.count) common items \(flipped.successCount) ended differently \
            (\(FigureText.percent(flipped.successCount, of: flipped.count)), 95 % interval \
            \(FigureText.percent(interval.lower)) to \(FigureText.percent(interval.upper))); \
            \(comparison.shiftedCount) more kept their outcome with another recommendation or \
            severity. \(comparison.vanishedCount) items are in the earlier run only, \
            \(comparison.appearedCount) in this one only.</p>
            <div class="scroll"><table>
            <thead><tr><th></th><th>run</th><th>models</th><th>policies</th></tr></thead>
            <tbody>\(side("before", comparison.before))\(side("after", comparison.after))</tbody>
            </table></div>
            \(table)\(flips)</section>

            """
    }

    private func side(_ name: String, _ side: RunComparison.Side) -> HTML {
        """
        <tr><th>\(name)</th><td class="mono">\(side.run)</td>\
        <td>\(side.models.sorted().joined(separator: ", "))</td>\
        <td>\(side.policies.sorted().joined(separator: ", "))</td></tr>

        """
    }

    private var table: HTML {
        let ends = ComparedResult.End.all
        let head = HTML(ends.map { "<th class=\"number\">\($0.word)</th>" })
        let rows = HTML(
            zip(ends, comparison.ends.counts).map { end, counts in
                let cells = HTML(counts.map { "<td class=\"number\">\($0)</td>" })
                return "<tr><th>\(end.word)</th>\(cells)</tr>\n"
            })
        return """
            <div class="scroll"><table><caption>Before (rows) and after (columns)</caption>
            <thead><tr><th></th>\(head)</tr></thead><tbody>\(rows)</tbody></table></div>
            """
    }

    private var flips: HTML {
        let shown = comparison.flips.prefix(Self.flipCountLimit)
        guard !shown.isEmpty else { return HTML() }
        let rows = HTML(
            shown.map {
                """
                <tr><td class="name">\($0.item)</td><td>\(text($0.before))</td>\
                <td>\(text($0.after))</td></tr>

                """
            })
        let rest = comparison.flipped.successCount - shown.count
        let more: HTML = rest > 0 ? "<p class=\"quiet\">and \(rest) more</p>" : ""
        return """
            <details><summary>Items that ended differently</summary><div class="scroll"><table>
            <thead><tr><th>item</th><th>before</th><th>after</th></tr></thead>
            <tbody>\(rows)</tbody></table></div>\(more)</details>
            """
    }

    private func text(_ result: ComparedResult) -> String {
        guard let recommended = result.recommended, let confidence = result.confidence else {
            return "unreadable: " + result.cause
        }
        return "\(result.end.word), recommended \(recommended.rawValue) "
            + "\(FigureText.percent(confidence))"
    }
}
