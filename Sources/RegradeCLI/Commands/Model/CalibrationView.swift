import Foundation
import ReturnsDomain
import Statistics
import Workflow

/// A fitted calibration as a person reads it in a terminal.
struct CalibrationView {
    private let report: CalibrationReport
    private let path: String

    init(_ report: CalibrationReport, path: String) {
        self.report = report
        self.path = path
    }

    var lines: [String] { head + [""] + cells + [""] + fitted }

    private var head: [String] {
        let calibration = report.calibration
        let statements = calibration.risk.statementCount ?? 0
        return [
            "\(calibration.id) for \(calibration.model.name) \(calibration.model.version)",
            "written to \(path)",
            "\(report.planning) groups of photos fitted and planned, \(report.testing) others "
                + "tested; \(report.unreadable.count) photos unreadable",
            "\(Figures.percent(report.confidence)) sure of "
                + (statements == 1
                    ? "one statement" : "all \(statements) statements together (Bonferroni)"),
        ]
    }

    private var cells: [String] {
        var table = Table()
        table.add(
            "category", "outcome", "risk", "machine decides", "errors", "upper bound", "from",
            "verdict")
        for cell in report.cells {
            guard let step = cell.admitted else {
                table.add(
                    cell.category, cell.outcome.rawValue, share(cell.risk), "0 of \(cell.n)", "",
                    "", "", refusal(cell))
                continue
            }
            table.add(
                cell.category, cell.outcome.rawValue, share(cell.risk),
                "\(step.errors.count) of \(cell.n), \(Figures.percent(cell.coverage))",
                "\(step.errors.successCount)", share(step.upperBound),
                String(format: "%.6f", step.threshold), "admitted")
        }
        return table.lines
    }

    private func refusal(_ cell: CalibrationCell) -> String {
        if cell.missingCount > 0 {
            return "refused: \(cell.missingCount) cases are missing even without any error"
        }
        guard let step = cell.steps.last else {
            return "refused: no threshold could be planned"
        }
        return "refused: \(step.errors.successCount) errors in \(step.errors.count) cases from "
            + String(format: "%.4f", step.threshold) + " on"
    }

    private var fitted: [String] {
        let calibration = report.calibration
        let temperatures = calibration.severity.temperatures
            .map { String(format: "%.3f", $0) }.joined(separator: ", ")
        let sets = (calibration.predictionSet.minimumProbabilities ?? [:])
            .sorted { $0.key < $1.key }
            .map { word, least in
                "\(word) from " + String(format: "%.3f", least)
                    + " (n \(calibration.predictionSet.counts?[word] ?? 0))"
            }
        let metrics = calibration.metrics.sorted { $0.key < $1.key }
            .map { "\($0.key) " + String(format: "%.4f", $0.value) }
        return [
            "temperatures     \(temperatures)",
            "prediction sets  \(sets.joined(separator: ", "))",
            "review from      " + String(format: "%.3f", calibration.reviewThreshold),
            "tested groups    \(metrics.joined(separator: ", "))",
        ]
    }

    private func share(_ value: Double) -> String { String(format: "%.2f %%", value * 100) }
}
