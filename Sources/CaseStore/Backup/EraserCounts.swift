internal import GRDB
import ReturnsDomain

/// Counts of erasures, for reports.
enum EraserCounts {
    /// How many cases were erased by entries of the audit logs that came after these heads.
    static func reapplied(
        after heads: [String: AuditPosition], in db: Database
    ) throws -> Int {
        var count = 0
        let rows = try Row.fetchCursor(db, sql: "SELECT tenant, auditSeq FROM erasure")
        while let row = try rows.next() {
            if row["auditSeq"] as Int64 > heads[row["tenant"] as String]?.seq ?? 0 { count += 1 }
        }
        return count
    }
}
