import Foundation
internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// Deliveries of one endpoint that wait at once; further events wait in the feed.
    public static let webhookPendingCountLimit = 10_000

    /// Gives each active endpoint a delivery for every wanted event that it has not been given yet,
    /// over all tenants.
    ///
    /// Each endpoint's deliveries and its cursor change in one transaction, so that a kill loses
    /// none and doubles none. An endpoint is given at most ``groupCountLimit`` a call.
    public func planWebhooks() async throws(CaseStoreError) {
        let behind = try await read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT w.tenant, w.id FROM webhookEndpoint w
                    JOIN sequence s ON s.tenant = w.tenant AND s.name = 'outboxEvent'
                    WHERE w.disabledAt IS NULL AND w.cursor < s.last
                    """
            ).map {
                (
                    tenant: try rowTenant($0),
                    id: try identifier($0["id"], WebhookEndpointID.self)
                )
            }
        }
        for endpoint in behind {
            try await forTenant(endpoint.tenant).write { transaction in
                try transaction.planNextWebhooks(to: endpoint.id)
            }
        }
    }

    /// Deliveries of active endpoints whose time has come, the oldest first, over all tenants.
    ///
    /// - Parameters:
    ///   - limit: How many of one endpoint, at least 1; of one that is failing only one.
    ///   - running: The events that are being sent to each endpoint; they are left out, and count.
    /// - Returns: The deliveries, and the endpoints whose secret does not open, which get none.
    public func dueWebhooks(
        limit: Int, running: [WebhookEndpointID: Set<Int64>]
    ) async throws(CaseStoreError) -> (due: [DueWebhook], broken: [WebhookEndpointID]) {
        let (wrapping, now) = (wrapping, clock.now())
        return try await read { db in
            var due: [DueWebhook] = []
            var broken: [WebhookEndpointID] = []
            let sql = "SELECT * FROM webhookEndpoint WHERE disabledAt IS NULL ORDER BY tenant, id"
            for row in try Row.fetchAll(db, sql: sql) {
                do {
                    let sending = try WebhookSending(row, wrapping: wrapping, now: now)
                    due += try sending.due(in: db, limit: limit, running: running, now: now)
                } catch CaseStoreError.webhook(.secretBroken(let id)) {
                    broken.append(id)
                }
            }
            return (due, broken)
        }
    }

    /// Notes what came of an attempt, and what follows from it.
    ///
    /// A delivery that was erased, replayed or removed meanwhile keeps what it became.
    public func settle(
        _ due: DueWebhook, attempt: WebhookAttempt, verdict: WebhookVerdict
    ) async throws(CaseStoreError) {
        try await forTenant(due.tenant).write { transaction in
            try transaction.settle(due, attempt: attempt, verdict: verdict)
        }
    }

    /// Removes deliveries from the log that were settled before a moment, of all tenants.
    ///
    /// Their events stay in the feed and can be replayed.
    public func removeSettledWebhooks(before moment: Timestamp) async throws(CaseStoreError) {
        try await write { transaction in
            try transaction.db.execute(
                sql: "DELETE FROM webhookDelivery WHERE settledAt < ?",
                arguments: [moment.millisecondsSince1970])
        }
    }
}

extension StoreTransaction {
    /// The number of the tenant's last outgoing event; 0 if there is none.
    func lastOutboxEvent() throws -> Int64 {
        try Int64.fetchOne(
            db, sql: "SELECT last FROM sequence WHERE tenant = ? AND name = 'outboxEvent'",
            arguments: [tenant.description]) ?? 0
    }

    /// Plans the next events after an endpoint's cursor and moves the cursor.
    fileprivate func planNextWebhooks(to id: WebhookEndpointID) throws {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT cursor, (SELECT COUNT(*) FROM webhookDelivery d WHERE d.tenant = w.tenant
                  AND d.endpoint = w.id AND d.state = 'pending') AS waiting
                FROM webhookEndpoint w WHERE tenant = ? AND id = ? AND disabledAt IS NULL
                """,
            arguments: [tenant.description, id.description])
        // Removed or disabled since it was looked at, or full.
        guard let row, (row["waiting"] as Int) < CaseStore.webhookPendingCountLimit else { return }
        let cursor: Int64 = row["cursor"]
        let end = min(cursor + Int64(CaseStore.groupCountLimit), try lastOutboxEvent())
        try planWebhooks(to: id, after: cursor, until: end, isReplay: false)
        try execute(
            "UPDATE webhookEndpoint SET cursor = ?3 WHERE tenant = ?1 AND id = ?2",
            [id.description, end])
    }

    /// Makes deliveries due now of the wanted events of a range.
    func planWebhooks(
        to id: WebhookEndpointID, after: Int64, until: Int64, isReplay: Bool
    ) throws {
        let known =
            isReplay
            ? """
            DO UPDATE SET state = 'pending', attempts = 0, nextAt = excluded.nextAt,
              settledAt = NULL, lastAttemptAt = NULL, lastStatus = NULL, lastError = NULL
            """ : "DO NOTHING"
        try execute(
            """
            INSERT INTO webhookDelivery (tenant, endpoint, seq, state, attempts, nextAt)
            SELECT e.tenant, w.id, e.seq, 'pending', 0, ?5 FROM outboxEvent e
            JOIN webhookEndpoint w ON w.tenant = e.tenant AND w.id = ?2
            WHERE e.tenant = ?1 AND e.seq > ?3 AND e.seq <= ?4 AND e.type <> 'erased'
              AND (w.eventTypes = ''
                OR instr(' ' || w.eventTypes || ' ', ' ' || e.type || ' ') > 0)
            ON CONFLICT (tenant, endpoint, seq) \(known)
            """,
            [id.description, after, until, now.millisecondsSince1970])
    }

    fileprivate func settle(
        _ due: DueWebhook, attempt: WebhookAttempt, verdict: WebhookVerdict
    ) throws {
        let (state, next, disables) = Self.columns(of: verdict)
        let end = state == .pending ? nil : now.millisecondsSince1970
        try execute(
            """
            UPDATE webhookDelivery SET state = ?4, attempts = attempts + 1, nextAt = ?5,
              lastAttemptAt = ?6, lastStatus = ?7, lastError = ?8, settledAt = ?9
            WHERE tenant = ?1 AND endpoint = ?2 AND seq = ?3 AND state = 'pending'
            """,
            [
                due.endpoint.description, due.sequence, state.rawValue,
                next?.millisecondsSince1970, now.millisecondsSince1970, attempt.status,
                attempt.failure?.rawValue, end,
            ])
        try execute(
            """
            UPDATE webhookEndpoint SET failingSince = IIF(?3, NULL, IFNULL(failingSince, ?4))
            WHERE tenant = ?1 AND id = ?2
            """,
            [due.endpoint.description, attempt.isDelivered, now.millisecondsSince1970])
        guard let disables else { return }
        try execute(
            """
            UPDATE webhookEndpoint SET disabledAt = ?3, disabledReason = ?4
            WHERE tenant = ?1 AND id = ?2 AND disabledAt IS NULL
            """,
            [due.endpoint.description, now.millisecondsSince1970, disables.rawValue])
        guard db.changesCount == 1 else { return }
        try auditWebhook(
            due.endpoint, "disabled", actor: .machine, reason: disables.rawValue)
    }

    private static func columns(
        of verdict: WebhookVerdict
    ) -> (WebhookDelivery.State, Timestamp?, WebhookEndpoint.DisabledReason?) {
        switch verdict {
        case .delivered: (.delivered, nil, nil)
        case .retry(let time): (.pending, time, nil)
        case .disable(let reason, let time): (.pending, time, reason)
        case .dead: (.dead, nil, nil)
        }
    }
}

/// An endpoint with the secrets that sign for it now.
private struct WebhookSending {
    let tenant: Tenant
    let endpoint: WebhookEndpoint
    private let secrets: [WebhookSecret]

    init(_ row: Row, wrapping: KeyWrapping, now: Timestamp) throws {
        tenant = try rowTenant(row)
        endpoint = try WebhookEndpoint(row)
        let owner = WebhookSecretOwner(tenant: tenant, endpoint: endpoint.id)
        var secrets = [try wrapping.unwrap(row["wrappedSecret"], for: owner)]
        if let previous: Data = row["wrappedPreviousSecret"],
            let end = endpoint.previousSecretUntil, now < end
        {
            secrets.append(try wrapping.unwrap(previous, for: owner))
        }
        self.secrets = secrets
    }

    /// Deliveries whose time has come: as many as have room beside those that are running.
    func due(
        in db: Database, limit: Int, running: [WebhookEndpointID: Set<Int64>], now: Timestamp
    ) throws -> [DueWebhook] {
        let busy = running[endpoint.id] ?? []
        let count = (endpoint.failingSince == nil ? limit : 1) - busy.count
        guard count > 0 else { return [] }
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT d.seq, d.attempts, e.id, e.body FROM webhookDelivery d
                JOIN outboxEvent e ON e.tenant = d.tenant AND e.seq = d.seq
                WHERE d.tenant = ? AND d.endpoint = ? AND d.state = 'pending' AND d.nextAt <= ?
                  AND e.type <> 'erased'
                ORDER BY d.nextAt, d.seq LIMIT ?
                """,
            arguments: [
                tenant.description, endpoint.id.description, now.millisecondsSince1970,
                count + busy.count,
            ])
        return try rows.filter { !busy.contains($0["seq"]) }.prefix(count).map { row in
            DueWebhook(
                tenant: tenant, endpoint: endpoint.id, url: endpoint.url, secrets: secrets,
                failingSince: endpoint.failingSince, sequence: row["seq"],
                event: try identifier(row["id"], EventID.self), body: row["body"],
                attempt: (row["attempts"] as Int) + 1)
        }
    }
}
