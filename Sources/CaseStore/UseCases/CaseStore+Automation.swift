internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// Sets how large a share of cases a machine may decide, logged and effective at once.
    ///
    /// Switching off without a category and a region removes all other switches, so that nothing
    /// more specific can keep running.
    ///
    /// - Parameters:
    ///   - category: The category it holds for; nil for all.
    ///   - region: The region it holds for; nil for all.
    ///   - share: 0 (off) … 1 (all).
    ///   - actor: Who switches.
    /// - Precondition: `share` is in 0…1.
    @discardableResult
    public func setAutomation(
        category: String?, region: String?, share: Double, actor: AuditActor = .operatorOnHost
    ) async throws(CaseStoreError) -> AutomationSwitch {
        precondition((0...1).contains(share), "share \(share) is outside 0…1")
        return try await write { transaction in
            if category == nil && region == nil && share == 0 {
                try transaction.execute("DELETE FROM automationSwitch WHERE tenant = ?", [])
            }
            try transaction.execute(
                """
                INSERT INTO automationSwitch (tenant, category, region, share, changedAt)
                VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (tenant, category, region) DO UPDATE SET share = excluded.share,
                  changedAt = excluded.changedAt
                """,
                [category ?? "", region ?? "", share, transaction.now.millisecondsSince1970])
            _ = try transaction.appendAudit(
                AuditContent(
                    kind: .automationChange, actor: actor,
                    meta: [
                        "category": category ?? "", "region": region ?? "", "share": "\(share)",
                    ]))
            return AutomationSwitch(
                category: category, region: region, share: share, changedAt: transaction.now)
        }
    }

    /// All switches that are set, the most general first.
    public func automationSwitches() async throws(CaseStoreError) -> [AutomationSwitch] {
        let tenant = tenant
        return try await read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT category, region, share, changedAt FROM automationSwitch
                    WHERE tenant = ? ORDER BY category, region
                    """,
                arguments: [tenant.description]
            ).map { row in
                let (category, region): (String, String) = (row["category"], row["region"])
                return AutomationSwitch(
                    category: category.isEmpty ? nil : category,
                    region: region.isEmpty ? nil : region, share: row["share"],
                    changedAt: timestamp(row["changedAt"]))
            }
        }
    }
}
