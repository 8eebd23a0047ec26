internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// The most events that one call of ``replayWebhooks(to:after:until:actor:)`` takes.
    public static let webhookReplayCountLimit = 10_000

    /// The types that outgoing events have; each is a contract of its own.
    public static let eventTypes: [String] =
        OutboxEventType.allCases.map(\.rawValue)
        + [
            SubjectErasedEvent.typeName, EarlyWarningEvent.typeName,
            StoreTransaction.checkpointEventType,
        ]

    /// One page of an endpoint's delivery log in the order of events.
    ///
    /// - Parameters:
    ///   - id: Whose log.
    ///   - seq: The last event seen; 0 for the first page.
    ///   - state: Only deliveries that stand so; nil for all.
    ///   - limit: 1…``pageCountLimit``.
    /// - Throws: ``WebhookStoreError/endpointNotFound(_:)``.
    public func webhookDeliveries(
        of id: WebhookEndpointID, after seq: Int64, state: WebhookDelivery.State?, limit: Int
    ) async throws(CaseStoreError) -> [WebhookDelivery] {
        let (tenant, limit) = (tenant, min(max(limit, 1), Self.pageCountLimit))
        return try await read { db in
            let isThere = try Bool.fetchOne(
                db,
                sql: "SELECT EXISTS (SELECT 1 FROM webhookEndpoint WHERE tenant = ? AND id = ?)",
                arguments: [tenant.description, id.description])
            guard isThere == true else { throw CaseStoreError.webhook(.endpointNotFound(id)) }
            return try Row.fetchAll(
                db,
                sql: """
                    SELECT d.*, e.id AS event, e.type FROM webhookDelivery d
                    JOIN outboxEvent e ON e.tenant = d.tenant AND e.seq = d.seq
                    WHERE d.tenant = ? AND d.endpoint = ? AND d.seq > ?
                      AND d.state = IFNULL(?, d.state)
                    ORDER BY d.seq LIMIT ?
                    """,
                arguments: [tenant.description, id.description, seq, state?.rawValue, limit]
            ).map(WebhookDelivery.init)
        }
    }

    /// Has events of a range sent to an endpoint again, from their first attempt on; audited.
    ///
    /// Their `webhook-id` is the one they had, so that a receiver that knows them can tell. Events
    /// of other types than the endpoint wants, and of erased cases, are left out.
    ///
    /// - Parameters:
    ///   - id: The endpoint.
    ///   - after: The event before the range.
    ///   - until: The last event of the range.
    ///   - actor: Who asks for it.
    /// - Returns: How many are sent again.
    /// - Throws: ``WebhookStoreError/endpointNotFound(_:)``,
    ///   ``WebhookStoreError/replayTooLong(count:limit:)``.
    public func replayWebhooks(
        to id: WebhookEndpointID, after: Int64, until: Int64,
        actor: AuditActor = .operatorOnHost
    ) async throws(CaseStoreError) -> Int {
        try await write { transaction in
            _ = try transaction.webhookEndpoint(id)
            let last = try transaction.lastOutboxEvent()
            let end = min(until, last)
            let count = end > after ? end - after : 0
            guard count <= Int64(Self.webhookReplayCountLimit) else {
                throw CaseStoreError.webhook(
                    .replayTooLong(
                        count: count, limit: Self.webhookReplayCountLimit))
            }
            try transaction.planWebhooks(to: id, after: after, until: end, isReplay: true)
            let planned = transaction.db.changesCount
            try transaction.auditWebhook(id, "replayed", actor: actor)
            return planned
        }
    }

    /// How deliveries stand, over all tenants.
    public func webhookFigures() async throws(CaseStoreError) -> WebhookFigures {
        try await read { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT
                      (SELECT COUNT(*) FROM webhookEndpoint WHERE disabledAt IS NULL) AS active,
                      (SELECT COUNT(*) FROM webhookEndpoint WHERE disabledAt IS NOT NULL)
                        AS disabled,
                      (SELECT COUNT(*) FROM webhookDelivery WHERE state = 'dead') AS dead,
                      COUNT(*) AS pending, MIN(e.createdAt) AS oldest
                    FROM webhookDelivery d
                    JOIN webhookEndpoint w ON w.tenant = d.tenant AND w.id = d.endpoint
                    JOIN outboxEvent e ON e.tenant = d.tenant AND e.seq = d.seq
                    WHERE d.state = 'pending' AND w.disabledAt IS NULL
                    """)
            return WebhookFigures(
                pendingCount: row?["pending"] ?? 0,
                oldestPendingAt: (row?["oldest"] as Int64?).map(timestamp),
                deadCount: row?["dead"] ?? 0, activeEndpointCount: row?["active"] ?? 0,
                disabledEndpointCount: row?["disabled"] ?? 0)
        }
    }
}
