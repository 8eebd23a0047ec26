import Foundation
internal import GRDB
import ReturnsDomain

/// A database on its own in a folder, checked before it is trusted: as a backup is about to be
/// written, and as one was unpacked.
struct RecordSnapshot {
    /// The folder, laid out like a data directory.
    let directory: DataDirectory

    /// What a check found.
    struct Findings {
        let version: Int
        let wrappingKeys: [Data]
        let heads: [String: AuditPosition]
    }

    /// Copies the present state of a database while others write; blocks.
    ///
    /// - SeeAlso: <https://www.sqlite.org/backup.html>
    static func copy(_ database: DatabasePool, into folder: URL) throws -> RecordSnapshot {
        let snapshot = RecordSnapshot(directory: DataDirectory(root: folder))
        try FileSystem.createFolder(folder)
        _ = try FileSystem.open(snapshot.directory.database, O_RDWR | O_CREAT)
        let copy = try DatabaseQueue(path: snapshot.directory.database.path)
        try database.backup(to: copy)
        // One file alone: what is in the copy's write-ahead log would be missing from the archive.
        try copy.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA journal_mode = DELETE")
        }
        try copy.close()
        return snapshot
    }

    /// Checks the file's structure, every reference, and every tenant's audit log; blocks.
    ///
    /// - Parameters:
    ///   - path: What it is called in errors.
    ///   - keys: The keys that signed the logs' checkpoints.
    /// - Throws: ``CaseStoreError/backupInvalid(path:reason:)`` for the first thing that is wrong.
    func check(named path: String, keys: LogKeys) throws -> Findings {
        let queue = try OpenedDatabase.openForReading(directory.database)
        let (findings, tenants) = try queue.read { db in
            for pragma in ["integrity_check", "foreign_key_check"] {
                let row = try Row.fetchOne(db, sql: "PRAGMA \(pragma)")
                guard row == nil || row?[0] as String? == "ok" else {
                    throw CaseStoreError.backupInvalid(
                        path: path, reason: "\(pragma) says \(row?[0] as String? ?? "")")
                }
            }
            let tenants = try String.fetchAll(
                db, sql: "SELECT DISTINCT tenant FROM sequence ORDER BY tenant")
            let keys = try Data.fetchAll(
                db,
                sql: try Self.union(of: "wrappedDataKey", in: db) {
                    "SELECT DISTINCT substr(wrappedDataKey, 1, 8) FROM \($0)"
                } ?? "SELECT x'' WHERE 0")
            let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
            return ((version, keys), tenants)
        }
        try queue.close()
        var heads: [String: AuditPosition] = [:]
        for tenant in tenants.compactMap(Tenant.init) {
            let verification = try verify(tenant, keys: keys)
            if let problem = verification.problem {
                throw CaseStoreError.backupInvalid(
                    path: path, reason: "its audit log does not verify: \(problem)")
            }
            heads[tenant.description] = verification.head
        }
        return Findings(version: findings.0, wrappingKeys: findings.1, heads: heads)
    }

    /// Joins a query over every table that has a column and a value in it; nil if there is none.
    ///
    /// An older record has fewer tables.
    private static func union(
        of column: String, in db: Database, _ select: (String) -> String
    ) throws -> String? {
        let tables = try String.fetchAll(
            db,
            sql: """
                SELECT t.name FROM pragma_table_list t JOIN pragma_table_info(t.name) c
                WHERE t.type = 'table' AND t.schema = 'main' AND c.name = ? ORDER BY t.name
                """,
            arguments: [column])
        guard !tables.isEmpty else { return nil }
        return tables.map { select($0) + " WHERE \(column) IS NOT NULL" }
            .joined(separator: " UNION ")
    }

    /// The names of the files of kept photos, of those that wait, of references and their banks, in
    /// order, a page at a time.
    func forEachKeptName(_ body: (String) throws -> Void) throws {
        let queue = try OpenedDatabase.openForReading(directory.database)
        try queue.read { db in
            let union = try Self.union(of: "keptName", in: db) { "SELECT keptName FROM \($0)" }
            guard let union else { return }
            let names = try String.fetchCursor(db, sql: union + " ORDER BY keptName")
            while let name = try names.next() { try body(name) }
        }
        try queue.close()
    }

    /// Verifies a log with the keys of the data directory: a copy has none beside it.
    ///
    /// An older copy ends before the last of these keys began.
    private func verify(_ tenant: Tenant, keys: LogKeys) throws -> AuditVerification {
        try RecordVerification(
            directory: directory, tenant: tenant, witness: .none, layout: .standard,
            knownKeys: keys.publicKeys(of: tenant)
        ).run()
    }
}
