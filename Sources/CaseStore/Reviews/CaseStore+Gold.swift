internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// Makes a case one of known answer, to be put to reviewers again among their other tasks.
    ///
    /// The answer is what the warehouse found. The case must have been a person's task before,
    /// because its task is made of the earlier one: same reasons, same priority, same record.
    /// The audit log counts such cases and does not name them.
    ///
    /// - Returns: How many there are now.
    /// - Throws: ``CaseStoreError/goldUnsuitable(_:)`` without a truth that states the outcome, or
    ///   if the case never was a decided task.
    @discardableResult
    public func addGold(_ inspection: InspectionID) async throws(CaseStoreError) -> Int {
        try await write { transaction in
            let outcome = try String.fetchOne(
                transaction.db,
                sql: """
                    SELECT t.outcome FROM truth t
                    WHERE t.tenant = ?1 AND t.inspection = ?2 AND t.outcome IS NOT NULL
                      AND EXISTS (SELECT 1 FROM reviewTask r WHERE r.tenant = ?1
                        AND r.inspection = ?2 AND r.kind IN ('review', 'audit_sample')
                        AND r.state = 'decided')
                      AND EXISTS (SELECT 1 FROM inspection i WHERE i.tenant = ?1
                        AND i.id = ?2 AND i.erasedAt IS NULL)
                    ORDER BY t.number DESC LIMIT 1
                    """,
                arguments: [transaction.tenant.description, inspection.description])
            guard let outcome else { throw CaseStoreError.goldUnsuitable(inspection) }
            try transaction.execute(
                """
                INSERT INTO goldItem (tenant, inspection, outcome, addedAt) VALUES (?, ?, ?, ?)
                ON CONFLICT (tenant, inspection) DO UPDATE SET outcome = excluded.outcome
                """,
                [inspection.description, outcome, transaction.now.millisecondsSince1970])
            return try transaction.noteGoldChange()
        }
    }

    /// Takes a case out of those of known answer; answers given count on.
    ///
    /// - Returns: How many are left.
    @discardableResult
    public func removeGold(_ inspection: InspectionID) async throws(CaseStoreError) -> Int {
        try await write { transaction in
            try transaction.execute(
                "DELETE FROM goldItem WHERE tenant = ? AND inspection = ?",
                [inspection.description])
            return try transaction.noteGoldChange()
        }
    }

    /// The cases of known answer with the answer, the oldest first.
    public func goldItems() async throws(CaseStoreError) -> [GoldItem] {
        let tenant = tenant
        return try await read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT inspection, outcome, addedAt FROM goldItem WHERE tenant = ?
                    ORDER BY addedAt, inspection
                    """,
                arguments: [tenant.description]
            ).map { row in
                GoldItem(
                    inspection: try identifier(row["inspection"], InspectionID.self),
                    outcome: try word(row["outcome"], Outcome.self),
                    addedAt: timestamp(row["addedAt"]))
            }
        }
    }
}

extension StoreTransaction {
    fileprivate func noteGoldChange() throws -> Int {
        let count =
            try Int.fetchOne(
                db, sql: "SELECT COUNT(*) FROM goldItem WHERE tenant = ?",
                arguments: [tenant.description]) ?? 0
        _ = try appendAudit(
            AuditContent(
                kind: .goldChange, actor: .operatorOnHost, meta: ["items": String(count)]))
        return count
    }

    /// Puts the case of known answer that was used least recently into the queue.
    ///
    /// Its task is as its first task was, only later. A case is in the queue once at a time, and
    /// only while a reviewer at work has not seen it; otherwise nothing is opened.
    func openGoldTask() throws {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT g.inspection, g.outcome, r.id, r.priority, r.reasons,
                      r.openedAt - r.rank AS headStart, r.dueAt - r.openedAt AS time,
                      r.adjudicationSeq
                    FROM goldItem g
                    JOIN reviewTask r ON r.tenant = g.tenant AND r.id = (
                      SELECT MIN(id) FROM reviewTask f WHERE f.tenant = g.tenant
                        AND f.inspection = g.inspection AND f.kind IN ('review', 'audit_sample'))
                    JOIN inspection i ON i.tenant = g.tenant AND i.id = g.inspection
                      AND i.erasedAt IS NULL
                    WHERE g.tenant = ?1
                      AND NOT EXISTS (SELECT 1 FROM reviewTask o WHERE o.tenant = ?1
                        AND o.inspection = g.inspection AND o.state <> 'decided')
                      AND EXISTS (SELECT 1 FROM reviewer w
                        WHERE w.tenant = ?1 AND w.retiredAt IS NULL
                          AND NOT EXISTS (SELECT 1 FROM caseView v WHERE v.tenant = ?1
                            AND v.inspection = g.inspection AND v.reviewer = w.id))
                    ORDER BY g.usedAt, g.inspection LIMIT 1
                    """),
            arguments: [tenant.description])
        guard let row else { return }
        let (time, headStart): (Int64, Double) = (row["time"], row["headStart"])
        let id = ReviewTaskID(at: now)
        let (inspection, outcome): (String, String) = (row["inspection"], row["outcome"])
        let (priority, reasons): (Double, String) = (row["priority"], row["reasons"])
        let adjudicationSeq: Int64 = row["adjudicationSeq"]
        try execute(
            """
            INSERT INTO reviewTask (tenant, id, inspection, state, openedAt, dueAt, priority,
              reasons, adjudicationSeq, kind, rank, expectedOutcome)
            VALUES (?, ?, ?, 'open', ?, ?, ?, ?, ?, 'gold', ?, ?)
            """,
            [
                id.description, inspection, now.millisecondsSince1970,
                now.millisecondsSince1970 + time, priority, reasons, adjudicationSeq,
                Double(now.millisecondsSince1970) - headStart, outcome,
            ])
        // A count, not a time: so that a wall clock that steps cannot starve a case.
        try execute(
            """
            UPDATE goldItem SET usedAt = 1 + (SELECT MAX(usedAt) FROM goldItem WHERE tenant = ?1)
            WHERE tenant = ?1 AND inspection = ?2
            """,
            [inspection])
        try appendQueueEvent(task(id).event(.opened))
    }
}
