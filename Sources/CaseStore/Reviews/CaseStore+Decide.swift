import Foundation
internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// The longest comment of a reviewer, in UTF-8 bytes.
    public static let commentByteCountLimit = 4000

    /// What a policy makes of a decided outcome: its remedy, and the reason in words.
    ///
    /// A pure function, called with the outcome that stands, which need not be the reviewer's own.
    public typealias DecisionWording =
        @Sendable (Outcome, ReasonCode) -> (
            remedy: Remedy?, rationale: Rationale?
        )

    /// Records a reviewer's decision as a new adjudication of the inspection.
    ///
    /// See ``decide(_:wording:)``; remedy and words are the machine's where nil.
    @discardableResult
    public func decide(
        _ decision: ReviewDecision, remedy: Remedy? = nil, rationale: Rationale? = nil
    ) async throws(CaseStoreError) -> Adjudication {
        try await decide(decision) { _, _ in (remedy, rationale) }
    }

    /// Records a reviewer's decision as a new adjudication of the inspection.
    ///
    /// In one transaction: the adjudication, its audit entry by the reviewer's pseudonym, the queue
    /// event and the outgoing event. The machine's recommendation, confidence and reasons stay in
    /// the document; the reviewer's reason stands first. The comment is sealed with the
    /// inspection's key.
    ///
    /// Where several reviewers have to answer, the answer that settles the task makes the
    /// adjudication (``ReviewSettlement``); after any other the task is open again. The answer to a
    /// case of known answer makes none. The reviewer is told the same in each case.
    ///
    /// - Parameters:
    ///   - decision: What was decided, under which lease.
    ///   - wording: Where remedy and words come from; the machine's where it gives nil.
    /// - Returns: The case as this reviewer decided it, or as it was settled, with the place of its
    ///   entry in the audit log.
    /// - Throws: ``CaseStoreError/leaseLost(_:)`` for a stale lease or another reviewer's,
    ///   ``CaseStoreError/alreadyDecided(_:)``, ``CaseStoreError/taskNotFound(_:)``,
    ///   ``CaseStoreError/reviewerUnknown(name:)``, ``CaseStoreError/outcomeNotForReviewers(_:)``,
    ///   ``CaseStoreError/reasonNotForReviewers(_:)``,
    ///   ``CaseStoreError/commentTooLong(byteCount:limit:)``.
    @discardableResult
    public func decide(
        _ decision: ReviewDecision, wording: @escaping DecisionWording
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
            let comment = try task.sealed(
                decision.comment, tenant: transaction.tenant, wrapping: wrapping,
                token: held.token)
            let own = Answer(
                reviewer: reviewer, outcome: decision.outcome, reason: decision.reason)
            try transaction.endLease(of: task.id)
            let answers = try transaction.answers(to: task) + [own]
            guard let settled = task.settled(by: answers) else {
                return try transaction.take(own, of: task, held, comment, wording)
            }
            return try transaction.settle(settled, answers, of: task, held, comment, wording)
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

/// One reviewer's answer to a task.
struct Answer: Hashable, Sendable {
    let reviewer: ReviewerID
    let outcome: Outcome
    let reason: ReasonCode
}

extension Adjudication {
    /// The same case as a person decided it.
    fileprivate func decided(
        _ answer: Answer, at now: Timestamp, _ wording: CaseStore.DecisionWording
    ) -> Adjudication {
        let (remedy, rationale) = wording(answer.outcome, answer.reason)
        let others = decision.reasons.filter { $0.code != answer.reason }
        return Adjudication(
            id: id, createdAt: now, decidedBy: .reviewer, order: order,
            decision: Decision(
                outcome: answer.outcome, recommended: decision.recommended,
                severity: decision.severity, confidence: decision.confidence,
                predictionSet: decision.predictionSet, reasons: [Reason(answer.reason)] + others,
                remedy: remedy ?? decision.remedy, rule: decision.rule),
            probabilities: probabilities, damage: damage, comparison: comparison,
            rationale: rationale ?? self.rationale, photos: photos,
            undecodablePhotos: undecodablePhotos, automation: automation, model: model,
            policy: policy)
    }
}

extension ReviewTaskRow {
    /// The answer that stands; nil if others have to answer, or if the answer was known.
    fileprivate func settled(by answers: [Answer]) -> Answer? {
        guard purpose != .gold,
            let outcome = ReviewSettlement.outcome(
                of: answers.map(\.outcome), needed: reviewersNeeded)
        else { return nil }
        return answers.last { $0.outcome == outcome }
    }

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
    /// The answers given to a task so far, none that was taken back.
    fileprivate func answers(to task: ReviewTaskRow) throws -> [Answer] {
        try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT reviewer, outcome, reason FROM reviewDecision
                    WHERE tenant = ? AND task = ? AND undoneAt IS NULL ORDER BY token
                    """),
            arguments: [tenant.description, task.id.description]
        ).map { row in
            Answer(
                reviewer: try identifier(row["reviewer"], ReviewerID.self),
                outcome: try word(row["outcome"], Outcome.self),
                reason: try word(row["reason"], ReasonCode.self))
        }
    }

    /// Takes an answer that decides nothing; the audit log commits to it without telling it.
    fileprivate func take(
        _ answer: Answer, of task: ReviewTaskRow, _ held: HeldLease, _ comment: Data?,
        _ wording: CaseStore.DecisionWording
    ) throws -> Adjudication {
        guard let salt = task.salt else {
            throw CaseStoreError.inspectionNotFound(task.adjudication.id)
        }
        let words = "\(held.token) \(answer.outcome.rawValue) \(answer.reason.rawValue)"
        let commitment = InspectionSecrets.commitment(to: Data(words.utf8), salt: salt)
        let audit = try appendAudit(
            AuditContent(
                kind: .reviewAnswer, actor: .reviewer(answer.reviewer),
                inspection: task.adjudication.id,
                meta: ["task": task.id.description, "answer": hexadecimal(commitment)]))
        try insert(answer, to: task, held, comment, adjudicationSeq: nil)
        if task.purpose == .gold {
            try close(task, answer, held)
        } else {
            try reopen(task, event: .released, reviewer: answer.reviewer)
        }
        var own = task.adjudication.decided(answer, at: now, wording)
        own.audit = audit
        return own
    }

    /// Makes the adjudication that settles a task.
    fileprivate func settle(
        _ settled: Answer, _ answers: [Answer], of task: ReviewTaskRow, _ held: HeldLease,
        _ comment: Data?, _ wording: CaseStore.DecisionWording
    ) throws -> Adjudication {
        guard let salt = task.salt, let own = answers.last else {
            throw CaseStoreError.inspectionNotFound(task.adjudication.id)
        }
        var decided = task.adjudication.decided(settled, at: now, wording)
        let agrees = decided.decision.outcome == decided.decision.recommended
        var meta = [
            "task": task.id.description, "agrees": agrees ? "true" : "false",
            "reason": settled.reason.rawValue,
        ]
        if answers.count > 1 {
            meta["answers"] = answers.map { "\($0.reviewer):\($0.outcome.rawValue)" }
                .joined(separator: " ")
        }
        if task.purpose == .appeal {
            meta["appeal"] = try closeAppeal(task, outcome: settled.outcome)
        }
        let (seq, audit) = try appendAdjudication(
            decided, document: decided.storedBytes(), salt: salt, kind: .reviewDecision,
            actor: .reviewer(own.reviewer), reviewer: own.reviewer, meta: meta)
        try setStanding(decided)
        try insert(own, to: task, held, comment, adjudicationSeq: seq)
        try close(task, settled, held)
        try appendOutboxEvent(.reviewDecided, decided)
        if task.purpose == .appeal { try appendOutboxEvent(.appealDecided, decided) }
        decided.audit = audit
        return decided
    }

    private func close(
        _ task: ReviewTaskRow, _ answer: Answer, _ held: HeldLease
    ) throws {
        try execute(
            """
            UPDATE reviewTask SET state = 'decided', decidedAt = ?2 WHERE tenant = ?1 AND id = ?3
            """,
            [now.millisecondsSince1970, task.id.description])
        try appendQueueEvent(
            task.event(
                .decided, reviewer: held.reviewer, decision: (answer.outcome, answer.reason)))
    }

    private func insert(
        _ answer: Answer, to task: ReviewTaskRow, _ held: HeldLease, _ comment: Data?,
        adjudicationSeq: Int64?
    ) throws {
        try execute(
            """
            INSERT INTO reviewDecision (tenant, task, token, reviewer, outcome, reason,
              sealedComment, decidedAt, adjudicationSeq, lease, bootID, deadline, lastDeadline,
              expiresAt, leasedAt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                task.id.description, held.token, answer.reviewer.description,
                answer.outcome.rawValue, answer.reason.rawValue, comment,
                now.millisecondsSince1970, adjudicationSeq, held.id.description, clock.bootID,
                held.deadline, held.lastDeadline, held.expiresAt.millisecondsSince1970,
                held.leasedAt.millisecondsSince1970,
            ])
    }
}
