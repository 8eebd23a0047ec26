import Foundation
import Reporting
import ReturnsDomain
import Statistics

/// An evaluation as one page that needs nothing besides itself.
///
/// Pictures are embedded, so that the page can be mailed. Whoever mails it mails photos: they are
/// customers'.
public struct EvaluationPage {
    private let evaluation: Evaluation
    private let pictures: [String: Thumbnail]

    /// The most mistakes that a page shows; each embeds two pictures of about 15 kB.
    public static let mistakeCountLimit = 96
    /// The most unreadable files that are listed; the JSON has all.
    private static let unreadableCount = 50

    /// Puts a page together.
    ///
    /// - Parameter pictures: By the path of a mistake; one that is missing is said to be.
    init(_ evaluation: Evaluation, pictures: [String: Thumbnail]) {
        self.evaluation = evaluation
        self.pictures = pictures
    }

    /// The page.
    var page: HTMLPage {
        HTMLPage(
            title: "Evaluation of \(evaluation.model.name) \(evaluation.model.version)",
            body: HTML(
                [summary, slices, severities] + evaluation.questions.map(question)
                    + [mistakes, unreadable]))
    }

    private var summary: HTML {
        let model = evaluation.model
        let warning: HTML =
            evaluation.trainingCount == 0
            ? ""
            : """
            <p><strong>\(evaluation.trainingCount) of the photos are training photos: the figures \
            are too good.</strong></p>
            """
        return """
            <h1>Evaluation</h1>
            <p>\(model.name) \(model.version), calibration \(model.calibration). \(evaluation.n) \
            photos in \(evaluation.groupCount) groups; \(evaluation.unfitCount) unfit for judging, \
            \(evaluation.unreadable.count) unreadable.</p>\(warning)
            <p class="quiet">Intervals are 95 %, from \(evaluation.intervals.resamples) resamples \
            of whole groups; where every resample gives the same share, exact ones with a case per \
            group, marked *. Damaged or intact is decided at a calibrated probability of one \
            half.</p>

            """
    }

    private var slices: HTML {
        let rows = evaluation.slices.map { slice in
            [
                slice.kind == "all" ? "all" : "\(slice.kind) \(slice.name)", "\(slice.n)",
                "\(slice.damaged)", "\(slice.groups)", slice.auroc.text(decimals: 3),
                slice.accuracy.percentText, slice.recall.percentText,
                slice.falsePositiveRate.percentText,
            ]
        }
        let baseline = evaluation.pixelFree
        return """
            <section><h2>Damaged or intact</h2>
            \(Self.table(
                ["", "photos", "damaged", "groups", "AUROC", "accuracy", "recall",
                "false positives"], rows))
            <p class="quiet">Without looking, from \(baseline.features.joined(separator: ", ")) \
            alone (logistic regression, five folds by group): AUROC \
            \(baseline.auroc.text(decimals: 3)). A model that is hardly better has shown \
            nothing.</p></section>

            """
    }

    private var severities: HTML {
        guard let all = evaluation.severities.first else { return HTML() }
        let rows = evaluation.severities.map {
            [$0.name, "\($0.n)", $0.quadraticKappa.text(decimals: 3)]
        }
        return """
            <section><h2>Severity</h2>
            \(Self.table(["", "photos", "quadratic kappa"], rows))
            \(Self.confusion(all.table, Severity.allCases.map(\.name)))</section>

            """
    }

    private func question(_ question: Evaluation.Question) -> HTML {
        guard question.n > 0 else { return HTML() }
        let scores = [("raw", question.raw), ("calibrated", question.calibrated)].map {
            name, scores in
            [
                name, scores.calibrationError.text(decimals: 4), scores.brier.text(decimals: 4),
                scores.logLoss.text(decimals: 4),
            ]
        }
        let selected =
            question.atCoverage.map { ["coverage ≥ \(percent($0.asked))"] + cells($0) }
            + question.atRisk.map { ["observed risk ≤ \(percent($0.asked))"] + cells($0) }
        return """
            <section><h2>Probabilities: \(question.name), \(question.n) photos</h2>
            \(Self.table(["", "ECE", "Brier", "NLL"], scores))
            <div class="pair">
            \(reliability("Reliability, raw", question.raw))
            \(reliability("Reliability, calibrated", question.calibrated))
            \(riskCoverage(question))</div>
            \(Self.table(
                ["", "coverage", "photos", "errors", "risk", "from confidence"], selected))
            <p class="quiet">AURC \(question.areaUnderRisk.text(decimals: 4)), of which \
            \(question.excessArea.text(decimals: 4)) is excess. Thresholds read off this table \
            were chosen with the errors in view: for a promise use regrade model calibrate.</p>
            \(Self.confusion(question.table, question.answers))</section>

            """
    }

    private func reliability(_ title: String, _ scores: Evaluation.Scores) -> HTML {
        let plot = CurvePlot(
            title: title, xLabel: "confidence", yLabel: "accuracy", xEnd: (1, "1"),
            yEnd: (1, "1"), points: scores.reliability.map { .init($0.confidence, $0.accuracy) },
            form: .dotsAgainstDiagonal)
        return "<figure>\(plot.html)<figcaption>\(title)</figcaption></figure>"
    }

    private func riskCoverage(_ question: Evaluation.Question) -> HTML {
        let highest = max(question.curve.map(\.risk).max() ?? 0, 0.02)
        let plot = CurvePlot(
            title: "Risk and coverage", xLabel: "coverage", yLabel: "observed risk",
            xEnd: (1, "100 %"), yEnd: (highest, percent(highest)),
            points: question.curve.map { .init($0.coverage, $0.risk) }, form: .line)
        return "<figure>\(plot.html)<figcaption>Risk and coverage</figcaption></figure>"
    }

    private func cells(_ selected: Evaluation.Selected) -> [String] {
        guard let point = selected.point, let interval = selected.interval else {
            return ["none", "", "", "", ""]
        }
        return [
            percent(point.coverage), "\(point.count)", "\(point.errorCount)",
            Figure(value: point.risk, interval: interval).percentText,
            FigureText.decimal(point.threshold, places: 4),
        ]
    }

    private var mistakes: HTML {
        guard !evaluation.mistakes.isEmpty else { return "<h2>Mistakes</h2><p>None.</p>" }
        let cards = evaluation.mistakes.map { mistake -> HTML in
            let views: HTML =
                pictures[mistake.path].map { picture in
                    """
                    <img alt="\("Photo " + mistake.path)" src="\(Self.dataURI(picture.photo))">\
                    <img alt="\("Evidence of damage in " + mistake.path)" \
                    src="\(Self.dataURI(picture.heatMap))">
                    """
                } ?? "<div class=\"none\">the photo is not at hand any more</div>"
            let place = [mistake.category, mistake.source].compactMap(\.self)
            return """
                <li><div class="views">\(views)</div><div class="about">
                <h3 class="name">\(mistake.path)</h3>\(mistake.answer) instead of \
                \(mistake.truth), \(percent(mistake.confidence)) sure<br>
                <span class="quiet">\(place.joined(separator: ", "))</span></div></li>

                """
        }
        return """
            <section><h2>The surest mistakes, with the evidence marked</h2>
            <ul class="cards">\(HTML(cards))</ul></section>

            """
    }

    private static func dataURI(_ jpeg: [UInt8]) -> String {
        "data:image/jpeg;base64," + Data(jpeg).base64EncodedString()
    }

    private var unreadable: HTML {
        let files = evaluation.unreadable
        guard !files.isEmpty else { return HTML() }
        let shown = files.prefix(Self.unreadableCount)
        let rest = files.count - shown.count
        let more: HTML = rest > 0 ? "<p class=\"quiet\">and \(rest) more</p>" : ""
        return """
            <section><h2>Unreadable</h2>
            \(Self.table(["file", "why"], shown.map { [$0.path, $0.code] }))\(more)</section>

            """
    }

    private func percent(_ share: Double) -> String { FigureText.percent(share) }

    private static func confusion(_ counts: [[Int]], _ names: [String]) -> HTML {
        table(
            ["truth (rows), model (columns)"] + names,
            zip(names, counts).map { name, row in [name] + row.map(String.init) })
    }

    private static func table(_ header: [String], _ rows: [[String]]) -> HTML {
        let head = HTML(header.map { "<th>\($0)</th>" })
        let body = HTML(
            rows.map { row in
                let cells = HTML(
                    row.enumerated().map { index, text in
                        index == 0
                            ? "<td class=\"name\">\(text)</td>"
                            : "<td class=\"number\">\(text)</td>"
                    })
                return "<tr>\(cells)</tr>"
            })
        return """
            <div class="scroll"><table><thead><tr>\(head)</tr></thead><tbody>\(body)</tbody>\
            </table></div>
            """
    }
}
