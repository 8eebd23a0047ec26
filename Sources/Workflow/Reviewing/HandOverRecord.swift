public import ReturnsDomain

/// Everything a reviewer needs to decide one case, in the standard form other programs read.
public struct HandOverRecord: Codable, Sendable {
    /// The task and, while it is leased, the lease.
    public let task: ReviewTask
    /// The lease, if the reader holds it.
    public let lease: LeasedReviewTask?
    /// What the policy says of the case, where the reader has no policy at hand.
    public let words: CaseWords?

    /// The record of a leased task.
    public init(_ lease: LeasedReviewTask, words: CaseWords? = nil) {
        task = lease.task
        self.lease = lease
        self.words = words
    }

    /// The record of a task that the reader only looks at.
    public init(_ task: ReviewTask) {
        self.task = task
        lease = nil
        words = nil
    }

    private enum CodingKeys: String, CodingKey {
        case task, lease, inspection, state, priority, sku, recommended, confidence, reasons
        case statement, adjudication, replies
        case ruleText = "rule_text"
        case appealStatement = "appeal_statement"
        case expiresAt = "expires_at"
        case openedAt = "opened_at"
        case dueAt = "due_at"
        case orderID = "order_id"
        case predictionSet = "prediction_set"
        case policyRule = "policy_rule"
        case metadataSigns = "metadata_signs"
        case seenBefore = "seen_before"
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
        if !task.seenBefore.isEmpty {
            try container.encode(task.seenBefore, forKey: .seenBefore)
        }
        try container.encode(task.statement, forKey: .statement)
        if task.isBlind { try container.encode(task.appealStatement, forKey: .appealStatement) }
        try container.encode(document.policy.rule, forKey: .policyRule)
        try container.encode(document.rationale.customer, forKey: .suggestedReply)
        if let words {
            try container.encode(words.ruleText, forKey: .ruleText)
            let replies = words.replies.map { ($0.key.rawValue, $0.value) }
            try container.encode(Dictionary(uniqueKeysWithValues: replies), forKey: .replies)
        }
        try container.encode(document, forKey: .adjudication)
    }

    /// Reads what another program wrote.
    ///
    /// A case to be judged afresh is told by the member `appeal_statement`, which only such have.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        task = try ReviewTask(
            id: container.decode(ReviewTaskID.self, forKey: .task),
            inspection: container.decode(InspectionID.self, forKey: .inspection),
            state: container.decode(ReviewTaskState.self, forKey: .state),
            openedAt: container.decode(Timestamp.self, forKey: .openedAt),
            dueAt: container.decode(Timestamp.self, forKey: .dueAt),
            priority: container.decode(Double.self, forKey: .priority),
            reasons: container.decode([ReasonCode].self, forKey: .reasons),
            adjudication: container.decode(Adjudication.self, forKey: .adjudication),
            statement: container.decodeIfPresent(String.self, forKey: .statement),
            appealStatement: container.decodeIfPresent(String.self, forKey: .appealStatement),
            isBlind: container.contains(.appealStatement),
            metadataSigns: container.decodeIfPresent([String].self, forKey: .metadataSigns) ?? [],
            seenBefore: container.decodeIfPresent([PhotoSighting].self, forKey: .seenBefore)
                ?? [])
        if let lease = try container.decodeIfPresent(LeaseID.self, forKey: .lease) {
            self.lease = LeasedReviewTask(
                task: task, lease: lease,
                expiresAt: try container.decode(Timestamp.self, forKey: .expiresAt))
        } else {
            lease = nil
        }
        let replies = try container.decodeIfPresent([String: String].self, forKey: .replies)
        words = try replies.map { replies in
            CaseWords(
                ruleText: try container.decodeIfPresent(String.self, forKey: .ruleText),
                replies: Dictionary(
                    uniqueKeysWithValues: replies.compactMap { word, text in
                        Outcome(rawValue: word).map { ($0, text) }
                    }))
        }
    }
}
