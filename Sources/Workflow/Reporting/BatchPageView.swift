import Foundation
import Reporting
import ReturnsDomain

/// The markup of a batch's page; pure.
struct BatchPageView {
    let run: BatchRun
    let summary: BatchSummary
    let findings: BatchFindings
    let thumbnails: [BatchFindings.Item: Thumbnail]
    let comparison: RunComparison?

    var body: HTML {
        header + outcomes
            + cards(
                "Least certain", "The items whose recommendation is most in doubt.",
                findings.leastCertain.elements)
            + cards(
                "Most severe", "The items with the highest expected severity.",
                findings.mostSevere.elements)
            + (comparison.map { ComparisonSection(comparison: $0).html } ?? HTML())
            + unreadable + versions + footer
    }

    private var header: HTML {
        let progress = summary.progress
        let rate = progress.itemsPerSecond.map { FigureText.decimal($0, places: 1) } ?? "–"
        return """
            <header><h1>Batch inspection</h1>
            <p class="quiet">Run <span class="mono">\(run.id.description)</span>, first started \
            \(run.startedAt.description)</p></header>
            <ul class="tiles">
            \(tile("\(progress.totalCount)", "items"))
            \(tile("\(summary.counts.inspectedCount)", "inspected"))
            \(tile("\(summary.counts.unreadableCount)", "unreadable"))
            \(tile("\(progress.resumedCount)", "recorded before"))
            \(tile("\(progress.reusedPhotoCount)", "photos known before"))
            \(tile(rate, "items a second"))
            </ul>

            """
    }

    private func tile(_ figure: String, _ label: String) -> HTML {
        "<li><strong>\(figure)</strong><span>\(label)</span></li>"
    }

    private var outcomes: HTML {
        let counts = summary.counts
        let bars =
            Outcome.allCases.map {
                BarPlot.Bar(
                    label: $0.words, count: counts.outcomes[$0, default: 0], style: $0.rawValue)
            }
            + [
                BarPlot.Bar(
                    label: "unreadable", count: counts.unreadableCount, style: "unreadable")
            ]
        let layers = Outcome.allCases.compactMap { outcome in
            findings.histogram[outcome].map {
                HistogramPlot.Layer(label: outcome.words, counts: $0, style: outcome.rawValue)
            }
        }
        return """
            <section><h2>Outcomes and confidence</h2>
            <div class="pair">
            <figure>\(BarPlot(title: "Items by outcome", bars: bars).html)
            <figcaption>Items by outcome.</figcaption></figure>
            <figure>\(HistogramPlot(title: "Confidence of recommendations", layers: layers).html)
            <figcaption>How sure the recommendations are: calibrated probability that each is \
            right, coloured by outcome.</figcaption></figure>
            </div></section>

            """
    }

    private func cards(
        _ title: String, _ subtitle: String, _ items: [BatchFindings.Item]
    ) -> HTML {
        guard !items.isEmpty else { return HTML() }
        return """
            <section><h2>\(title)</h2><p class="quiet">\(subtitle) Left the photo, right where the \
            evidence of damage lies.</p>
            <ul class="cards">
            \(HTML(items.map(card)))</ul></section>

            """
    }

    private func card(_ item: BatchFindings.Item) -> HTML {
        let views: HTML
        if let thumbnail = thumbnails[item] {
            views = """
                <img alt="\("Photo of " + item.name)" src="\(Self.dataURI(thumbnail.photo))">\
                <img alt="\("Evidence of damage in " + item.name)" \
                src="\(Self.dataURI(thumbnail.heatMap))">
                """
        } else {
            views = "<div class=\"none\">the photo is not at hand any more</div>"
        }
        let recommendation: HTML =
            item.outcome.isFinal ? "" : " recommended \(item.recommended.words),"
        return """
            <li><div class="views">\(views)</div><div class="about">
            <h3 class="name">\(item.name)</h3>
            <span class="tag \(item.outcome.rawValue)">\(item.outcome.words)</span>\
            \(recommendation) \(FigureText.percent(item.confidence)) sure<br>
            <span class="quiet">severity \(item.severity.name), expected rank \
            \(FigureText.decimal(item.severityRank, places: 2)) of 3<br>
            \(item.reasons.map(\.words).joined(separator: ", "))</span></div></li>

            """
    }

    private static func dataURI(_ jpeg: [UInt8]) -> String {
        "data:image/jpeg;base64," + Data(jpeg).base64EncodedString()
    }

    private var unreadable: HTML {
        let count = summary.counts.unreadableCount
        guard count > 0 else { return HTML() }
        let rows = HTML(
            findings.unreadable.map { item in
                """
                <tr><td class="name">\(item.name)</td><td class="mono">\(item.code)</td>\
                <td class="name">\(item.message)</td></tr>

                """
            })
        let rest = count - findings.unreadable.count
        let more: HTML = rest > 0 ? "<p class=\"quiet\">and \(rest) more</p>" : ""
        let reasons = HTML(
            summary.counts.unreadable.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
                """
                <tr><td class="mono">\($0.key)</td><td class="number">\($0.value)</td></tr>

                """
            })
        return """
            <section><h2>Unreadable</h2>
            <table><thead><tr><th>reason</th><th class="number">items</th></tr></thead>
            <tbody>\(reasons)</tbody></table>
            <details><summary>The items one by one</summary><div class="scroll"><table>
            <thead><tr><th>item</th><th>reason</th><th>in words</th></tr></thead>
            <tbody>\(rows)</tbody></table></div>\(more)</details></section>

            """
    }

    private var versions: HTML {
        let models = HTML(
            findings.models.sorted { $0.sha256.description < $1.sha256.description }.map { model in
                """
                <tr><th>model</th><td>\(model.name) \(model.version)</td>\
                <td class="mono">SHA-256 \(model.sha256.description)</td></tr>
                <tr><th>preprocessing</th><td colspan="2">\(model.preprocessing)</td></tr>
                <tr><th>calibration</th><td colspan="2">\(model.calibration)</td></tr>

                """
            })
        let policies = HTML(
            findings.policies.sorted().map {
                "<tr><th>policy</th><td colspan=\"2\" class=\"mono\">\($0)</td></tr>\n"
            })
        return """
            <section><h2>What judged</h2><div class="scroll"><table><tbody>
            \(models)\(policies)
            <tr><th>program</th><td colspan="2">regrade \(Program.version)</td></tr>
            <tr><th>work</th><td class="mono" colspan="2">\(run.key.description)</td></tr>
            </tbody></table></div></section>

            """
    }

    private var footer: HTML {
        """
        <footer class="small quiet">This page needs nothing else: it loads nothing, runs nothing \
        and can be kept. It shows photos and the names of files; it holds no order, no customer's \
        name and no text. Whoever may not see the photos should not be given it.</footer>
        """
    }
}

extension Outcome {
    /// The outcome in words.
    var words: String { rawValue.replacing("_", with: " ") }
}

extension ReasonCode {
    /// The code in words.
    fileprivate var words: String { rawValue.replacing("_", with: " ") }
}
