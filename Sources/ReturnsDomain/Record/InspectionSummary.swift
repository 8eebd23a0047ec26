/// One line of a list of inspections.
public struct InspectionSummary: Codable, Hashable, Sendable {
    /// Which inspection.
    public let id: InspectionID
    /// When it was recorded.
    public let createdAt: Timestamp
    /// The outcome that stands now.
    public let outcome: Outcome
    /// Who made it.
    public let decidedBy: DecisionMaker
    /// The shop's number of the order.
    public let orderID: String?
    /// The shop's number of the product.
    public let sku: String?

    /// Creates a line.
    public init(
        id: InspectionID, createdAt: Timestamp, outcome: Outcome, decidedBy: DecisionMaker,
        orderID: String?, sku: String?
    ) {
        self.id = id
        self.createdAt = createdAt
        self.outcome = outcome
        self.decidedBy = decidedBy
        self.orderID = orderID
        self.sku = sku
    }

    private enum CodingKeys: String, CodingKey {
        case id, outcome, sku
        case createdAt = "created_at"
        case decidedBy = "decided_by"
        case orderID = "order_id"
    }
}

/// How much a record holds.
public struct RecordCounts: Hashable, Sendable {
    /// Inspections by the outcome that stands now.
    public let inspections: [Outcome: Int]
    /// Review tasks by where they stand.
    public let reviewTasks: [ReviewTaskState: Int]
    /// Entries of the audit log.
    public let auditEntries: Int64
    /// When the oldest of the undecided review tasks was opened; nil if there is none.
    public let oldestTaskOpenedAt: Timestamp?

    /// Creates counts.
    public init(
        inspections: [Outcome: Int], reviewTasks: [ReviewTaskState: Int], auditEntries: Int64,
        oldestTaskOpenedAt: Timestamp? = nil
    ) {
        self.inspections = inspections
        self.reviewTasks = reviewTasks
        self.auditEntries = auditEntries
        self.oldestTaskOpenedAt = oldestTaskOpenedAt
    }
}

/// Which inspections a list shows; what is nil does not narrow it.
public struct InspectionFilter: Hashable, Sendable {
    /// The outcome that stands now.
    public var outcome: Outcome?
    /// The shop's number of the product.
    public var sku: String?
    /// The shop's number of the order.
    public var orderID: String?

    /// Creates a filter.
    public init(outcome: Outcome? = nil, sku: String? = nil, orderID: String? = nil) {
        self.outcome = outcome
        self.sku = sku
        self.orderID = orderID
    }
}
