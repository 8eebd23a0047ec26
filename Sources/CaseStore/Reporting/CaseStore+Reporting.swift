import Foundation
internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// One page of cases as reports see them, in the order of their ids.
    ///
    /// - Parameters:
    ///   - since: The first moment at which a case may have been submitted.
    ///   - until: The moment from which on cases are left out.
    ///   - inspection: The last case of the page before; nil for the first page.
    ///   - limit: 1…``pageCountLimit``.
    /// - Returns: Everything that is recorded of these cases, also what happened after `until`;
    ///   empty after the last page.
    public func reportedCases(
        since: Timestamp, until: Timestamp, after inspection: InspectionID? = nil, limit: Int = 500
    ) async throws(CaseStoreError) -> [ReportedCase] {
        let (tenant, limit) = (tenant, min(max(limit, 1), Self.pageCountLimit))
        return try await read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT id, createdAt, category, region,
                      (SELECT COUNT(*) FROM photo p
                       WHERE p.tenant = i.tenant AND p.inspection = i.id) AS photos
                    FROM inspection i
                    WHERE tenant = ? AND id > ? AND createdAt >= ? AND createdAt < ?
                    ORDER BY id LIMIT ?
                    """,
                arguments: [
                    tenant.description, inspection?.description ?? "",
                    since.millisecondsSince1970, until.millisecondsSince1970, limit,
                ])
            return try rows.map { try reportedCase($0, db, tenant) }
        }
    }

    /// The moment just after the last thing that happened; nil for an empty record.
    ///
    /// Reports end there if nothing else is stated, so that they depend on the record alone.
    public func endOfEvents() async throws(CaseStoreError) -> Timestamp? {
        let tenant = tenant
        return try await read { db in
            let last = try Int64.fetchOne(
                db,
                sql: """
                    SELECT MAX(at) FROM (
                      SELECT MAX(createdAt) AS at FROM inspection WHERE tenant = ?1
                      UNION ALL SELECT MAX(createdAt) FROM adjudication WHERE tenant = ?1
                      UNION ALL SELECT MAX(decidedAt) FROM reviewDecision WHERE tenant = ?1
                      UNION ALL SELECT MAX(openedAt) FROM appeal WHERE tenant = ?1
                      UNION ALL SELECT MAX(decidedAt) FROM appeal WHERE tenant = ?1
                      UNION ALL SELECT MAX(recordedAt) FROM truth WHERE tenant = ?1)
                    """,
                arguments: [tenant.description])
            return last.map { Timestamp(millisecondsSince1970: $0 + 1) }
        }
    }
}

/// Gathers one case; a few look-ups in indexes.
private func reportedCase(_ row: Row, _ db: Database, _ tenant: Tenant) throws -> ReportedCase {
    let id: String = row["id"]
    var reported = ReportedCase(
        id: try identifier(id, InspectionID.self), submittedAt: timestamp(row["createdAt"]),
        category: row["category"], region: row["region"], photoCount: row["photos"])
    let arguments: StatementArguments = [tenant.description, id]
    func rows(_ sql: String) throws -> [Row] {
        try Row.fetchAll(db.cachedStatement(sql: sql), arguments: arguments)
    }
    for row in try rows(
        """
        SELECT createdAt, decidedBy, outcome, document FROM adjudication
        WHERE tenant = ? AND inspection = ? ORDER BY seq
        """)
    {
        let outcome = try word(row["outcome"], Outcome.self)
        let at = timestamp(row["createdAt"])
        if row["decidedBy"] == DecisionMaker.reviewer.rawValue {
            reported.settlements.append(.init(at: at, outcome: outcome))
        } else if let document: Data = row["document"] {
            let told = try JSONDecoder().decode(JudgementDocument.self, from: document)
            reported.value = told.value ?? reported.value
            reported.carrier = told.carrier ?? reported.carrier
            reported.judgements.append(told.judgement(at: at, outcome: outcome))
        }
    }
    reported.tasks = try reportedTasks(rows)
    reported.appeals = try rows(
        """
        SELECT openedAt, againstOutcome, decidedAt, outcome FROM appeal
        WHERE tenant = ? AND inspection = ? ORDER BY openedAt, task
        """
    ).map { row in
        let outcome: String? = row["outcome"]
        let decidedAt: Int64? = row["decidedAt"]
        return ReportedCase.Appeal(
            openedAt: timestamp(row["openedAt"]),
            against: try word(row["againstOutcome"], Outcome.self),
            decidedAt: decidedAt.map(timestamp),
            outcome: try outcome.map { try word($0, Outcome.self) })
    }
    reported.truth = try rows(
        """
        SELECT recordedAt, outcome, severity, resaleMinorUnits, resaleCurrency FROM truth
        WHERE tenant = ? AND inspection = ? ORDER BY number DESC LIMIT 1
        """
    ).first.map(ReportedCase.Finding.init)
    return reported
}

/// The tasks of a case with the answers that stand.
private func reportedTasks(_ rows: (String) throws -> [Row]) throws -> [ReportedCase.Task] {
    var tasks: [String: ReportedCase.Task] = [:]
    var order: [String] = []
    for row in try rows(
        """
        SELECT t.id, t.kind, t.openedAt, t.samplingProbability, t.expectedOutcome,
          (SELECT json_extract(CAST(q.line AS TEXT), '$.at') FROM queueEvent q
           WHERE q.tenant = t.tenant AND q.task = t.id AND q.event = 'leased'
           ORDER BY q.seq LIMIT 1) AS leasedAt
        FROM reviewTask t WHERE t.tenant = ? AND t.inspection = ? ORDER BY t.openedAt, t.id
        """)
    {
        let (id, expected): (String, String?) = (row["id"], row["expectedOutcome"])
        let leasedAt: String? = row["leasedAt"]
        order.append(id)
        tasks[id] = ReportedCase.Task(
            kind: row["kind"], openedAt: timestamp(row["openedAt"]),
            firstLeasedAt: leasedAt.flatMap { Timestamp($0) },
            samplingProbability: row["samplingProbability"],
            expected: try expected.map { try word($0, Outcome.self) })
    }
    for row in try rows(
        """
        SELECT d.task, d.reviewer, d.leasedAt, d.decidedAt, d.outcome FROM reviewDecision d
        JOIN reviewTask t ON t.tenant = d.tenant AND t.id = d.task
        WHERE t.tenant = ? AND t.inspection = ? AND d.undoneAt IS NULL
        ORDER BY d.decidedAt, d.token
        """)
    {
        let leasedAt: Int64? = row["leasedAt"]
        tasks[row["task"] as String]?.answers.append(
            ReportedCase.Answer(
                reviewer: row["reviewer"],
                // 0 stands for leases given before their time was kept.
                leasedAt: leasedAt.flatMap { $0 > 0 ? timestamp($0) : nil },
                decidedAt: timestamp(row["decidedAt"]),
                outcome: try word(row["outcome"], Outcome.self)))
    }
    return order.compactMap { tasks[$0] }
}

/// What a report needs of a stored document.
private struct JudgementDocument: Decodable {
    let value: Money?
    let carrier: String?
    private let comparison: ItemComparison?
    private let recommended: Outcome
    private let severity: Severity
    private let confidence: Double
    private let prediction_set: [Outcome]
    private let reasons: [Reason]

    func judgement(at: Timestamp, outcome: Outcome) -> ReportedCase.Judgement {
        ReportedCase.Judgement(
            at: at, outcome: outcome, recommended: recommended, severity: severity,
            confidence: confidence, predictionSet: prediction_set, reasons: reasons.map(\.code),
            isChangedSincePacking: comparison?.sincePacking?.isChanged)
    }
}

extension ReportedCase.Finding {
    fileprivate init(_ row: Row) throws {
        let (outcome, severity): (String?, String?) = (row["outcome"], row["severity"])
        let (amount, currency): (Int?, String?) = (row["resaleMinorUnits"], row["resaleCurrency"])
        var resaleValue: Money?
        if let amount, let currency { resaleValue = Money(minorUnits: amount, currency: currency) }
        self.init(
            at: timestamp(row["recordedAt"]),
            outcome: try outcome.map { try word($0, Outcome.self) },
            severity: severity.flatMap { Severity(name: $0) }, resaleValue: resaleValue)
    }
}
