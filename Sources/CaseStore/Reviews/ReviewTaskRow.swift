import Foundation
internal import GRDB
import ReturnsDomain

extension StoreTransaction {
    /// A task with the machine's adjudication.
    func task(_ id: ReviewTaskID) throws -> ReviewTaskRow {
        guard let row = try ReviewTaskRow.fetch(db, tenant: tenant, id: id) else {
            throw CaseStoreError.taskNotFound(id)
        }
        return row
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
    let purpose: ReviewPurpose
    /// How many reviewers have to answer, at least 1.
    let reviewersNeeded: Int
    let adjudication: Adjudication
    let salt: Data?
    let wrappedDataKey: Data?
    let sealedStatement: Data?
    let sealedAppeal: Data?
    let metadataSigns: [String]

    private static let select = """
        SELECT t.id, t.state, t.openedAt, t.dueAt, t.priority, t.reasons, t.kind,
          t.reviewersNeeded, a.inspection, a.document, a.auditSeq, e.hash, i.salt, i.wrappedDataKey,
          i.sealedStatement, p.sealedStatement AS sealedAppeal,
          (SELECT group_concat(f.metadataSigns, ' ') FROM photo f
            WHERE f.tenant = t.tenant AND f.inspection = t.inspection) AS metadataSigns
        FROM reviewTask t
        JOIN adjudication a ON a.tenant = t.tenant AND a.seq = t.adjudicationSeq
        JOIN auditEntry e ON e.tenant = a.tenant AND e.seq = a.auditSeq
        JOIN inspection i ON i.tenant = t.tenant AND i.id = t.inspection
        LEFT JOIN appeal p ON p.tenant = t.tenant AND p.task = t.id
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
                ORDER BY t.rank, t.id LIMIT ?
                """,
            arguments: [tenant.description, state.rawValue, limit])
        return try rows.map(ReviewTaskRow.init)
    }

    /// Reads the most urgent open task that a reviewer may be given; nil if there is none.
    ///
    /// Nobody answers a task twice. Appeals and cases of known answer go to those who have not
    /// seen the case under another task.
    static func fetchNext(
        _ db: Database, tenant: Tenant, for reviewer: ReviewerID,
        except skipped: Set<ReviewTaskID> = []
    ) throws -> ReviewTaskRow? {
        let skippedArray = "[" + skipped.map { "\"\($0)\"" }.joined(separator: ",") + "]"
        let statement = try db.cachedStatement(
            sql: select + """
                 WHERE t.tenant = ?1 AND t.state = 'open'
                  AND t.id NOT IN (SELECT value FROM json_each(?3))
                  AND NOT EXISTS (SELECT 1 FROM reviewDecision d WHERE d.tenant = ?1
                    AND d.task = t.id AND d.reviewer = ?2 AND d.undoneAt IS NULL)
                  AND (t.kind NOT IN ('appeal', 'gold')
                    OR NOT EXISTS (SELECT 1 FROM caseView v WHERE v.tenant = ?1
                      AND v.inspection = t.inspection AND v.reviewer = ?2 AND v.task <> t.id))
                ORDER BY t.rank, t.id LIMIT 1
                """)
        let row = try Row.fetchOne(
            statement,
            arguments: [tenant.description, reviewer.description, skippedArray])
        return try row.map(ReviewTaskRow.init)
    }

    private init(_ row: Row) throws {
        id = try identifier(row["id"], ReviewTaskID.self)
        state = try word(row["state"], ReviewTaskState.self)
        openedAt = timestamp(row["openedAt"])
        dueAt = timestamp(row["dueAt"])
        priority = row["priority"]
        reasons = try words(row["reasons"]).map { try word($0, ReasonCode.self) }
        purpose = try word(row["kind"], ReviewPurpose.self)
        reviewersNeeded = row["reviewersNeeded"]
        adjudication = try storedAdjudication(from: row)
        salt = row["salt"]
        wrappedDataKey = row["wrappedDataKey"]
        sealedStatement = row["sealedStatement"]
        sealedAppeal = row["sealedAppeal"]
        metadataSigns = Set(words(row["metadataSigns"] ?? "")).sorted()
    }

    /// Whether the reviewer must not see what was decided before.
    private var isBlind: Bool { purpose == .appeal }

    /// What the review queue says of this task.
    func event(
        _ kind: QueueEvent.Kind, reviewer: ReviewerID? = nil, expiresAt: Timestamp? = nil,
        decision: (outcome: Outcome, reason: ReasonCode)? = nil
    ) -> QueueEvent {
        QueueEvent(
            kind: kind, task: id, priority: priority, dueAt: dueAt, reasons: reasons,
            adjudication: adjudication, hidesJudgement: isBlind, reviewer: reviewer,
            expiresAt: expiresAt, decision: decision)
    }

    /// The hand-over record, with the customer's statements opened.
    func handOver(
        tenant: Tenant, wrapping: KeyWrapping, state: ReviewTaskState
    ) throws -> ReviewTask {
        let owner = SealOwner(tenant: tenant, inspection: adjudication.id)
        let key = try wrappedDataKey.map { try wrapping.unwrap($0, for: owner) }
        func text(_ sealed: Data?, part: String) throws -> String? {
            guard let sealed, let key else { return nil }
            let plain = try Seal.open(sealed, with: key, for: owner, part: part)
            return String(decoding: plain, as: UTF8.self)
        }
        return ReviewTask(
            id: id, inspection: adjudication.id, state: state, openedAt: openedAt, dueAt: dueAt,
            priority: priority, reasons: reasons,
            adjudication: isBlind
                ? adjudication.withoutJudgement(reasons: reasons) : adjudication,
            statement: try text(sealedStatement, part: "statement"),
            appealStatement: try text(sealedAppeal, part: "appeal-\(id)"), isBlind: isBlind,
            metadataSigns: metadataSigns)
    }
}
