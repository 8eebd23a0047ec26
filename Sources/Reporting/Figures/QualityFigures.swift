import ReturnsDomain
import Statistics

/// A case of which it is known what should have become of it.
struct LabelledCase: Sendable {
    let answer: Outcome
    let truth: Outcome
    let confidence: Double
    let predictionSet: [Outcome]
    let severity: Severity
    let trueSeverity: Severity?

    var isRight: Bool { answer == truth }
}

/// How right the machine's recommendations are, and whether it knows how right it is.
enum QualityFigures {
    /// The cases that the warehouse judged.
    static func judgedByWarehouse(_ cases: [CaseCourse]) -> [LabelledCase] {
        cases.compactMap { course in
            guard let truth = course.reported.truth, let outcome = truth.outcome, outcome.isFinal
            else { return nil }
            return label(course, outcome, severity: truth.severity)
        }
    }

    /// The cases that were drawn at random and judged by a person.
    static func judgedAtRandom(_ cases: [CaseCourse]) -> [LabelledCase] {
        cases.compactMap { course in
            course.audit.flatMap { label(course, $0.outcome, severity: nil) }
        }
    }

    private static func label(
        _ course: CaseCourse, _ truth: Outcome, severity: Severity?
    ) -> LabelledCase? {
        course.judgement.map {
            LabelledCase(
                answer: $0.recommended, truth: truth, confidence: $0.confidence,
                predictionSet: $0.predictionSet, severity: $0.severity, trueSeverity: severity)
        }
    }

    /// The figures of one source of truth.
    ///
    /// - Parameter prefix: Stands before every key.
    static func section(
        _ title: String, prefix: String, _ cases: [LabelledCase], none: String
    ) -> FigureSection {
        var section = FigureSection(title)
        guard !cases.isEmpty else {
            section.leaveOut(
                prefix + "_accuracy", "Accuracy, calibration and selective risk", because: none)
            return section
        }
        section.addShare(
            prefix + "_accuracy", "Accuracy", cases.count(where: \.isRight), of: cases.count,
            none: none)
        addClasses(prefix, cases, to: &section)
        addSeverity(prefix, cases, to: &section)
        CalibrationFigures.add(prefix, cases, to: &section)
        addSelectiveRisk(prefix, cases, to: &section)
        addSets(prefix, cases, to: &section)
        return section
    }

    private static func addClasses(
        _ prefix: String, _ cases: [LabelledCase], to section: inout FigureSection
    ) {
        for outcome in Outcome.final {
            let word = outcome.rawValue
            let hits = cases.count { $0.truth == outcome && $0.answer == outcome }
            section.addShare(
                "\(prefix)_recall_\(word)", "Recall of \(word)", hits,
                of: cases.count { $0.truth == outcome }, none: "no case should have been \(word)")
            section.addShare(
                "\(prefix)_precision_\(word)", "Precision of \(word)", hits,
                of: cases.count { $0.answer == outcome }, none: "\(word) was never recommended")
        }
        let value = macroF1(cases, weights: nil)
        section.add(
            KeyFigure(
                prefix + "_macro_f1", "Macro F1", unit: .number, value: value, n: cases.count,
                interval: bootstrap(cases.count).interval(groups: Array(cases.indices)) {
                    macroF1(cases, weights: $0)
                }, method: "bootstrap",
                note: "mean over the outcomes that occur in truth or recommendation"))
    }

    /// The mean over outcomes of the harmonic mean of precision and recall, 0…1.
    static func macroF1(_ cases: [LabelledCase], weights: [Int]?) -> Double {
        var scores: [Double] = []
        for outcome in Outcome.final {
            var (hits, stated) = (0, 0)
            for (index, labelled) in cases.enumerated() {
                let weight = weights?[index] ?? 1
                if labelled.truth == outcome { stated += weight }
                if labelled.answer == outcome { stated += weight }
                if labelled.truth == outcome, labelled.answer == outcome { hits += weight }
            }
            if stated > 0 { scores.append(2 * Double(hits) / Double(stated)) }
        }
        return scores.isEmpty ? 0 : scores.reduce(0, +) / Double(scores.count)
    }

    private static func addSeverity(
        _ prefix: String, _ cases: [LabelledCase], to section: inout FigureSection
    ) {
        let (key, name) = (prefix + "_qwk", "Quadratic-weighted kappa of severity")
        let pairs = cases.compactMap { labelled in
            labelled.trueSeverity.map { (truth: $0.rawValue, answer: labelled.severity.rawValue) }
        }
        func kappa(_ weights: [Int]?) -> Double? {
            ConfusionTable(
                classCount: Severity.allCases.count, truths: pairs.map(\.truth),
                answers: pairs.map(\.answer), weights: weights
            ).quadraticKappa
        }
        guard let value = kappa(nil) else {
            return section.leaveOut(
                key, name,
                because: pairs.isEmpty
                    ? "no severity was stated" : "one severity on both sides says nothing")
        }
        section.add(
            KeyFigure(
                key, name, unit: .number, value: value, n: pairs.count,
                interval: bootstrap(pairs.count).interval(groups: Array(pairs.indices)) {
                    kappa($0)
                }, method: "bootstrap"))
    }

    private static func addSelectiveRisk(
        _ prefix: String, _ cases: [LabelledCase], to section: inout FigureSection
    ) {
        let risk = SelectiveRisk(
            confidences: cases.map(\.confidence), isRight: cases.map(\.isRight))
        for percent in [50, 70, 80, 90, 95] {
            guard let point = risk.point(atCoverage: Double(percent) / 100) else { continue }
            section.add(
                KeyFigure(
                    "\(prefix)_risk_at_\(percent)", "Risk of the surest \(percent) %",
                    unit: .share, value: point.risk, n: point.answered.count,
                    interval: point.answered.clopperPearson(), method: "Clopper-Pearson",
                    note: point.coverage - Double(percent) / 100 > 0.01
                        ? "ties make it \(FigureText.percent(point.coverage))" : nil))
        }
        for percent in [1, 2] {
            section.add(
                KeyFigure(
                    "\(prefix)_coverage_at_risk_\(percent)",
                    "Share that can be answered at \(percent) % risk", unit: .share,
                    value: risk.coverage(atRisk: Double(percent) / 100), n: cases.count,
                    note: "observed, not guaranteed"))
        }
        if let area = risk.areaUnderCurve, let excess = risk.excessArea {
            section.add(
                KeyFigure(
                    prefix + "_aurc", "Area under risk and coverage", unit: .number, value: area,
                    n: cases.count))
            section.add(
                KeyFigure(
                    prefix + "_eaurc", "… beyond the best possible order", unit: .number,
                    value: excess, n: cases.count))
        }
    }

    private static func addSets(
        _ prefix: String, _ cases: [LabelledCase], to section: inout FigureSection
    ) {
        section.addShare(
            prefix + "_set_coverage", "Truth is in the prediction set",
            cases.count { $0.predictionSet.contains($0.truth) }, of: cases.count, none: "none",
            note: "over all cases together, not within each outcome")
    }

    /// Fewer resamples for many cases, of which each is dear and the interval narrow anyway.
    static func bootstrap(_ count: Int) -> Bootstrap {
        Bootstrap(resampleCount: count > 2_000 ? 200 : 1_000)
    }
}
