/// Fixed-sequence testing of thresholds: the first that fails ends it, so that each may be tested
/// at the full significance.
///
/// The thresholds must not depend on the cases they are tested on. Given how many cases lie above a
/// threshold, their errors are binomial with the risk above it; so a threshold whose risk exceeds
/// the limit passes with a chance of at most the significance. The first such threshold of the
/// sequence is the only one that could be the first wrong one to pass, whatever the shape of the
/// risk.
///
/// - SeeAlso: Angelopoulos et al. 2021, arXiv 2110.01052, section 2.3; Bauer 1991,
///   doi 10.1002/sim.4780100609.
public struct ThresholdTest: Sendable {
    /// One threshold with what was counted above it.
    public struct Step: Codable, Hashable, Sendable {
        /// The confidence from which a case counts, 0…1.
        public let threshold: Double
        /// Cases at or above it, and how many of them are wrong.
        public let errors: Proportion
        /// The exact binomial p-value, 0…1.
        public let pValue: Double
        /// The exact upper bound of the risk at the limit's significance, 0…1.
        public let upperBound: Double
        /// Whether the limit is shown to hold.
        public let isHeld: Bool
    }

    /// The thresholds in the order of testing, up to the first that failed.
    public let steps: [Step]

    /// Tests thresholds one after the other.
    ///
    /// - Parameters:
    ///   - thresholds: In the order of testing, chosen without these cases.
    ///   - confidences: Of independent cases.
    ///   - isWrong: As long as `confidences`.
    ///   - limit: What is to be shown.
    public init(
        thresholds: [Double], confidences: [Double], isWrong: [Bool], limit: RiskLimit
    ) {
        precondition(confidences.count == isWrong.count, "\(confidences.count) confidences")
        var steps: [Step] = []
        for threshold in thresholds {
            let chosen = confidences.indices.filter { confidences[$0] >= threshold }
            let errors = Proportion(
                successCount: chosen.count { isWrong[$0] }, count: chosen.count)
            let isHeld = limit.isHeld(by: errors)
            steps.append(
                Step(
                    threshold: threshold, errors: errors, pValue: limit.pValue(errors),
                    upperBound: errors.upperBound(confidence: 1 - limit.significance),
                    isHeld: isHeld))
            if !isHeld { break }
        }
        self.steps = steps
    }

    /// The last threshold that passed: the one of the largest coverage; nil if none did.
    public var admitted: Step? { steps.last { $0.isHeld } }
}
