import DecisionPolicy
public import ReturnsDomain

/// One photo of a labels file with what is known of it; nil is "not stated".
public struct LabelledPhoto: Hashable, Sendable {
    /// Where a labelled photo lies.
    public enum Place: Hashable, Sendable {
        /// A file, by its path.
        case file(String)
        /// The data directory: the kept photo of this case with this hash when it was received, or
        /// its first kept photo if the label states no hash.
        case kept(InspectionID, sha256: ContentHash?)
    }

    /// The path as the file states it, or else the inspection with the start of the hash.
    public let path: String
    /// Where the photo lies.
    public let place: Place
    /// Whether the goods are damaged.
    public let isDamaged: Bool?
    /// How badly.
    public let severity: Severity?
    /// The outcome that a person stated.
    public let outcome: Outcome?
    /// Which types of damage it shows.
    public let types: Set<DamageType>?
    /// What the goods are.
    public let category: String?
    /// Where the photo comes from.
    public let source: String?
    /// What ties it to others that are not independent of it; its path if the file names none.
    public let group: String
    /// What it was used for, such as `train`.
    public let split: String?

    /// Puts a label together.
    package init(
        path: String, place: Place, isDamaged: Bool?, severity: Severity?, outcome: Outcome?,
        types: Set<DamageType>?, category: String?, source: String?, group: String, split: String?
    ) {
        self.path = path
        self.place = place
        self.isDamaged = isDamaged
        self.severity = severity
        self.outcome = outcome
        self.types = types
        self.category = category
        self.source = source
        self.group = group
        self.split = split
    }

    /// Whether the photo lies in a data directory.
    public var isKept: Bool { if case .kept = place { true } else { false } }

    /// Whether a model may have learned from it.
    public var isTrainingPhoto: Bool { split.map { $0.lowercased().hasPrefix("train") } ?? false }

    /// The right outcome under the rule that applies to the category; nil if the label does not
    /// say.
    func trueOutcome(under outcomes: SeverityOutcomes) -> Outcome? {
        outcome ?? severity.map { outcomes[$0] }
    }

    /// Whether an outcome is right; nil if the label does not say.
    ///
    /// "Damaged" without a severity does say that an outcome of intact goods alone is wrong.
    func isRight(_ candidate: Outcome, under outcomes: SeverityOutcomes) -> Bool? {
        if let truth = trueOutcome(under: outcomes) { return candidate == truth }
        guard isDamaged == true else { return nil }
        let ofDamage = Set([Severity.minor, .moderate, .severe].map { outcomes[$0] })
        return ofDamage.contains(candidate) ? nil : false
    }
}
