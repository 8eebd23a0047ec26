package import ReturnsDomain

/// What the photos speak for, before any rule about who may decide.
package struct Recommendation: Hashable, Sendable {
    /// The most likely final outcome.
    package let outcome: Outcome
    /// The most likely severity among those that lead to `outcome`; the worse one of a tie.
    package let severity: Severity
    /// The calibrated probability of `outcome`, 0…1.
    package let confidence: Double
    /// The outcomes that cannot be excluded, in the order of ``Outcome/final``.
    package let predictionSet: [Outcome]
    /// The calibrated probability of each final outcome, in the order of ``Outcome/final``.
    package let probabilities: [Double]

    /// Weighs the outcomes that a rule derives from the severities.
    ///
    /// - Parameters:
    ///   - severity: Calibrated probabilities.
    ///   - outcomes: The rule's outcome for each severity.
    ///   - setRule: From which probability an outcome is in the prediction set.
    package init(
        severity: SeverityProbabilities, outcomes: SeverityOutcomes,
        setRule: Calibration.PredictionSetRule
    ) {
        func probability(of outcome: Outcome) -> Double {
            Severity.allCases.filter { outcomes[$0] == outcome }
                .reduce(0) { $0 + severity[$1] }
        }
        let best = Outcome.final.reduce(Outcome.resell) { best, outcome in
            probability(of: outcome) > probability(of: best) ? outcome : best
        }
        outcome = best
        // The sum of four probabilities may exceed 1 by a rounding error.
        confidence = min(probability(of: best), 1)
        self.severity =
            Severity.allCases.filter { outcomes[$0] == best }
            .max { severity[$0] <= severity[$1] } ?? severity.mostLikely
        predictionSet = Outcome.final.filter {
            $0 == best || probability(of: $0) >= setRule.minimumProbability(of: $0)
        }
        probabilities = Outcome.final.map { min(probability(of: $0), 1) }
    }
}
