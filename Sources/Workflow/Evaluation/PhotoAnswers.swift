import DecisionPolicy
import ReturnsDomain

/// What the model answers about one labelled photo, raw and calibrated.
struct PhotoAnswers {
    let photo: JudgedPhoto
    let raw: SeverityProbabilities
    let calibrated: SeverityProbabilities
    /// What follows from each severity in the photo's category.
    let outcomes: SeverityOutcomes
    let rawRecommendation: Recommendation
    let recommendation: Recommendation
    /// The right outcome, if the label tells.
    let trueOutcome: Outcome?

    var label: LabelledPhoto { photo.label }
    var saysDamaged: Bool { calibrated.damaged >= 0.5 }

    init(_ photo: JudgedPhoto, calibration: Calibration, policy: Policy) {
        self.photo = photo
        raw = photo.severity(temperatures: [1, 1, 1])
        calibrated = photo.severity(temperatures: calibration.severity.temperatures)
        outcomes =
            policy.rule(
                category: policy.categoryName(for: photo.label.category), region: nil, value: nil
            ).outcomes
        rawRecommendation = Recommendation(
            severity: raw, outcomes: outcomes, setRule: calibration.predictionSet)
        recommendation = Recommendation(
            severity: calibrated, outcomes: outcomes, setRule: calibration.predictionSet)
        trueOutcome = photo.label.trueOutcome(under: outcomes)
    }

    /// The photo as a mistake; nil if the answer is right or nobody knows.
    ///
    /// Judged by outcome where the label tells, else by damaged or intact.
    var mistake: Evaluation.Mistake? {
        if let trueOutcome {
            guard recommendation.outcome != trueOutcome else { return nil }
            return mistake(
                truth: trueOutcome.rawValue, answer: recommendation.outcome.rawValue,
                confidence: recommendation.confidence)
        }
        guard let isDamaged = label.isDamaged, isDamaged != saysDamaged else { return nil }
        return mistake(
            truth: isDamaged ? "damaged" : "intact", answer: saysDamaged ? "damaged" : "intact",
            confidence: max(calibrated.damaged, calibrated.none))
    }

    private func mistake(
        truth: String, answer: String, confidence: Double
    ) -> Evaluation.Mistake {
        Evaluation.Mistake(
            path: label.path, category: label.category, source: label.source, truth: truth,
            answer: answer, confidence: min(confidence, 1))
    }
}
