internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// Removes what has been kept for longer than its period; audited.
    ///
    /// Leaves alone what is under a legal hold, and cases that a person has yet to decide. Goes on
    /// in groups of ``groupCountLimit`` cases, each as durable as an erasure that someone asked
    /// for; an interrupted sweep is continued by the next one.
    ///
    /// - Parameter schedule: How long what stays.
    public func sweep(
        by schedule: RetentionSchedule
    ) async throws(CaseStoreError) -> RetentionReport {
        var report = RetentionReport()
        // Cases first: what goes with its case needs no sweep of its own.
        for scope in [ErasureScope.wholeCase, .photos, .texts] {
            while true {
                let due = DueSelection(
                    scope: scope, tenant: tenant, schedule: schedule, now: clock.now())
                let group: Eraser.Report
                do {
                    group = try await eraser.erase(finishing: false) { db in
                        try due.tombstones(in: db, limit: Self.groupCountLimit)
                    }
                } catch {
                    throw CaseStoreError(error)
                }
                report[scope] += group.erased.count
                if group.erased.isEmpty { break }
            }
        }
        try await removeUnreadableItems(by: schedule)
        try await removeOrderReferences(by: schedule)
        do {
            try await eraser.finishAll()
        } catch {
            report.isComplete = false
        }
        return report
    }

    /// Removes what batch runs noted of files that could not be read, once no case is kept so long.
    ///
    /// They belong to no case and no region, so the shortest period for cases counts, from the
    /// start of their run.
    private func removeUnreadableItems(by schedule: RetentionSchedule) async throws(CaseStoreError)
    {
        let periods = [schedule.others] + schedule.rules.map(\.periods)
        let days = periods.map(\.cases).min() ?? schedule.others.cases
        try await write { transaction in
            // The tenant is the first argument of every statement, so it is `?1` here.
            let cutoff = transaction.now.advanced(by: .seconds(-days * 86_400))
            try transaction.execute(
                """
                DELETE FROM batchItem WHERE tenant = ?1 AND errorCode IS NOT NULL
                  AND run IN (SELECT id FROM batchRun WHERE tenant = ?1 AND startedAt < ?2)
                """,
                [cutoff.millisecondsSince1970])
            let count = transaction.db.changesCount
            guard count > 0 else { return }
            _ = try transaction.appendAudit(
                AuditContent(
                    kind: .retentionSweep, actor: .machine,
                    meta: ["scope": "unreadable_items", "items": String(count)]))
        }
    }

    /// How many cases a sweep would touch now; changes nothing.
    public func dueForSweep(
        by schedule: RetentionSchedule
    ) async throws(CaseStoreError) -> RetentionReport {
        let (tenant, now) = (tenant, clock.now())
        return try await read { db in
            var report = RetentionReport()
            for scope in ErasureScope.allCases {
                report[scope] = try DueSelection(
                    scope: scope, tenant: tenant, schedule: schedule, now: now
                ).count(in: db)
            }
            return report
        }
    }
}

/// The cases of which something has been kept for longer than its period.
private struct DueSelection: Sendable {
    let scope: ErasureScope
    let tenant: Tenant
    let schedule: RetentionSchedule
    let now: Timestamp

    /// Tombstones for the oldest of them.
    func tombstones(in db: Database, limit: Int) throws -> [Tombstone] {
        try parts.reduce(into: [Tombstone]()) { tombstones, part in
            guard tombstones.count < limit else { return }
            let ids = try String.fetchAll(
                db,
                sql: "SELECT i.id FROM inspection i WHERE \(part.condition) "
                    + "ORDER BY i.createdAt LIMIT \(limit - tombstones.count)",
                arguments: part.arguments)
            tombstones += try ids.map {
                let id = try identifier($0, InspectionID.self)
                let references =
                    scope == .wholeCase
                    ? try ReferenceTraces.ids(of: id, tenant: tenant, in: db) : nil
                return Tombstone(
                    at: now, cause: .retention, inspection: id, scope: scope,
                    tenant: tenant.description, references: references)
            }
        }
    }

    func count(in db: Database) throws -> Int {
        try parts.reduce(0) { sum, part in
            let count = try Int.fetchOne(
                db, sql: "SELECT COUNT(*) FROM inspection i WHERE \(part.condition)",
                arguments: part.arguments)
            return sum + (count ?? 0)
        }
    }

    /// One condition for each group of regions with the same period, and one for all others.
    private var parts: [(condition: String, arguments: StatementArguments)] {
        let byRegion = schedule.periodsByRegion
        let groups = Dictionary(grouping: byRegion.keys) { region in
            schedule.periods(in: region).days(of: scope)
        }
        var parts = groups.sorted { $0.key < $1.key }.map { days, regions in
            part(olderThan: days, regions: regions.sorted(), isAmong: true)
        }
        parts.append(
            part(
                olderThan: schedule.others.days(of: scope), regions: byRegion.keys.sorted(),
                isAmong: false))
        return parts
    }

    private func part(
        olderThan days: Int, regions: [String], isAmong: Bool
    ) -> (condition: String, arguments: StatementArguments) {
        let cutoff = now.advanced(by: .seconds(-days * 86_400))
        let marks = regions.map { _ in "?" }.joined(separator: ", ")
        let condition = """
            i.tenant = ? AND i.erasedAt IS NULL AND i.createdAt < ?
            AND COALESCE(i.region, '') \(isAmong ? "" : "NOT ")IN (\(marks))
            AND NOT EXISTS (SELECT 1 FROM legalHold h
              WHERE h.tenant = i.tenant AND h.inspection = i.id)
            AND NOT EXISTS (SELECT 1 FROM reviewTask t
              WHERE t.tenant = i.tenant AND t.inspection = i.id AND t.state <> 'decided')
            AND NOT EXISTS (SELECT 1 FROM erasure e WHERE e.tenant = i.tenant
              AND e.inspection = i.id AND e.scope = '\(scope.rawValue)')
            AND \(isKept)
            """
        return (
            condition,
            StatementArguments(
                [tenant.description, cutoff.millisecondsSince1970] + regions
                    as [any DatabaseValueConvertible])
        )
    }

    /// Whether there is anything of this scope to remove.
    private var isKept: String {
        switch scope {
        case .wholeCase: "TRUE"
        case .photos:
            """
            EXISTS (SELECT 1 FROM photo p WHERE p.tenant = i.tenant AND p.inspection = i.id
              AND p.keptName IS NOT NULL)
            """
        case .texts: "(i.sealedStatement IS NOT NULL OR \(ErasureRules.hasOtherTexts))"
        }
    }
}

extension RetentionReport {
    fileprivate subscript(scope: ErasureScope) -> Int {
        get {
            switch scope {
            case .photos: photos
            case .texts: texts
            case .wholeCase: cases
            }
        }
        set {
            switch scope {
            case .photos: photos = newValue
            case .texts: texts = newValue
            case .wholeCase: cases = newValue
            }
        }
    }
}
