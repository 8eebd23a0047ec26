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
                sql: """
                    SELECT DISTINCT substr(wrappedDataKey, 1, 8) FROM inspection
                    WHERE wrappedDataKey IS NOT NULL
                    """)
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

    /// The names of the kept photos and of those that wait, in order, a page at a time.
    func forEachKeptName(_ body: (String) throws -> Void) throws {
        let queue = try OpenedDatabase.openForReading(directory.database)
        try queue.read { db in
            let names = try String.fetchCursor(
                db,
                sql: """
                    SELECT keptName FROM photo WHERE keptName IS NOT NULL
                    UNION ALL SELECT keptName FROM submissionPhoto WHERE keptName IS NOT NULL
                    ORDER BY keptName
                    """)
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
