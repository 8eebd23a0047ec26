import Foundation
internal import GRDB
import ReturnsDomain

extension StoreTransaction {
    /// The pseudonym of a reviewer at work.
    func reviewerID(named name: String) throws -> ReviewerID {
        let id = try String.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT id FROM reviewer WHERE tenant = ? AND name = ? AND retiredAt IS NULL
                    """),
            arguments: [tenant.description, name])
        guard let id else { throw CaseStoreError.reviewerUnknown(name: name) }
        return try identifier(id, ReviewerID.self)
    }

    /// A task with the machine's adjudication.
    func task(_ id: ReviewTaskID) throws -> ReviewTaskRow {
        guard let row = try ReviewTaskRow.fetch(db, tenant: tenant, id: id) else {
            throw CaseStoreError.taskNotFound(id)
        }
        return row
    }

    /// Ends every lease whose time is over, so that its task is open again.
    ///
    /// Over means: given before the machine last started, or past its deadline on the clock that
    /// never steps. An event says so for each.
    func expireLeases() throws {
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT task, reviewer FROM reviewLease
                    WHERE tenant = ? AND (bootID <> ? OR deadline <= ?)
                    """),
            arguments: [tenant.description, clock.bootID, clock.nanosecondsSinceBoot()])
        for row in rows {
            let task = try task(identifier(row["task"], ReviewTaskID.self))
            try reopen(
                task, event: .expired, reviewer: identifier(row["reviewer"], ReviewerID.self))
            try appendOutboxEvent(.reviewExpired, task.adjudication)
        }
    }

    /// Takes a task out of its reviewer's hands.
    func reopen(_ task: ReviewTaskRow, event: QueueEvent.Kind, reviewer: ReviewerID) throws {
        try endLease(of: task.id)
        try execute(
            "UPDATE reviewTask SET state = 'open' WHERE tenant = ? AND id = ?",
            [task.id.description])
        try appendQueueEvent(task.event(event, reviewer: reviewer))
    }

    /// Removes a task's lease.
    func endLease(of task: ReviewTaskID) throws {
        try execute(
            "DELETE FROM reviewLease WHERE tenant = ? AND task = ?", [task.description])
    }

    /// Checks that a task is in somebody's hands under this very lease, and that it has not ended.
    ///
    /// - Returns: The lease's fencing token and who holds it.
    func holder(
        of task: ReviewTaskRow, lease: LeaseID
    ) throws -> (token: Int64, reviewer: ReviewerID) {
        guard task.state != .decided else { throw CaseStoreError.alreadyDecided(task.id) }
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT token, reviewer FROM reviewLease WHERE tenant = ? AND task = ?
                      AND lease = ? AND bootID = ? AND deadline > ?
                    """),
            arguments: [
                tenant.description, task.id.description, lease.description, clock.bootID,
                clock.nanosecondsSinceBoot(),
            ])
        guard let row else { throw CaseStoreError.leaseLost(task.id) }
        return (row["token"], try identifier(row["reviewer"], ReviewerID.self))
    }
}

/// A review task as stored, with the machine's adjudication.
struct ReviewTaskRow: Sendable {
    let id: ReviewTaskID
    let state: ReviewTaskState
    let openedAt: Timestamp
    let dueAt: Timestamp
    let priority: Double
    let reasons: [ReasonCode]
    let adjudication: Adjudication
    let salt: Data?
    let wrappedDataKey: Data?
    let sealedStatement: Data?

    private static let select = """
        SELECT t.id, t.state, t.openedAt, t.dueAt, t.priority, t.reasons, a.inspection, a.document,
          a.auditSeq, e.hash, i.salt, i.wrappedDataKey, i.sealedStatement
        FROM reviewTask t
        JOIN adjudication a ON a.tenant = t.tenant AND a.seq = t.adjudicationSeq
        JOIN auditEntry e ON e.tenant = a.tenant AND e.seq = a.auditSeq
        JOIN inspection i ON i.tenant = t.tenant AND i.id = t.inspection
        """

    /// Reads one task; nil if there is none.
    static func fetch(_ db: Database, tenant: Tenant, id: ReviewTaskID) throws -> ReviewTaskRow? {
        let statement = try db.cachedStatement(
            sql: select + " WHERE t.tenant = ? AND t.id = ?")
        let row = try Row.fetchOne(statement, arguments: [tenant.description, id.description])
        return try row.map(ReviewTaskRow.init)
    }

    /// Reads tasks, the most urgent first.
    static func fetch(
        _ db: Database, tenant: Tenant, state: ReviewTaskState, limit: Int
    ) throws -> [ReviewTaskRow] {
        let rows = try Row.fetchAll(
            db,
            sql: select + """
                 WHERE t.tenant = ? AND t.state = ?
                ORDER BY t.priority DESC, t.dueAt, t.id LIMIT ?
                """,
            arguments: [tenant.description, state.rawValue, limit])
        return try rows.map(ReviewTaskRow.init)
    }

    private init(_ row: Row) throws {
        id = try identifier(row["id"], ReviewTaskID.self)
        state = try word(row["state"], ReviewTaskState.self)
        openedAt = timestamp(row["openedAt"])
        dueAt = timestamp(row["dueAt"])
        priority = row["priority"]
        reasons = try words(row["reasons"]).map { try word($0, ReasonCode.self) }
        adjudication = try storedAdjudication(from: row)
        salt = row["salt"]
        wrappedDataKey = row["wrappedDataKey"]
        sealedStatement = row["sealedStatement"]
    }

    /// What the review queue says of this task.
    func event(
        _ kind: QueueEvent.Kind, reviewer: ReviewerID, expiresAt: Timestamp? = nil,
        decision: (outcome: Outcome, reason: ReasonCode)? = nil
    ) -> QueueEvent {
        QueueEvent(
            kind: kind, task: id, priority: priority, dueAt: dueAt, reasons: reasons,
            adjudication: adjudication, reviewer: reviewer, expiresAt: expiresAt,
            decision: decision)
    }

    /// The hand-over record, with the customer's statement opened.
    func handOver(
        tenant: Tenant, wrapping: KeyWrapping, state: ReviewTaskState
    ) throws -> ReviewTask {
        var statement: String?
        if let sealedStatement, let wrappedDataKey {
            let owner = SealOwner(tenant: tenant, inspection: adjudication.id)
            let key = try wrapping.unwrap(wrappedDataKey, for: owner)
            let plain = try Seal.open(sealedStatement, with: key, for: owner, part: "statement")
            statement = String(decoding: plain, as: UTF8.self)
        }
        return ReviewTask(
            id: id, inspection: adjudication.id, state: state, openedAt: openedAt, dueAt: dueAt,
            priority: priority, reasons: reasons, adjudication: adjudication, statement: statement)
    }
}
