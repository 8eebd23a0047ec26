import Foundation
internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// How many appeals one inspection may have; each needs a reviewer who has not seen the case.
    public static let appealCountLimit = 3

    /// Opens a review by someone who has not seen the case; what was decided stands meanwhile.
    ///
    /// The hand-over record of the task and its lines in the queue file tell nothing of earlier
    /// judgements. In one transaction: the task, its queue event, the audit entry and the outgoing
    /// event `regrade.appeal.opened.v1`.
    ///
    /// - Parameters:
    ///   - inspection: The case.
    ///   - statement: What the customer says; sealed with the inspection's key.
    ///   - draft: The task, with the purpose `appeal`.
    ///   - actor: Who entered the appeal.
    ///   - answer: The answer to the request that entered it; nil if there is none.
    /// - Throws: ``CaseStoreError/inspectionNotFound(_:)`` also after erasure,
    ///   ``CaseStoreError/reviewPending(_:)`` if the case is with a person anyway,
    ///   ``CaseStoreError/appealLimitReached(_:limit:)``,
    ///   ``CaseStoreError/commentTooLong(byteCount:limit:)`` for the statement.
    @discardableResult
    public func openAppeal(
        _ inspection: InspectionID, statement: String?, draft: ReviewTaskDraft,
        actor: AuditActor = .operatorOnHost, answering answer: KeptAnswer<ReviewTaskID>? = nil
    ) async throws(CaseStoreError) -> ReviewTaskID {
        precondition(draft.purpose == .appeal, "an appeal's task is for \(draft.purpose)")
        let byteCount = statement?.utf8.count ?? 0
        guard byteCount <= Self.commentByteCountLimit else {
            throw .commentTooLong(byteCount: byteCount, limit: Self.commentByteCountLimit)
        }
        let wrapping = wrapping
        return try await write { transaction in
            let standing = try transaction.checkAppeal(of: inspection)
            let (adjudication, seq) = try transaction.lastByMachine(of: inspection)
            let task = try transaction.openTask(draft, adjudication, adjudicationSeq: seq)
            let sealed = try statement.flatMap { text in
                text.isEmpty
                    ? nil
                    : try transaction.sealed(
                        text, of: inspection, wrapping: wrapping, part: "appeal-\(task)")
            }
            try transaction.execute(
                """
                INSERT INTO appeal (tenant, task, inspection, openedAt, sealedStatement,
                  againstOutcome) VALUES (?, ?, ?, ?, ?, ?)
                """,
                [
                    task.description, inspection.description,
                    transaction.now.millisecondsSince1970, sealed, standing,
                ])
            _ = try transaction.appendAudit(
                AuditContent(
                    kind: .appealOpened, actor: actor, inspection: inspection,
                    meta: ["task": task.description, "against": standing]))
            try transaction.appendOutboxEvent(
                .appealOpened, adjudication.withoutJudgement(reasons: draft.reasons))
            try transaction.keep(answer, of: task, inspection: inspection)
            return task
        }
    }
}

extension StoreTransaction {
    /// Checks that a case can be appealed against.
    ///
    /// - Returns: The outcome that stands.
    fileprivate func checkAppeal(of inspection: InspectionID) throws -> String {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT outcome, (SELECT COUNT(*) FROM appeal a WHERE a.tenant = i.tenant
                    AND a.inspection = i.id) AS appeals,
                  (SELECT COUNT(*) FROM appeal a WHERE a.tenant = i.tenant
                    AND a.inspection = i.id AND a.decidedAt IS NULL) AS openAppeals
                FROM inspection i WHERE tenant = ? AND id = ? AND erasedAt IS NULL
                """,
            arguments: [tenant.description, inspection.description])
        guard let row else { throw CaseStoreError.inspectionNotFound(inspection) }
        let standing: String = row["outcome"]
        guard standing != Outcome.humanReview.rawValue, row["openAppeals"] == 0 else {
            throw CaseStoreError.reviewPending(inspection)
        }
        let limit = CaseStore.appealCountLimit
        let appeals: Int = row["appeals"]
        guard appeals < limit else {
            throw CaseStoreError.appealLimitReached(inspection, limit: limit)
        }
        return standing
    }

    /// The machine's last adjudication of a case.
    func lastByMachine(of inspection: InspectionID) throws -> (Adjudication, seq: Int64) {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT a.seq, a.inspection, a.document, a.auditSeq, e.hash FROM adjudication a
                JOIN auditEntry e ON e.tenant = a.tenant AND e.seq = a.auditSeq
                WHERE a.tenant = ? AND a.inspection = ? AND a.decidedBy = 'machine'
                ORDER BY a.seq DESC LIMIT 1
                """,
            arguments: [tenant.description, inspection.description])
        guard let row else { throw CaseStoreError.inspectionNotFound(inspection) }
        return (try storedAdjudication(from: row), row["seq"])
    }

    /// Text sealed with the key of an inspection.
    fileprivate func sealed(
        _ text: String, of inspection: InspectionID, wrapping: KeyWrapping, part: String
    ) throws -> Data {
        let wrapped = try Data.fetchOne(
            db, sql: "SELECT wrappedDataKey FROM inspection WHERE tenant = ? AND id = ?",
            arguments: [tenant.description, inspection.description])
        guard let wrapped else { throw CaseStoreError.inspectionNotFound(inspection) }
        let owner = SealOwner(tenant: tenant, inspection: inspection)
        let key = try wrapping.unwrap(wrapped, for: owner)
        return try Seal.close(Data(text.utf8), with: key, for: owner, part: part)
    }

    /// Notes what became of an appeal.
    ///
    /// - Returns: `changed` or `upheld`, for the audit log.
    func closeAppeal(_ task: ReviewTaskRow, outcome: Outcome) throws -> String {
        let against = try String.fetchOne(
            db, sql: "SELECT againstOutcome FROM appeal WHERE tenant = ? AND task = ?",
            arguments: [tenant.description, task.id.description])
        try execute(
            "UPDATE appeal SET decidedAt = ?2, outcome = ?3 WHERE tenant = ?1 AND task = ?4",
            [now.millisecondsSince1970, outcome.rawValue, task.id.description])
        return against == outcome.rawValue ? "upheld" : "changed"
    }

    /// Opens an appeal anew whose decision was taken back.
    func reopenAppeal(_ task: ReviewTaskRow) throws {
        try execute(
            "UPDATE appeal SET decidedAt = NULL, outcome = NULL WHERE tenant = ? AND task = ?",
            [task.id.description])
    }
}
