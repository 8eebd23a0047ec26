import Foundation
internal import GRDB
import ReturnsDomain

/// A lease as its row tells it; ends on the clock that never steps.
struct HeldLease: Sendable {
    let id: LeaseID
    let reviewer: ReviewerID
    /// The fencing token: rises with every lease given.
    let token: Int64
    /// When it ends, and how far heartbeats may move that, in nanoseconds since the machine
    /// started.
    let deadline: Int64
    let lastDeadline: Int64
    /// When it ends by the wall clock, for people.
    let expiresAt: Timestamp
    /// When the task was handed over, by the wall clock.
    let leasedAt: Timestamp
}

extension StoreTransaction {
    /// Puts an open task into a reviewer's hands and logs that the reviewer sees it.
    func lease(
        _ task: ReviewTaskRow, to reviewer: ReviewerID, for duration: Duration
    ) throws -> HeldLease {
        let start = clock.nanosecondsSinceBoot()
        let held = HeldLease(
            id: LeaseID(at: now), reviewer: reviewer, token: try next(.reviewLease),
            deadline: start + min(duration, CaseStore.leaseDurationLimit).nanoseconds,
            lastDeadline: start + CaseStore.leaseDurationLimit.nanoseconds,
            expiresAt: now.advanced(by: min(duration, CaseStore.leaseDurationLimit)),
            leasedAt: now)
        try insert(held, of: task)
        try appendQueueEvent(task.event(.leased, reviewer: reviewer, expiresAt: held.expiresAt))
        try noteView(of: task.adjudication.id, by: reviewer, task: task.id)
        _ = try appendAudit(
            AuditContent(
                kind: .reviewView, actor: .reviewer(reviewer), inspection: task.adjudication.id,
                meta: ["task": task.id.description]))
        return held
    }

    /// Writes a lease's row; the task is in its reviewer's hands from now on.
    func insert(_ held: HeldLease, of task: ReviewTaskRow) throws {
        try execute(
            """
            INSERT INTO reviewLease (tenant, task, lease, reviewer, token, bootID, deadline,
              lastDeadline, expiresAt, leasedAt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                task.id.description, held.id.description, held.reviewer.description, held.token,
                clock.bootID, held.deadline, held.lastDeadline,
                held.expiresAt.millisecondsSince1970, held.leasedAt.millisecondsSince1970,
            ])
        try execute(
            "UPDATE reviewTask SET state = 'leased', decidedAt = NULL WHERE tenant = ? AND id = ?",
            [task.id.description])
    }

    /// Notes that a reviewer has seen a case; appeals go to those who have not.
    ///
    /// - Parameter task: Under which task; nil if the reviewer held none of the case.
    func noteView(
        of inspection: InspectionID, by reviewer: ReviewerID, task: ReviewTaskID?
    ) throws {
        try execute(
            """
            INSERT OR IGNORE INTO caseView (tenant, inspection, reviewer, task)
            VALUES (?, ?, ?, ?)
            """,
            [inspection.description, reviewer.description, task?.description ?? ""])
    }

    /// Notes that a reviewer has looked at a case, under the task of it that the reviewer holds.
    func noteView(of inspection: InspectionID, by reviewer: ReviewerID) throws {
        let task = try String.fetchOne(
            db,
            sql: """
                SELECT l.task FROM reviewLease l
                JOIN reviewTask t ON t.tenant = l.tenant AND t.id = l.task
                WHERE l.tenant = ? AND t.inspection = ? AND l.reviewer = ?
                """,
            arguments: [tenant.description, inspection.description, reviewer.description])
        try noteView(
            of: inspection, by: reviewer,
            task: task.map { try identifier($0, ReviewTaskID.self) })
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
            if task.purpose != .gold { try appendOutboxEvent(.reviewExpired, task.adjudication) }
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
    func heldLease(of task: ReviewTaskRow, _ lease: LeaseID) throws -> HeldLease {
        guard task.state != .decided else { throw CaseStoreError.alreadyDecided(task.id) }
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT lease, reviewer, token, deadline, lastDeadline, expiresAt, leasedAt
                    FROM reviewLease WHERE tenant = ? AND task = ?
                      AND lease = ? AND bootID = ? AND deadline > ?
                    """),
            arguments: [
                tenant.description, task.id.description, lease.description, clock.bootID,
                clock.nanosecondsSinceBoot(),
            ])
        guard let row else { throw CaseStoreError.leaseLost(task.id) }
        return try HeldLease(row)
    }
}

extension HeldLease {
    /// Reads the columns that `reviewLease` and `reviewDecision` share.
    init(_ row: Row) throws {
        id = try identifier(row["lease"], LeaseID.self)
        reviewer = try identifier(row["reviewer"], ReviewerID.self)
        token = row["token"]
        deadline = row["deadline"]
        lastDeadline = row["lastDeadline"]
        expiresAt = timestamp(row["expiresAt"])
        leasedAt = timestamp(row["leasedAt"])
    }
}

extension Duration {
    /// The duration in whole nanoseconds.
    var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
