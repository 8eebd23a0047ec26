public import ReturnsDomain

/// Everything a reviewer needs to decide one case, in the standard form other programs read.
public struct HandOverRecord: Encodable, Sendable {
    /// The task and, while it is leased, the lease.
    public let task: ReviewTask
    /// The lease, if the reader holds it.
    public let lease: LeasedReviewTask?

    /// The record of a leased task.
    public init(_ lease: LeasedReviewTask) {
        task = lease.task
        self.lease = lease
    }

    /// The record of a task that the reader only looks at.
    public init(_ task: ReviewTask) {
        self.task = task
        lease = nil
    }

    private enum CodingKeys: String, CodingKey {
        case task, lease, inspection, state, priority, sku, recommended, confidence, reasons
        case statement, adjudication
        case appealStatement = "appeal_statement"
        case expiresAt = "expires_at"
        case openedAt = "opened_at"
        case dueAt = "due_at"
        case orderID = "order_id"
        case predictionSet = "prediction_set"
        case policyRule = "policy_rule"
        case metadataSigns = "metadata_signs"
        case suggestedReply = "suggested_reply"
    }

    /// Writes the members a reviewer acts on, and the whole adjudication under `adjudication`.
    ///
    /// Of a case to be judged afresh nothing is told that anyone judged: `recommended`,
    /// `confidence` and `prediction_set` are null.
    public func encode(to encoder: any Encoder) throws {
        let document = task.adjudication
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(task.id, forKey: .task)
        try container.encodeIfPresent(lease?.lease, forKey: .lease)
        try container.encodeIfPresent(lease?.expiresAt, forKey: .expiresAt)
        try container.encode(task.inspection, forKey: .inspection)
        try container.encode(task.state, forKey: .state)
        try container.encode(task.priority, forKey: .priority)
        try container.encode(task.openedAt, forKey: .openedAt)
        try container.encode(task.dueAt, forKey: .dueAt)
        try container.encode(document.order.orderID, forKey: .orderID)
        try container.encode(document.order.sku, forKey: .sku)
        let judgement = task.isBlind ? nil : document.decision
        try container.encode(judgement?.recommended, forKey: .recommended)
        try container.encode(judgement?.confidence, forKey: .confidence)
        try container.encode(judgement?.predictionSet, forKey: .predictionSet)
        try container.encode(task.reasons, forKey: .reasons)
        if !task.metadataSigns.isEmpty {
            try container.encode(task.metadataSigns, forKey: .metadataSigns)
        }
        try container.encode(task.statement, forKey: .statement)
        if task.isBlind { try container.encode(task.appealStatement, forKey: .appealStatement) }
        try container.encode(document.policy.rule, forKey: .policyRule)
        try container.encode(document.rationale.customer, forKey: .suggestedReply)
        try container.encode(document, forKey: .adjudication)
    }
}
