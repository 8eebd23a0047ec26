/// What the policy makes of an assessment: the heart of an adjudication.
public struct Decision: Hashable, Sendable {
    /// What happens now.
    public let outcome: Outcome
    /// The final outcome the machine considers most likely right: resell, refurbish or reject.
    public let recommended: Outcome
    /// The severity the outcome was chosen for.
    public let severity: Severity
    /// The calibrated probability that `recommended` is right, 0…1.
    public let confidence: Double
    /// The final outcomes that cannot be excluded, in the order of ``Outcome/final``.
    public let predictionSet: [Outcome]
    /// Why, the weightiest first.
    public let reasons: [Reason]
    /// What the shop does if `outcome`, or else `recommended`, stands.
    public let remedy: Remedy
    /// The id of the policy rule that applied.
    public let rule: String

    /// Creates a decision.
    ///
    /// - Precondition: `recommended` is final.
    public init(
        outcome: Outcome, recommended: Outcome, severity: Severity, confidence: Double,
        predictionSet: [Outcome], reasons: [Reason], remedy: Remedy, rule: String
    ) {
        precondition(recommended.isFinal, "\(recommended) cannot be recommended")
        self.outcome = outcome
        self.recommended = recommended
        self.severity = severity
        self.confidence = confidence
        self.predictionSet = predictionSet
        self.reasons = reasons
        self.remedy = remedy
        self.rule = rule
    }
}
