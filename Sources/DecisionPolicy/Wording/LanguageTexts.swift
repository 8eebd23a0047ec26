public import ReturnsDomain

/// Everything the policy says in one language.
public struct LanguageTexts: Hashable, Sendable {
    /// What the customer reads first, by outcome.
    public let customer: [Outcome: String]
    /// What the reviewer reads, with placeholders; see ``ReviewerPlaceholder``.
    public let reviewer: String
    /// What the customer is told about automation, by outcome.
    public let notices: [Outcome: String]
    /// The name of each outcome.
    public let outcomeWords: [Outcome: String]
    /// The name of each severity.
    public let severityWords: [Severity: String]
    /// The name of each remedy.
    public let remedyWords: [Remedy: String]
    /// What each reason code means.
    public let reasons: [ReasonCode: ReasonText]

    /// Creates the texts of one language.
    public init(
        customer: [Outcome: String], reviewer: String, notices: [Outcome: String],
        outcomeWords: [Outcome: String], severityWords: [Severity: String],
        remedyWords: [Remedy: String], reasons: [ReasonCode: ReasonText]
    ) {
        self.customer = customer
        self.reviewer = reviewer
        self.notices = notices
        self.outcomeWords = outcomeWords
        self.severityWords = severityWords
        self.remedyWords = remedyWords
        self.reasons = reasons
    }
}

/// What one reason code means, for its two readers.
public struct ReasonText: Hashable, Sendable {
    /// Short and kind, without internals.
    public let customer: String
    /// What the reviewer should know.
    public let reviewer: String

    /// Creates the texts of a reason.
    public init(customer: String, reviewer: String) {
        self.customer = customer
        self.reviewer = reviewer
    }
}

/// What a reviewer's text may show, written `{name}` in the policy file.
public enum ReviewerPlaceholder: String, CaseIterable, Sendable {
    /// The outcome's name.
    case outcome
    /// The recommended outcome's name.
    case recommended
    /// The remedy's name.
    case remedy
    /// The severity's name.
    case severity
    /// The confidence in whole percent, rounded down.
    case confidence
    /// The names of the outcomes in the prediction set.
    case candidates
    /// The id of the rule that applied.
    case rule
    /// The rule in words.
    case ruleText = "rule_text"
    /// The reasons, weightiest first; what is visible with its probability.
    case reasons
}
