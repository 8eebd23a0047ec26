/// What the warehouse found when the item arrived: the only unbiased judge of a decision.
///
/// What is nil was not stated.
public struct Truth: Codable, Hashable, Sendable {
    /// What should have been decided: resell, refurbish or reject.
    public let outcome: Outcome?
    /// How badly the item is damaged.
    public let severity: Severity?
    /// The damage found; empty if there is none.
    public let types: [DamageType]?
    /// What the item brought, or will bring, when sold.
    public let resaleValue: Money?
    /// When it was recorded.
    public let recordedAt: Timestamp

    /// Creates a truth.
    ///
    /// - Precondition: `outcome` is final or nil.
    public init(
        outcome: Outcome?, severity: Severity? = nil, types: [DamageType]? = nil,
        resaleValue: Money? = nil, recordedAt: Timestamp
    ) {
        precondition(outcome?.isFinal ?? true, "the warehouse found no final outcome")
        self.outcome = outcome
        self.severity = severity
        self.types = types
        self.resaleValue = resaleValue
        self.recordedAt = recordedAt
    }

    private enum CodingKeys: String, CodingKey {
        case outcome, severity, types
        case resaleValue = "resale_value"
        case recordedAt = "recorded_at"
    }
}

/// A case of known answer, put to reviewers to measure how right they are.
public struct GoldItem: Codable, Hashable, Sendable {
    /// The case.
    public let inspection: InspectionID
    /// The right answer.
    public let outcome: Outcome
    /// When it was made one.
    public let addedAt: Timestamp

    /// Creates an item.
    public init(inspection: InspectionID, outcome: Outcome, addedAt: Timestamp) {
        self.inspection = inspection
        self.outcome = outcome
        self.addedAt = addedAt
    }

    private enum CodingKeys: String, CodingKey {
        case inspection, outcome
        case addedAt = "added_at"
    }
}
