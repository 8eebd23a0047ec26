import Foundation
internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// Review tasks of one state, the most urgent first.
    ///
    /// - Parameters:
    ///   - state: Which ones. A lease that has ended counts as held until the next one is given.
    ///   - limit: 1…``pageCountLimit``.
    public func reviewTasks(
        state: ReviewTaskState = .open, limit: Int = 100
    ) async throws(CaseStoreError) -> [ReviewTask] {
        let (tenant, wrapping) = (tenant, wrapping)
        let limit = min(max(limit, 1), Self.pageCountLimit)
        return try await read { db in
            try ReviewTaskRow.fetch(db, tenant: tenant, state: state, limit: limit).map {
                try $0.handOver(tenant: tenant, wrapping: wrapping, state: $0.state)
            }
        }
    }

    /// One review task; nil if there is none of this id.
    public func reviewTask(_ id: ReviewTaskID) async throws(CaseStoreError) -> ReviewTask? {
        let (tenant, wrapping) = (tenant, wrapping)
        return try await read { db in
            try ReviewTaskRow.fetch(db, tenant: tenant, id: id).map {
                try $0.handOver(tenant: tenant, wrapping: wrapping, state: $0.state)
            }
        }
    }

    /// Gives the most urgent open task to a reviewer; nil if none is open.
    ///
    /// First ends leases whose time is over. One task is never in two hands: the transaction sees
    /// all earlier leases, of other processes too.
    ///
    /// - Parameters:
    ///   - reviewer: The reviewer's name.
    ///   - duration: How long the reviewer may take; counted on a clock that never steps.
    /// - Throws: ``CaseStoreError/reviewerUnknown(name:)``.
    public func leaseNextReviewTask(
        reviewer: String, duration: Duration
    ) async throws(CaseStoreError) -> LeasedReviewTask? {
        let wrapping = wrapping
        return try await write { transaction in
            let reviewer = try transaction.reviewerID(named: reviewer)
            try transaction.expireLeases()
            guard
                let row = try ReviewTaskRow.fetch(
                    transaction.db, tenant: transaction.tenant, state: .open, limit: 1
                ).first
            else { return nil }
            let (lease, expiresAt) = try transaction.lease(row, to: reviewer, for: duration)
            let task = try row.handOver(
                tenant: transaction.tenant, wrapping: wrapping, state: .leased)
            return LeasedReviewTask(task: task, lease: lease, expiresAt: expiresAt)
        }
    }

    /// Puts a task back into the queue.
    ///
    /// - Throws: ``CaseStoreError/leaseLost(_:)`` if the lease has ended,
    ///   ``CaseStoreError/taskNotFound(_:)``, ``CaseStoreError/alreadyDecided(_:)``.
    public func release(
        _ task: ReviewTaskID, lease: LeaseID
    ) async throws(CaseStoreError) {
        try await write { transaction in
            let row = try transaction.task(task)
            let holder = try transaction.holder(of: row, lease: lease)
            try transaction.reopen(row, event: .released, reviewer: holder.reviewer)
        }
    }
}

extension StoreTransaction {
    /// Puts an open task into a reviewer's hands and logs that the reviewer sees it.
    fileprivate func lease(
        _ task: ReviewTaskRow, to reviewer: ReviewerID, for duration: Duration
    ) throws -> (LeaseID, expiresAt: Timestamp) {
        let lease = LeaseID(at: now)
        let expiresAt = now.advanced(by: duration)
        let (seconds, attoseconds) = duration.components
        let nanoseconds = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        try execute(
            """
            INSERT INTO reviewLease (tenant, task, lease, reviewer, token, bootID, deadline,
              expiresAt) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                task.id.description, lease.description, reviewer.description,
                next(.reviewLease), clock.bootID, clock.nanosecondsSinceBoot() + nanoseconds,
                expiresAt.millisecondsSince1970,
            ])
        try execute(
            "UPDATE reviewTask SET state = 'leased' WHERE tenant = ? AND id = ?",
            [task.id.description])
        try appendQueueEvent(task.event(.leased, reviewer: reviewer, expiresAt: expiresAt))
        _ = try appendAudit(
            AuditContent(
                kind: .reviewView, actor: .reviewer(reviewer), inspection: task.adjudication.id,
                meta: ["task": task.id.description]))
        return (lease, expiresAt)
    }
}
