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

    /// The longest that one lease holds a task, however often it is prolonged: eight hours.
    ///
    /// So that a forgotten terminal cannot keep a case from everyone else.
    public static let leaseDurationLimit = Duration.seconds(8 * 3600)

    /// Gives the most urgent open task to a reviewer; nil if none is open.
    ///
    /// First ends leases whose time is over. One task is never in two hands: the transaction sees
    /// all earlier leases, of other processes too.
    ///
    /// - Parameters:
    ///   - reviewer: The reviewer's name.
    ///   - duration: How long the reviewer may take; counted on a clock that never steps, at most
    ///     ``leaseDurationLimit``.
    ///   - skipped: Tasks not to give, as the reviewer gave them back.
    /// - Throws: ``CaseStoreError/reviewerUnknown(name:)``.
    public func leaseNextReviewTask(
        reviewer: String, duration: Duration, except skipped: Set<ReviewTaskID> = []
    ) async throws(CaseStoreError) -> LeasedReviewTask? {
        // Before other work, as a reviewer without a case is idle.
        let leased = try await write(isUrgent: true) {
            transaction -> (row: ReviewTaskRow, held: HeldLease)? in
            let reviewer = try transaction.reviewerID(named: reviewer)
            try transaction.expireLeases()
            guard
                let row = try ReviewTaskRow.fetchNext(
                    transaction.db, tenant: transaction.tenant, for: reviewer,
                    except: skipped)
            else { return nil }
            return (row, try transaction.lease(row, to: reviewer, for: duration))
        }
        guard let leased else { return nil }
        // Opened only now, as everyone else who writes would wait for it.
        do {
            let task = try leased.row.handOver(tenant: tenant, wrapping: wrapping, state: .leased)
            return LeasedReviewTask(
                task: task, lease: leased.held.id, expiresAt: leased.held.expiresAt)
        } catch {
            throw CaseStoreError(error)
        }
    }

    /// Prolongs a lease: it ends `duration` from now, never earlier than before.
    ///
    /// A queue event `leased` tells the new end.
    ///
    /// - Parameters:
    ///   - task: The leased task.
    ///   - lease: The lease that is still held.
    ///   - duration: Counted on a clock that never steps; the lease as a whole ends
    ///     ``leaseDurationLimit`` after it was given.
    /// - Returns: When the lease ends by the wall clock.
    /// - Throws: ``CaseStoreError/leaseLost(_:)`` if the lease has ended,
    ///   ``CaseStoreError/taskNotFound(_:)``, ``CaseStoreError/alreadyDecided(_:)``.
    @discardableResult
    public func heartbeat(
        _ task: ReviewTaskID, lease: LeaseID, duration: Duration
    ) async throws(CaseStoreError) -> Timestamp {
        try await write { transaction in
            let row = try transaction.task(task)
            let held = try transaction.heldLease(of: row, lease)
            let present = transaction.clock.nanosecondsSinceBoot()
            let wished = present + min(duration, Self.leaseDurationLimit).nanoseconds
            let deadline = max(held.deadline, min(wished, held.lastDeadline))
            let expiresAt = transaction.now.advanced(by: .nanoseconds(deadline - present))
            try transaction.execute(
                """
                UPDATE reviewLease SET deadline = ?2, expiresAt = ?3
                WHERE tenant = ?1 AND task = ?4
                """,
                [deadline, expiresAt.millisecondsSince1970, task.description])
            try transaction.appendQueueEvent(
                row.event(.leased, reviewer: held.reviewer, expiresAt: expiresAt))
            return expiresAt
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
            let held = try transaction.heldLease(of: row, lease)
            try transaction.reopen(row, event: .released, reviewer: held.reviewer)
        }
    }
}
