import Foundation
internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// The longest comment of a reviewer, in UTF-8 bytes.
    public static let commentByteCountLimit = 4000

    /// Records a reviewer's decision as a new adjudication of the inspection.
    ///
    /// In one transaction: the adjudication, its audit entry by the reviewer's pseudonym, the queue
    /// event and the outgoing event. The machine's recommendation, confidence and reasons stay in
    /// the document; the reviewer's reason stands first. The comment is sealed with the
    /// inspection's key.
    ///
    /// - Parameters:
    ///   - decision: What was decided, under which lease.
    ///   - remedy: What the policy does for this outcome; the machine's remedy if nil.
    ///   - rationale: The reasons in words; the machine's if nil.
    /// - Returns: The adjudication that stands now, with its place in the audit log.
    /// - Throws: ``CaseStoreError/leaseLost(_:)`` for a stale lease or another reviewer's,
    ///   ``CaseStoreError/alreadyDecided(_:)``, ``CaseStoreError/taskNotFound(_:)``,
    ///   ``CaseStoreError/reviewerUnknown(name:)``, ``CaseStoreError/outcomeNotForReviewers(_:)``,
    ///   ``CaseStoreError/reasonNotForReviewers(_:)``,
    ///   ``CaseStoreError/commentTooLong(byteCount:limit:)``.
    @discardableResult
    public func decide(
        _ decision: ReviewDecision, remedy: Remedy? = nil, rationale: Rationale? = nil
    ) async throws(CaseStoreError) -> Adjudication {
        try Self.check(decision)
        let wrapping = wrapping
        return try await write { transaction in
            let reviewer = try transaction.reviewerID(named: decision.reviewer)
            let task = try transaction.task(decision.task)
            let held = try transaction.heldLease(of: task, decision.lease)
            guard held.reviewer == reviewer else {
                throw CaseStoreError.leaseLost(decision.task)
            }
            var decided = task.adjudication.decided(
                decision, at: transaction.now, remedy: remedy, rationale: rationale)
            let (seq, audit) = try transaction.append(decided, of: task, by: reviewer)
            try transaction.close(
                task, decision, held: held, adjudicationSeq: seq,
                sealedComment: task.sealed(
                    decision.comment, tenant: transaction.tenant, wrapping: wrapping,
                    token: held.token))
            try transaction.appendOutboxEvent(.reviewDecided, decided)
            decided.audit = audit
            return decided
        }
    }

    private static func check(_ decision: ReviewDecision) throws(CaseStoreError) {
        guard decision.outcome.isFinal || decision.outcome == .retake else {
            throw .outcomeNotForReviewers(decision.outcome)
        }
        let allowed =
            ReasonCode.reviewerCodes + DamageType.allCases.map(\.reasonCode)
            + [.noDamageVisible, .damageVisible]
        guard allowed.contains(decision.reason) else {
            throw .reasonNotForReviewers(decision.reason)
        }
        let byteCount = decision.comment?.utf8.count ?? 0
        guard byteCount <= commentByteCountLimit else {
            throw .commentTooLong(byteCount: byteCount, limit: commentByteCountLimit)
        }
    }
}

extension Adjudication {
    /// The same case as a person decided it.
    fileprivate func decided(
        _ review: ReviewDecision, at now: Timestamp, remedy: Remedy?, rationale: Rationale?
    ) -> Adjudication {
        let others = decision.reasons.filter { $0.code != review.reason }
        return Adjudication(
            id: id, createdAt: now, decidedBy: .reviewer, order: order,
            decision: Decision(
                outcome: review.outcome, recommended: decision.recommended,
                severity: decision.severity, confidence: decision.confidence,
                predictionSet: decision.predictionSet, reasons: [Reason(review.reason)] + others,
                remedy: remedy ?? decision.remedy, rule: decision.rule),
            probabilities: probabilities, damage: damage, comparison: comparison,
            rationale: rationale ?? self.rationale, photos: photos,
            undecodablePhotos: undecodablePhotos, automation: automation, model: model,
            policy: policy)
    }
}

extension ReviewTaskRow {
    /// A comment sealed with the inspection's key; nil if there is none.
    fileprivate func sealed(
        _ comment: String?, tenant: Tenant, wrapping: KeyWrapping, token: Int64
    ) throws -> Data? {
        guard let comment, !comment.isEmpty else { return nil }
        guard let wrappedDataKey else {
            throw CaseStoreError.inspectionNotFound(adjudication.id)
        }
        let owner = SealOwner(tenant: tenant, inspection: adjudication.id)
        let key = try wrapping.unwrap(wrappedDataKey, for: owner)
        return try Seal.close(
            Data(comment.utf8), with: key, for: owner, part: "comment-\(id)-\(token)")
    }
}

extension StoreTransaction {
    fileprivate func append(
        _ adjudication: Adjudication, of task: ReviewTaskRow, by reviewer: ReviewerID
    ) throws -> (seq: Int64, audit: AuditPosition) {
        guard let salt = task.salt else {
            throw CaseStoreError.inspectionNotFound(adjudication.id)
        }
        let agrees = adjudication.decision.outcome == adjudication.decision.recommended
        let appended = try appendAdjudication(
            adjudication, document: adjudication.storedBytes(), salt: salt,
            kind: .reviewDecision, actor: .reviewer(reviewer), reviewer: reviewer,
            meta: [
                "task": task.id.description, "agrees": agrees ? "true" : "false",
                "reason": adjudication.decision.reasons.first?.code.rawValue ?? "",
            ])
        try setStanding(adjudication)
        return appended
    }

    fileprivate func close(
        _ task: ReviewTaskRow, _ decision: ReviewDecision, held: HeldLease,
        adjudicationSeq: Int64, sealedComment: Data?
    ) throws {
        try endLease(of: task.id)
        try execute(
            """
            UPDATE reviewTask SET state = 'decided', decidedAt = ?2 WHERE tenant = ?1 AND id = ?3
            """,
            [now.millisecondsSince1970, task.id.description])
        try execute(
            """
            INSERT INTO reviewDecision (tenant, task, token, reviewer, outcome, reason,
              sealedComment, decidedAt, adjudicationSeq, lease, bootID, deadline, lastDeadline,
              expiresAt, leasedAt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                task.id.description, held.token, held.reviewer.description,
                decision.outcome.rawValue, decision.reason.rawValue, sealedComment,
                now.millisecondsSince1970, adjudicationSeq, held.id.description, clock.bootID,
                held.deadline, held.lastDeadline, held.expiresAt.millisecondsSince1970,
                held.leasedAt.millisecondsSince1970,
            ])
        try appendQueueEvent(
            task.event(
                .decided, reviewer: held.reviewer, decision: (decision.outcome, decision.reason)))
    }
}
