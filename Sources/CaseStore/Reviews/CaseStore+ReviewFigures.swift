internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// The state of the review queue and what reviewers did.
    ///
    /// A lease that has ended counts as held until the next one is given.
    public func reviewQueueFigures() async throws(CaseStoreError) -> ReviewQueueFigures {
        let (tenant, now) = (tenant, clock.now())
        return try await read { db in
            var figures = ReviewQueueFigures()
            try figures.readTasks(db, tenant: tenant, now: now)
            try figures.readAnswers(db, tenant: tenant)
            figures.reviewers = try reviewerFigures(db, tenant: tenant)
            return figures
        }
    }
}

extension ReviewQueueFigures {
    fileprivate mutating func readTasks(_ db: Database, tenant: Tenant, now: Timestamp) throws {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT COUNT(*) FILTER (WHERE state = 'open') AS open,
                  COUNT(*) FILTER (WHERE state = 'leased') AS leased,
                  COUNT(*) FILTER (WHERE dueAt < ?2) AS overdue,
                  COUNT(*) FILTER (WHERE kind = 'appeal') AS appeals, MIN(openedAt) AS oldest
                FROM reviewTask WHERE tenant = ?1 AND state <> 'decided'
                """,
            arguments: [tenant.description, now.millisecondsSince1970])
        guard let row else { return }
        openCount = row["open"]
        leasedCount = row["leased"]
        overdueCount = row["overdue"]
        openAppealCount = row["appeals"]
        let oldest: Int64? = row["oldest"]
        oldestOpenedAt = oldest.map(timestamp)
        unservableCount =
            try Int.fetchOne(
                db,
                sql: """
                    SELECT COUNT(*) FROM reviewTask t
                    WHERE tenant = ?1 AND state = 'open' AND NOT EXISTS (
                      SELECT 1 FROM reviewer w WHERE w.tenant = ?1 AND w.retiredAt IS NULL
                        AND NOT EXISTS (SELECT 1 FROM reviewDecision d WHERE d.tenant = ?1
                          AND d.task = t.id AND d.reviewer = w.id AND d.undoneAt IS NULL)
                        AND (t.kind NOT IN ('appeal', 'gold')
                          OR NOT EXISTS (SELECT 1 FROM caseView v WHERE v.tenant = ?1
                            AND v.inspection = t.inspection AND v.reviewer = w.id
                            AND v.task <> t.id)))
                    """,
                arguments: [tenant.description]) ?? 0
    }

    fileprivate mutating func readAnswers(_ db: Database, tenant: Tenant) throws {
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT d.task, d.reviewer, d.outcome, t.reviewersNeeded FROM reviewDecision d
                JOIN reviewTask t ON t.tenant = d.tenant AND t.id = d.task
                WHERE d.tenant = ? AND t.reviewersNeeded > 1 AND d.undoneAt IS NULL
                ORDER BY d.task, d.token
                """,
            arguments: [tenant.description])
        var (task, answers): (String, [ReviewerAnswer]) = ("", [])
        while let row = try rows.next() {
            let next: String = row["task"]
            if next != task {
                if answers.count > 1 { sharedTasks.append(answers) }
                (task, answers) = (next, [])
            }
            // Later answers are asked for because the first ones differ: they would make all
            // reviewers look as if they disagreed.
            guard answers.count < row["reviewersNeeded"] as Int else { continue }
            answers.append(
                ReviewerAnswer(
                    reviewer: try identifier(row["reviewer"], ReviewerID.self),
                    outcome: try word(row["outcome"], Outcome.self)))
        }
        if answers.count > 1 { sharedTasks.append(answers) }
    }
}

private func reviewerFigures(_ db: Database, tenant: Tenant) throws -> [ReviewerFigures] {
    try Row.fetchAll(
        db,
        sql: """
            SELECT w.id, w.name, COUNT(d.task) AS answers, COUNT(t.expectedOutcome) AS gold,
              COUNT(*) FILTER (WHERE t.expectedOutcome = d.outcome) AS goldRight
            FROM reviewer w
            LEFT JOIN reviewDecision d ON d.tenant = w.tenant AND d.reviewer = w.id
              AND d.undoneAt IS NULL
            LEFT JOIN reviewTask t ON t.tenant = d.tenant AND t.id = d.task
            WHERE w.tenant = ? GROUP BY w.id ORDER BY w.id
            """,
        arguments: [tenant.description]
    ).map { row in
        ReviewerFigures(
            reviewer: try identifier(row["id"], ReviewerID.self), name: row["name"],
            answerCount: row["answers"], goldCount: row["gold"], goldRightCount: row["goldRight"])
    }
}
