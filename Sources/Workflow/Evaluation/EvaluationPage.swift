import Foundation
import ReturnsDomain
import Statistics

/// An evaluation as one HTML page that needs nothing besides itself.
///
/// Everything that comes from labels is escaped; pictures are embedded as JPEG, so that the page
/// can be mailed. Whoever mails it mails photos: they are customers'.
public struct EvaluationPage {
    private let evaluation: Evaluation
    private let pictures: [String: [UInt8]]

    /// The most mistakes that a page shows; each embeds a picture of about 30 kB.
    public static let mistakeCountLimit = 96
    /// The longer side of an embedded picture, in pixels.
    static let pictureSide = 320
    /// The most unreadable files that are listed; the JSON has all.
    private static let unreadableCount = 50

    /// Puts a page together.
    ///
    /// - Parameter pictures: JPEG bytes by the path of a mistake; a missing one is left out.
    init(_ evaluation: Evaluation, pictures: [String: [UInt8]]) {
        self.evaluation = evaluation
        self.pictures = pictures
    }

    /// The page.
    var html: String {
        let parts = [
            head, summary, slicesTable, pixelFree, severities,
            evaluation.questions.map(question).joined(), mistakes, unreadable, "</main></html>",
        ]
        return parts.joined(separator: "\n")
    }

    private var head: String {
        """
        <!doctype html>
        <html lang="en"><meta charset="utf-8"><title>Regrade: evaluation</title>
        <meta name="viewport" content="width=device-width">
        <style>
        body{font:15px/1.5 system-ui,sans-serif;margin:0;background:#fff;color:#1a1a1a}
        main{max-width:72rem;margin:0 auto;padding:1rem}
        table{border-collapse:collapse;margin:.5rem 0 1.5rem}
        th,td{padding:.2rem .7rem;border-bottom:1px solid #ddd;text-align:right}
        th:first-child,td:first-child{text-align:left}
        .note{color:#555;max-width:46rem}
        .sheet{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:1rem}
        figure{margin:0}figure img{width:100%}figcaption{font-size:13px;overflow-wrap:anywhere}
        .plots{display:flex;flex-wrap:wrap;gap:2rem}
        </style><main><h1>Evaluation</h1>
        """
    }

    private var summary: String {
        let model = evaluation.model
        let resamples = evaluation.intervals.resamples
        return """
            <p>\(Self.escaped(model.name)) \(Self.escaped(model.version)), calibration
            \(Self.escaped(model.calibration)). \(evaluation.n) photos in \(evaluation.groupCount)
            groups; \(evaluation.unfitCount) unfit for judging,
            \(evaluation.unreadable.count) unreadable.</p>
            <p class="note">Intervals are 95 %, from \(resamples) resamples of whole groups; where
            every resample gives the same share, exact ones with a case per group (marked *).
            Damaged or intact is decided at a calibrated probability of one half.</p>
            \(trainingWarning)
            """
    }

    private var trainingWarning: String {
        evaluation.trainingCount == 0
            ? ""
            : "<p><strong>\(evaluation.trainingCount) of the photos are training photos: the "
                + "figures are too good.</strong></p>"
    }

    private var slicesTable: String {
        let header = [
            "", "photos", "damaged", "groups", "AUROC", "accuracy", "recall", "false positives",
        ]
        let rows = evaluation.slices.map { slice in
            [
                slice.kind == "all" ? "all" : "\(slice.kind) \(slice.name)", "\(slice.n)",
                "\(slice.damaged)", "\(slice.groups)", slice.auroc.text(decimals: 3),
                slice.accuracy.percentText, slice.recall.percentText,
                slice.falsePositiveRate.percentText,
            ]
        }
        return "<h2>Damaged or intact</h2>" + Self.table(header, rows)
    }

    private var pixelFree: String {
        let baseline = evaluation.pixelFree
        return "<p class=\"note\">Without looking, from "
            + Self.escaped(baseline.features.joined(separator: ", "))
            + " alone (logistic regression, five folds by group): AUROC "
            + "\(baseline.auroc.text(decimals: 3)). A model that is hardly better has shown "
            + "nothing.</p>"
    }

    private var severities: String {
        guard let all = evaluation.severities.first else { return "" }
        let rows = evaluation.severities.map {
            [$0.name, "\($0.n)", $0.quadraticKappa.text(decimals: 3)]
        }
        let names = ["none", "minor", "moderate", "severe"]
        return "<h2>Severity</h2>" + Self.table(["", "photos", "quadratic kappa"], rows)
            + Self.confusion(all.table, names)
    }

    private func question(_ question: Evaluation.Question) -> String {
        guard question.n > 0 else { return "" }
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
        return "<h2>Probabilities: \(Self.escaped(question.name)) (\(question.n) photos)</h2>"
            + Self.table(["", "ECE", "Brier", "NLL"], scores)
            + "<div class=\"plots\">" + EvaluationPlot.reliability(question)
            + EvaluationPlot.riskCoverage(question) + "</div>"
            + Self.table(["", "coverage", "photos", "errors", "risk", "from confidence"], selected)
            + "<p class=\"note\">AURC \(question.areaUnderRisk.text(decimals: 4)), of which "
            + "\(question.excessArea.text(decimals: 4)) is excess. Thresholds read off this table "
            + "were chosen with the errors in view: for a promise use regrade model calibrate.</p>"
            + Self.confusion(question.table, question.answers)
    }

    private func cells(_ selected: Evaluation.Selected) -> [String] {
        guard let point = selected.point else { return ["none", "", "", "", ""] }
        let interval = selected.interval.map {
            " (\(percent($0.lower)) to \(percent($0.upper)))"
        }
        return [
            percent(point.coverage), "\(point.count)", "\(point.errorCount)",
            percent(point.risk) + (interval ?? ""), String(format: "%.4f", point.threshold),
        ]
    }

    private var mistakes: String {
        guard !evaluation.mistakes.isEmpty else { return "<h2>Mistakes</h2><p>None.</p>" }
        let figures = evaluation.mistakes.map { mistake in
            let picture = pictures[mistake.path].map {
                "<img alt=\"\" src=\"data:image/jpeg;base64,"
                    + Data($0).base64EncodedString() + "\">"
            }
            let place = [mistake.category, mistake.source].compactMap(\.self)
                .joined(separator: ", ")
            return "<figure>\(picture ?? "")<figcaption><strong>"
                + Self.escaped("\(mistake.answer) instead of \(mistake.truth)")
                + "</strong>, \(percent(mistake.confidence)) sure<br>"
                + Self.escaped(mistake.path) + "<br>\(Self.escaped(place))</figcaption></figure>"
        }
        return "<h2>The surest mistakes, with the evidence marked</h2><div class=\"sheet\">"
            + figures.joined(separator: "\n") + "</div>"
    }

    private var unreadable: String {
        let files = evaluation.unreadable
        guard !files.isEmpty else { return "" }
        let rows = files.prefix(Self.unreadableCount).map { [$0.path, $0.code] }
        let rest = files.count - rows.count
        return "<h2>Unreadable</h2>" + Self.table(["file", "why"], rows)
            + (rest > 0 ? "<p>and \(rest) more</p>" : "")
    }

    private func percent(_ share: Double) -> String { String(format: "%.1f %%", share * 100) }

    private static func confusion(_ counts: [[Int]], _ names: [String]) -> String {
        table(
            ["truth \\ model"] + names,
            zip(names, counts).map { name, row in [name] + row.map(String.init) })
    }

    private static func table(_ header: [String], _ rows: [[String]]) -> String {
        func row(_ cells: [String], _ tag: String) -> String {
            "<tr>" + cells.map { "<\(tag)>\(escaped($0))</\(tag)>" }.joined() + "</tr>"
        }
        return "<table>" + row(header, "th") + rows.map { row($0, "td") }.joined() + "</table>"
    }

    /// Text as HTML shows it, in elements and in attributes.
    static func escaped(_ text: String) -> String {
        text.reduce(into: "") { escaped, character in
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.append(character)
            }
        }
    }
}
