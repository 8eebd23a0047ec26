import ReturnsDomain
import Statistics
import Workflow

/// An evaluation as a person reads it in a terminal.
struct EvaluationView {
    private let evaluation: Evaluation

    init(_ evaluation: Evaluation) {
        self.evaluation = evaluation
    }

    var lines: [String] {
        head + [""] + slices + [""] + severities + evaluation.questions.flatMap(question) + mistakes
    }

    private var head: [String] {
        let model = evaluation.model
        var lines = [
            "\(model.name) \(model.version), calibration \(model.calibration): "
                + "\(evaluation.n) photos in \(evaluation.groupCount) groups, "
                + "\(evaluation.unfitCount) unfit for judging, "
                + "\(evaluation.unreadable.count) unreadable"
        ]
        lines += evaluation.unreadable.prefix(5).map { "  \($0.path): \($0.code)" }
        if evaluation.trainingCount > 0 {
            lines.append(
                "WARNING: \(evaluation.trainingCount) of them are training photos; "
                    + "the figures are too good")
        }
        return lines
    }

    private var slices: [String] {
        var table = Table()
        table.add(
            "damaged or intact", "n", "damaged", "AUROC", "accuracy", "recall", "false positives")
        for slice in evaluation.slices {
            table.add(
                slice.kind == "all" ? "all" : "\(slice.kind) \(slice.name)", "\(slice.n)",
                "\(slice.damaged)", slice.auroc.text(decimals: 3), slice.accuracy.percentText,
                slice.recall.percentText, slice.falsePositiveRate.percentText)
        }
        let baseline = evaluation.pixelFree
        table.add(
            "without looking", "\(baseline.n)", "", baseline.auroc.text(decimals: 3),
            "from \(baseline.features.joined(separator: ", ")) alone")
        return table.lines
    }

    private var severities: [String] {
        guard !evaluation.severities.isEmpty else { return [] }
        var table = Table()
        table.add("severity", "n", "quadratic kappa")
        for slice in evaluation.severities {
            table.add(slice.name, "\(slice.n)", slice.quadraticKappa.text(decimals: 3))
        }
        return table.lines + [""]
    }

    private func question(_ question: Evaluation.Question) -> [String] {
        guard question.n > 0 else { return [] }
        var scores = Table()
        scores.add("\(question.name), n \(question.n)", "ECE", "Brier", "NLL")
        for (name, found) in [("raw", question.raw), ("calibrated", question.calibrated)] {
            scores.add(
                name, found.calibrationError.text(decimals: 4), figure(found.brier),
                figure(found.logLoss))
        }
        var selected = Table()
        for entry in question.atCoverage {
            selected.add("at coverage \(Figures.percent(entry.asked))", Self.text(entry))
        }
        for entry in question.atRisk {
            selected.add("at risk \(Figures.percent(entry.asked))", Self.text(entry))
        }
        var confusion = Table()
        confusion.add("truth \\ model", question.answers.joined(separator: "  "))
        for (name, row) in zip(question.answers, question.table) {
            let cells = zip(question.answers, row).map { answer, count in
                let text = "\(count)"
                return String(repeating: " ", count: max(0, answer.count - text.count)) + text
            }
            confusion.add(name, cells.joined(separator: "  "))
        }
        return scores.lines + selected.lines + confusion.lines + [""]
    }

    private static func text(_ selected: Evaluation.Selected) -> String {
        guard let point = selected.point, let interval = selected.interval else {
            return "no confidence has so low a risk"
        }
        let risk = Figure(value: point.risk, interval: interval).percentText
        return "risk \(risk): \(point.errorCount) of \(point.count) photos wrong, "
            + "coverage \(Figures.percent(point.coverage))"
    }

    private var mistakes: [String] {
        let shown = evaluation.mistakes.prefix(10)
        guard !shown.isEmpty else { return [] }
        var table = Table()
        table.add("surest mistakes", "model", "label", "photo")
        for mistake in shown {
            table.add(
                Figures.sureness(mistake.confidence), mistake.answer, mistake.truth, mistake.path)
        }
        return table.lines
    }

    private func figure(_ value: Double?) -> String {
        Figure(value: value, interval: nil).text(decimals: 4)
    }
}
