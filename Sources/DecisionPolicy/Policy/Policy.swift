public import ReturnsDomain

/// The versioned rules that turn an assessment and order data into an outcome.
///
/// A plain value: it reads no file and knows no clock, so that the same inputs give the same
/// decision for ever. `docs/policy.md` describes the file it comes from; whoever loads that file
/// has checked everything stated here as a precondition.
public struct Policy: Hashable, Sendable {
    /// What documents cite, such as `shipped`.
    public let id: String
    /// The version of the rules under this id.
    public let version: String
    /// The categories the policy knows.
    public let categories: [PolicyCategory]
    /// The regions the policy knows, by the name of their group.
    public let regionGroups: [String: Set<String>]
    /// The currencies the policy knows, by ISO 4217 code.
    public let currencies: [String: PolicyCurrency]
    /// The rules in order; the first that matches applies.
    public let rules: [PolicyRule]
    /// The confidence a machine decision needs by outcome, 0…1; absent means the calibration's.
    ///
    /// It can only be stricter than the calibration: the higher of both holds.
    public let minimumConfidence: [Outcome: Double]
    /// When a machine may refuse a return.
    public let automaticReject: AutomaticRejectTerms
    /// What always goes to a person, beside high values and unknown categories.
    public let alwaysHuman: AlwaysHumanTerms
    /// When the customer is asked for better photos.
    public let retake: RetakeTerms
    /// How review tasks are ranked and when they are due.
    public let review: ReviewTerms
    /// The texts by language, a BCP 47 tag; holds `en`.
    public let texts: [String: LanguageTexts]
    /// How long what is kept of a case stays; nil if the policy does not say.
    public let retention: RetentionSchedule?
    /// What a comparison with reference photos may do.
    public let comparison: ComparisonTerms

    /// The language used when another one is asked for that the policy does not have.
    public static let fallbackLanguage = "en"

    /// Creates a policy.
    ///
    /// - Precondition: The last rule matches every item, and `texts` holds `en`.
    public init(
        id: String, version: String, categories: [PolicyCategory],
        regionGroups: [String: Set<String>], currencies: [String: PolicyCurrency],
        rules: [PolicyRule], minimumConfidence: [Outcome: Double],
        automaticReject: AutomaticRejectTerms, alwaysHuman: AlwaysHumanTerms, retake: RetakeTerms,
        review: ReviewTerms, texts: [String: LanguageTexts], retention: RetentionSchedule? = nil,
        comparison: ComparisonTerms = .lookOnly
    ) {
        precondition(
            rules.last?.conditions.matchEverything == true,
            "the last rule of policy \(id) does not match every item")
        precondition(
            texts[Self.fallbackLanguage] != nil, "policy \(id) has no texts in English")
        self.id = id
        self.version = version
        self.categories = categories
        self.regionGroups = regionGroups
        self.currencies = currencies
        self.rules = rules
        self.minimumConfidence = minimumConfidence
        self.automaticReject = automaticReject
        self.alwaysHuman = alwaysHuman
        self.retake = retake
        self.review = review
        self.texts = texts
        self.retention = retention
        self.comparison = comparison
    }

    /// The name of a category as the policy and the calibration know it; nil for an unknown one.
    ///
    /// - Parameter word: What the order states; capital letters and aliases are accepted.
    public func categoryName(for word: String?) -> String? {
        guard let word = word?.lowercased() else { return nil }
        return categories.first { $0.name == word || $0.aliases.contains(word) }?.name
    }

    /// Whether any group of regions holds this ISO 3166-1 code.
    public func knowsRegion(_ region: String) -> Bool {
        regionGroups.values.contains { $0.contains(region) }
    }

    /// The first rule that matches an item of this category, region and value.
    ///
    /// - Parameter category: The name the policy knows, see ``categoryName(for:)``.
    public func rule(category: String?, region: String?, value: Money?) -> PolicyRule {
        rules.first { $0.conditions.match(category: category, region: region, value: value) }
            ?? rules[rules.count - 1]
    }
}
