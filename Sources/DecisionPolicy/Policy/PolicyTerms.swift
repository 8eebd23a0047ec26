public import ReturnsDomain

/// A category of goods that the policy knows.
public struct PolicyCategory: Hashable, Sendable {
    /// The word that rules and the calibration use, lower case.
    public let name: String
    /// Other words that orders may use, lower case.
    public let aliases: [String]

    /// Creates a category.
    public init(name: String, aliases: [String] = []) {
        self.name = name
        self.aliases = aliases
    }
}

/// A currency that the policy knows.
public struct PolicyCurrency: Hashable, Sendable {
    /// How many decimals the major unit has, 0…4: 2 for EUR, 0 for JPY.
    public let minorDigits: Int
    /// The value in minor units from which a person decides.
    public let highValue: Int

    /// Creates a currency.
    ///
    /// - Precondition: `minorDigits` is in 0…4.
    public init(minorDigits: Int, highValue: Int) {
        precondition((0...4).contains(minorDigits), "a currency of \(minorDigits) decimals")
        self.minorDigits = minorDigits
        self.highValue = highValue
    }

    /// Minor units per major unit, such as 100 cents.
    public var minorUnitsPerMajorUnit: Int {
        (0..<minorDigits).reduce(1) { product, _ in product * 10 }
    }
}

/// When a machine may refuse a return.
///
/// Regions that the policy does not know, and orders without one, are always forbidden.
/// - SeeAlso: Regulation (EU) 2016/679 (GDPR), article 22.
public struct AutomaticRejectTerms: Hashable, Sendable {
    /// ISO 3166-1 codes of the regions where only a person may refuse.
    public let forbiddenRegions: Set<String>
    /// The confidence that a refusal by machine needs elsewhere, 0…1.
    public let minimumConfidence: Double

    /// Creates the terms.
    public init(forbiddenRegions: Set<String>, minimumConfidence: Double) {
        self.forbiddenRegions = forbiddenRegions
        self.minimumConfidence = minimumConfidence
    }
}

/// What always goes to a person, beside high values and unknown categories.
public struct AlwaysHumanTerms: Hashable, Sendable {
    /// Whether a person decides when the value is unknown or in an unknown currency.
    public let unknownValue: Bool
    /// The novelty from which a person decides, 0…1; the lower of this and the calibration's holds.
    public let novelty: Double
    /// The probability from which damage, or a type of it, counts as visible, 0…1.
    public let visibleDamage: Double

    /// Creates the terms.
    public init(unknownValue: Bool, novelty: Double, visibleDamage: Double) {
        self.unknownValue = unknownValue
        self.novelty = novelty
        self.visibleDamage = visibleDamage
    }
}

/// When the customer is asked for better photos.
public enum RetakeTerms: String, CaseIterable, Hashable, Sendable {
    /// Only if no photo is fit for judging; otherwise a person looks at the poor ones.
    case noUsablePhoto = "no_usable_photo"
    /// As soon as one photo is unfit for judging.
    case anyUnusablePhoto = "any_unusable_photo"
}

/// What a comparison with reference photos may do.
public struct ComparisonTerms: Hashable, Sendable {
    /// The least level that a policy may ask for: it needs 9,999 references.
    public static let levelLimit = 0.0001

    /// The p-value at or below which an item counts as unlike the references,
    /// ``levelLimit``…0.5.
    public let level: Double
    /// Whether an item that is like enough references may be resold by machine although the
    /// classifier knows too little of its kind; otherwise a comparison only gives reasons to look.
    public let mayDecide: Bool

    /// What policies that say nothing of it mean.
    public static let lookOnly = ComparisonTerms(level: 0.02, mayDecide: false)

    /// Creates the terms.
    public init(level: Double, mayDecide: Bool) {
        self.level = level
        self.mayDecide = mayDecide
    }
}

/// How many people answer the same question without knowing of each other.
public struct SecondReviewTerms: Hashable, Sendable {
    /// The most people a policy may ask for.
    public static let reviewerCountLimit = 5

    /// How many answer at least, 2…``reviewerCountLimit``.
    public let reviewers: Int
    /// For which recommendations; all final outcomes if nil.
    public let outcomes: Set<Outcome>?

    /// Creates the terms.
    ///
    /// - Precondition: `reviewers` is in 2…``reviewerCountLimit``.
    public init(reviewers: Int, outcomes: Set<Outcome>? = nil) {
        precondition((2...Self.reviewerCountLimit).contains(reviewers), "\(reviewers) reviewers")
        self.reviewers = reviewers
        self.outcomes = outcomes
    }
}

/// How review tasks are ranked and when they are due.
public struct ReviewTerms: Hashable, Sendable {
    /// How long a person may take, in hours, at least 1.
    public let dueHours: Int
    /// What an item of unknown value counts as, in major units, at least 0.
    public let defaultValue: Double
    /// The least uncertainty a task is ranked with, 0…1, so that sure but dear cases are not last.
    public let uncertaintyFloor: Double
    /// The currency that values are converted to for ranking, one the policy knows; nil converts
    /// none.
    public let currency: String?
    /// How much earlier the most urgent task is served than its age says, in hours, at least 0.
    public let ageingHours: Int
    /// The share of machine decisions that a person looks at, by outcome, 0…1.
    public let auditSample: [Outcome: Double]
    /// What the random draws depend on beside the item; another seed draws another sample.
    public let sampleSeed: String
    /// How many cases of known answer are put into the queue per task, 0…1.
    public let goldShare: Double

    /// Creates the terms.
    public init(
        dueHours: Int, defaultValue: Double, uncertaintyFloor: Double, currency: String? = nil,
        ageingHours: Int = 24, auditSample: [Outcome: Double] = [:], sampleSeed: String = "",
        goldShare: Double = 0
    ) {
        self.dueHours = dueHours
        self.defaultValue = defaultValue
        self.uncertaintyFloor = uncertaintyFloor
        self.currency = currency
        self.ageingHours = ageingHours
        self.auditSample = auditSample
        self.sampleSeed = sampleSeed
        self.goldShare = goldShare
    }

    /// How waiting makes tasks more urgent; a priority of `defaultValue` is worth half of it.
    var ageing: ReviewAgeing {
        ReviewAgeing(
            longestHeadStart: .seconds(ageingHours * 3600), halfPriority: max(defaultValue, 1))
    }
}
