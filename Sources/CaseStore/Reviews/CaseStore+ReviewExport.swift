public import Foundation
internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// The open queue: of every task that is not decided, its last line in the queue file.
    ///
    /// The same as replaying `review-queue.jsonl`: keep the last line of each task, and drop those
    /// whose last line says `decided`. Ordered by `seq`.
    ///
    /// - Parameters:
    ///   - seq: The last `seq` of the page before; 0 for the first page.
    ///   - limit: 1…``pageCountLimit``.
    public func openQueue(
        after seq: Int64 = 0, limit: Int = 500
    ) async throws(CaseStoreError) -> [(seq: Int64, line: Data)] {
        let (tenant, limit) = (tenant, min(max(limit, 1), Self.pageCountLimit))
        return try await read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT q.seq, q.line FROM reviewTask t
                    JOIN queueEvent q ON q.tenant = t.tenant AND q.seq = (
                      SELECT MAX(seq) FROM queueEvent l WHERE l.tenant = t.tenant AND l.task = t.id)
                    WHERE t.tenant = ? AND t.state <> 'decided' AND q.event <> 'erased'
                      AND q.seq > ?
                    ORDER BY q.seq LIMIT ?
                    """,
                arguments: [tenant.description, seq, limit]
            ).map { (seq: $0["seq"], line: $0["line"]) }
        }
    }

    /// Logs that records left the house.
    ///
    /// - Parameters:
    ///   - what: Which ones, such as `review_queue` or `labels`.
    ///   - count: How many lines.
    public func noteExport(_ what: String, count: Int) async throws(CaseStoreError) {
        try await write { transaction in
            _ = try transaction.appendAudit(
                AuditContent(
                    kind: .export, actor: .operatorOnHost,
                    meta: ["what": what, "lines": String(count)]))
        }
    }

    /// Cases that a reviewer decided or the warehouse graded, in the order of their ids.
    ///
    /// - Parameters:
    ///   - inspection: The last one of the page before; nil for the first page.
    ///   - limit: 1…``pageCountLimit``.
    public func labelledCases(
        after inspection: InspectionID? = nil, limit: Int = 200
    ) async throws(CaseStoreError) -> [LabelledCase] {
        let (tenant, limit) = (tenant, min(max(limit, 1), Self.pageCountLimit))
        return try await read { db in
            let ids = try String.fetchAll(
                db,
                sql: """
                    SELECT id FROM inspection i WHERE tenant = ?1 AND id > ?2 AND erasedAt IS NULL
                      AND (EXISTS (SELECT 1 FROM truth t WHERE t.tenant = ?1
                          AND t.inspection = i.id)
                        OR decidedBy = 'reviewer')
                    ORDER BY id LIMIT ?3
                    """,
                arguments: [tenant.description, inspection?.description ?? "", limit])
            return try ids.map { try labelledCase($0, db, tenant) }
        }
    }
}

private func labelledCase(_ id: String, _ db: Database, _ tenant: Tenant) throws -> LabelledCase {
    let arguments: StatementArguments = [tenant.description, id]
    let rows = try Row.fetchAll(
        db.cachedStatement(
            sql: """
                SELECT a.inspection, a.document, a.auditSeq, e.hash FROM adjudication a
                JOIN auditEntry e ON e.tenant = a.tenant AND e.seq = a.auditSeq
                WHERE a.tenant = ? AND a.inspection = ? ORDER BY a.seq
                """),
        arguments: arguments)
    let adjudications = try rows.map(storedAdjudication(from:))
    guard let machine = adjudications.last(where: { $0.decidedBy == .machine }) else {
        throw CaseStoreError.databaseCorrupt(reason: "no machine decided inspection \(id)")
    }
    var decided: (outcome: Outcome, reason: ReasonCode)?
    if let last = adjudications.last, last.decidedBy == .reviewer,
        let reason = last.decision.reasons.first
    {
        decided = (last.decision.outcome, reason.code)
    }
    let truth = try Row.fetchOne(
        db.cachedStatement(
            sql: """
                SELECT * FROM truth WHERE tenant = ? AND inspection = ?
                ORDER BY number DESC LIMIT 1
                """),
        arguments: arguments)
    let probability = try Double.fetchOne(
        db.cachedStatement(
            sql: """
                SELECT samplingProbability FROM reviewTask
                WHERE tenant = ? AND inspection = ? AND samplingProbability IS NOT NULL
                """),
        arguments: arguments)
    let kept = try Int.fetchAll(
        db.cachedStatement(
            sql: """
                SELECT photoIndex FROM photo
                WHERE tenant = ? AND inspection = ? AND keptName IS NOT NULL
                """),
        arguments: arguments)
    return LabelledCase(
        machine: machine, decided: decided, truth: try truth.map(Truth.init),
        samplingProbability: probability, keptPhotos: Set(kept))
}
