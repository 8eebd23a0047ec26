public import ReturnsDomain

/// What each severity of an item means, for the items its conditions match.
public struct PolicyRule: Hashable, Sendable {
    /// What adjudications cite; unique in the policy.
    public let id: String
    /// Which items the rule is about.
    public let conditions: RuleConditions
    /// Which outcome follows from each severity.
    public let outcomes: SeverityOutcomes
    /// What the shop does once an outcome stands.
    public let remedies: OutcomeRemedies
    /// Outcomes that need a person's sign-off under this rule.
    public let personRequired: Set<Outcome>
    /// Sides of the item that photos must show for a machine to decide.
    public let requiredViews: Set<PhotoView>
    /// The confidence a machine decision needs under this rule by outcome, 0…1.
    public let minimumConfidence: [Outcome: Double]
    /// When several people answer independently; nil if one is enough.
    public let secondReview: SecondReviewTerms?
    /// The rule in words for the reviewer, by language; every language of the policy.
    public let text: [String: String]

    /// Creates a rule.
    public init(
        id: String, conditions: RuleConditions, outcomes: SeverityOutcomes,
        remedies: OutcomeRemedies, personRequired: Set<Outcome> = [],
        requiredViews: Set<PhotoView> = [], minimumConfidence: [Outcome: Double] = [:],
        secondReview: SecondReviewTerms? = nil,
        text: [String: String]
    ) {
        self.id = id
        self.conditions = conditions
        self.outcomes = outcomes
        self.remedies = remedies
        self.personRequired = personRequired
        self.requiredViews = requiredViews
        self.minimumConfidence = minimumConfidence
        self.secondReview = secondReview
        self.text = text
    }
}

/// Which items a rule is about; what is nil matches every item.
public struct RuleConditions: Hashable, Sendable {
    /// Category names; an unknown category matches none.
    public let categories: Set<String>?
    /// ISO 3166-1 codes; an order without a region matches none.
    public let regions: Set<String>?
    /// Value ranges by currency; a value unknown or in another currency matches none.
    public let values: [String: ValueRange]?

    /// Creates conditions that all have to hold.
    public init(
        categories: Set<String>? = nil, regions: Set<String>? = nil,
        values: [String: ValueRange]? = nil
    ) {
        self.categories = categories
        self.regions = regions
        self.values = values
    }

    /// Whether there is no condition at all.
    public var matchEverything: Bool { categories == nil && regions == nil && values == nil }

    /// Whether all conditions hold for an item.
    public func match(category: String?, region: String?, value: Money?) -> Bool {
        if let categories, !(category.map(categories.contains) ?? false) { return false }
        if let regions, !(region.map(regions.contains) ?? false) { return false }
        guard let values else { return true }
        guard let value, let range = values[value.currency] else { return false }
        return range.contains(value.minorUnits)
    }
}

/// Amounts in minor units from a lower bound, included, to an upper one, excluded.
public struct ValueRange: Hashable, Sendable {
    /// The least amount inside, at least 0.
    public let from: Int
    /// The least amount above the range; nil without an upper bound.
    public let below: Int?

    /// Creates a range of amounts in minor units.
    public init(from: Int = 0, below: Int? = nil) {
        self.from = from
        self.below = below
    }

    /// Whether an amount in minor units lies in the range.
    public func contains(_ minorUnits: Int) -> Bool {
        minorUnits >= from && below.map { minorUnits < $0 } ?? true
    }
}

/// The final outcome that follows from each severity.
public struct SeverityOutcomes: Hashable, Sendable {
    private let none: Outcome
    private let minor: Outcome
    private let moderate: Outcome
    private let severe: Outcome

    /// Creates the map.
    ///
    /// - Precondition: Every outcome is final.
    public init(none: Outcome, minor: Outcome, moderate: Outcome, severe: Outcome) {
        let all = [none, minor, moderate, severe]
        precondition(all.allSatisfy(\.isFinal), "severity outcomes \(all) are not all final")
        self.none = none
        self.minor = minor
        self.moderate = moderate
        self.severe = severe
    }

    /// The outcome of one severity.
    public subscript(severity: Severity) -> Outcome {
        switch severity {
        case .none: none
        case .minor: minor
        case .moderate: moderate
        case .severe: severe
        }
    }
}

/// What the shop does once a final outcome stands.
public struct OutcomeRemedies: Hashable, Sendable {
    /// After ``Outcome/resell``.
    public let resell: Remedy
    /// After ``Outcome/refurbish``.
    public let refurbish: Remedy
    /// After ``Outcome/reject``.
    public let reject: Remedy

    /// Creates the map.
    public init(resell: Remedy, refurbish: Remedy, reject: Remedy) {
        self.resell = resell
        self.refurbish = refurbish
        self.reject = reject
    }

    /// The remedy of a final outcome.
    ///
    /// - Precondition: `outcome` is final.
    public subscript(outcome: Outcome) -> Remedy {
        switch outcome {
        case .resell: return resell
        case .refurbish: return refurbish
        case .reject: return reject
        case .humanReview, .retake: preconditionFailure("\(outcome) has no remedy of its own")
        }
    }
}
