import DecisionPolicy
public import ReturnsDomain

/// Puts a reviewer's decision into the words and remedies of a policy.
public struct ReviewWording: Sendable {
    private let policy: Policy
    private let locale: String

    private let sha256: ContentHash

    /// Uses a policy's texts in one language.
    public init(policy: LoadedPolicy, locale: String) {
        self.policy = policy.policy
        sha256 = policy.sha256
        self.locale = locale
    }

    /// The text of the rule that applied to a case; nil if another policy was in force then.
    public func ruleText(for document: Adjudication) -> String? {
        guard document.policy.sha256 == sha256 else { return nil }
        let rule = policy.rules.first { $0.id == document.policy.rule }
        return rule?.text[policy.language(for: locale)]
    }

    /// What the customer would read if a reviewer decided so.
    public func reply(to task: ReviewTask, outcome: Outcome, reason: ReasonCode) -> String {
        answer(to: task, outcome: outcome, reason: reason).rationale.customer
    }

    /// Everything that the policy says of a case before it is decided.
    public func words(for task: ReviewTask) -> CaseWords {
        let replies = [Outcome.resell, .refurbish, .reject, .retake].map {
            ($0, reply(to: task, outcome: $0, reason: .reviewAgrees))
        }
        return CaseWords(
            ruleText: ruleText(for: task.adjudication),
            replies: Dictionary(uniqueKeysWithValues: replies))
    }

    /// What the shop does, and what the customer and colleagues read, once a reviewer has decided.
    func answer(
        to task: ReviewTask, outcome: Outcome, reason: ReasonCode
    ) -> (remedy: Remedy?, rationale: Rationale) {
        let order = task.adjudication.order
        let machine = task.adjudication.decision
        let rule = policy.rule(
            category: order.category, region: order.region, value: order.value)
        let remedy = outcome.isFinal ? rule.remedies[outcome] : nil
        let decision = Decision(
            outcome: outcome, recommended: outcome.isFinal ? outcome : machine.recommended,
            severity: machine.severity, confidence: 1,
            predictionSet: outcome.isFinal ? [outcome] : machine.predictionSet,
            reasons: [Reason(reason)], remedy: remedy ?? machine.remedy, rule: rule.id)
        return (remedy, policy.rationale(for: decision, locale: locale))
    }
}
