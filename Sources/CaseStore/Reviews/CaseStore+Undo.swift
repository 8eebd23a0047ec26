import Foundation
internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// Takes a decision back while the lease in which it was made lasts.
    ///
    /// Nothing is removed: a correcting entry in the audit log and a new adjudication, equal to the
    /// one that stood before, follow the decision. The task is in the reviewer's hands again under
    /// the same lease, which ends when it would have ended.
    ///
    /// - Parameters:
    ///   - task: The decided task.
    ///   - lease: The lease in which it was decided.
    ///   - reviewer: The name of the reviewer who decided.
    /// - Returns: The task in the reviewer's hands.
    /// - Throws: ``CaseStoreError/leaseLost(_:)`` if that lease has ended or was another
    ///   reviewer's, ``CaseStoreError/undoRefused(_:)`` if the case went on meanwhile,
    ///   ``CaseStoreError/taskNotFound(_:)``, ``CaseStoreError/reviewerUnknown(name:)``.
    @discardableResult
    public func undoDecision(
        _ task: ReviewTaskID, lease: LeaseID, reviewer: String
    ) async throws(CaseStoreError) -> LeasedReviewTask {
        let wrapping = wrapping
        return try await write { transaction in
            let reviewer = try transaction.reviewerID(named: reviewer)
            let row = try transaction.task(task)
            let (held, adjudicationSeq) = try transaction.answer(to: row, under: lease)
            guard held.reviewer == reviewer else { throw CaseStoreError.leaseLost(task) }
            try transaction.checkNothingFollowed(row, adjudicationSeq: adjudicationSeq)
            try transaction.takeBack(row, held, adjudicationSeq: adjudicationSeq)
            let task = try row.handOver(
                tenant: transaction.tenant, wrapping: wrapping, state: .leased)
            return LeasedReviewTask(task: task, lease: held.id, expiresAt: held.expiresAt)
        }
    }
}

extension StoreTransaction {
    /// The answer that was given under a lease which would still last.
    fileprivate func answer(
        to task: ReviewTaskRow, under lease: LeaseID
    ) throws -> (held: HeldLease, adjudicationSeq: Int64?) {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT lease, reviewer, token, deadline, lastDeadline, expiresAt, leasedAt,
                      adjudicationSeq
                    FROM reviewDecision WHERE tenant = ? AND task = ? AND lease = ?
                      AND bootID = ? AND deadline > ? AND undoneAt IS NULL
                    """),
            arguments: [
                tenant.description, task.id.description, lease.description, clock.bootID,
                clock.nanosecondsSinceBoot(),
            ])
        guard let row else { throw CaseStoreError.leaseLost(task.id) }
        return (try HeldLease(row), row["adjudicationSeq"])
    }

    /// Refuses if someone else has the task, or if the case went on after the decision.
    fileprivate func checkNothingFollowed(
        _ task: ReviewTaskRow, adjudicationSeq: Int64?
    ) throws {
        guard let adjudicationSeq else {
            // One answer of several can go back until another has the task or they have decided;
            // one to a case of known answer settled nothing but its task.
            guard task.state == (task.purpose == .gold ? .decided : .open) else {
                throw CaseStoreError.undoRefused(task.id)
            }
            return
        }
        let hasFollower = try Bool.fetchOne(
            db,
            sql: """
                SELECT EXISTS (SELECT 1 FROM adjudication
                    WHERE tenant = ?1 AND inspection = ?2 AND seq > ?3)
                  OR EXISTS (SELECT 1 FROM reviewTask
                    WHERE tenant = ?1 AND inspection = ?2 AND id <> ?4 AND kind <> 'gold'
                      AND state <> 'decided')
                """,
            arguments: [
                tenant.description, task.adjudication.id.description, adjudicationSeq,
                task.id.description,
            ])
        guard hasFollower == false else { throw CaseStoreError.undoRefused(task.id) }
    }

    fileprivate func takeBack(
        _ task: ReviewTaskRow, _ held: HeldLease, adjudicationSeq: Int64?
    ) throws {
        try execute(
            """
            UPDATE reviewDecision SET undoneAt = ?2 WHERE tenant = ?1 AND task = ?3 AND token = ?4
            """,
            [now.millisecondsSince1970, task.id.description, held.token])
        if let adjudicationSeq {
            if task.purpose == .appeal { try reopenAppeal(task) }
            try restoreAdjudication(before: adjudicationSeq, task: task, reviewer: held.reviewer)
            try appendOutboxEvent(
                task.purpose == .appeal ? .appealOpened : .reviewOpened, task.adjudication)
        } else {
            _ = try appendAudit(
                AuditContent(
                    kind: .reviewUndone, actor: .reviewer(held.reviewer),
                    inspection: task.adjudication.id, meta: ["task": task.id.description]))
        }
        // A token of its own, because the answer that was taken back keeps the old one.
        try insert(
            HeldLease(
                id: held.id, reviewer: held.reviewer, token: try next(.reviewLease),
                deadline: held.deadline, lastDeadline: held.lastDeadline,
                expiresAt: held.expiresAt, leasedAt: held.leasedAt),
            of: task)
        var opened = task.event(.opened, reviewer: held.reviewer)
        opened.undoes = true
        try appendQueueEvent(opened)
        try appendQueueEvent(
            task.event(.leased, reviewer: held.reviewer, expiresAt: held.expiresAt))
    }

    /// Lets the adjudication that stood before a decision stand again, as a new one.
    private func restoreAdjudication(
        before seq: Int64, task: ReviewTaskRow, reviewer: ReviewerID
    ) throws {
        guard let salt = task.salt else {
            throw CaseStoreError.inspectionNotFound(task.adjudication.id)
        }
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT a.inspection, a.document, a.auditSeq, e.hash FROM adjudication a
                JOIN auditEntry e ON e.tenant = a.tenant AND e.seq = a.auditSeq
                WHERE a.tenant = ? AND a.inspection = ? AND a.seq < ? ORDER BY a.seq DESC LIMIT 1
                """,
            arguments: [tenant.description, task.adjudication.id.description, seq])
        guard let row else {
            throw CaseStoreError.databaseCorrupt(reason: "adjudication \(seq) follows none")
        }
        let restored = try storedAdjudication(from: row).reissued(at: now)
        _ = try appendAdjudication(
            restored, document: restored.storedBytes(), salt: salt, kind: .reviewUndone,
            actor: .reviewer(reviewer), meta: ["task": task.id.description])
        try setStanding(restored)
    }

    /// Notes on the inspection which adjudication stands.
    func setStanding(_ adjudication: Adjudication) throws {
        try execute(
            "UPDATE inspection SET outcome = ?2, decidedBy = ?3 WHERE tenant = ?1 AND id = ?4",
            [
                adjudication.decision.outcome.rawValue, adjudication.decidedBy.rawValue,
                adjudication.id.description,
            ])
    }
}

extension Adjudication {
    /// The same decision made once more, later.
    fileprivate func reissued(at moment: Timestamp) -> Adjudication {
        Adjudication(
            id: id, createdAt: moment, decidedBy: decidedBy, order: order, decision: decision,
            probabilities: probabilities, damage: damage, comparison: comparison,
            rationale: rationale, photos: photos, undecodablePhotos: undecodablePhotos,
            automation: automation, model: model, policy: policy)
    }
}
