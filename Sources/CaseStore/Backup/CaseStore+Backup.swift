public import Foundation
public import ReturnsDomain

extension CaseStore {
    /// Writes a backup of the record of all tenants to a new file while work goes on.
    ///
    /// It holds the state of one moment. Keys and tombstones are not in it; keep copies of both
    /// elsewhere. See `docs/backup.md`.
    ///
    /// - Returns: What is in it; the file was read back and is as it should be.
    /// - Throws: ``CaseStoreError/backupExists(path:)``;
    ///   ``CaseStoreError/backupInvalid(path:reason:)`` if the record itself is damaged.
    public func backup(to file: URL) async throws(CaseStoreError) -> BackupReport {
        let writer = BackupWriter(
            database: database, vault: vault, clock: clock, keys: exporter.keys, file: file)
        let report: BackupReport
        do {
            report = try await FileWork(label: "regrade.backup").run { try writer.write() }
        } catch {
            throw CaseStoreError(error)
        }
        try await write { transaction in
            _ = try transaction.appendAudit(
                AuditContent(
                    kind: .backup, actor: .operatorOnHost,
                    meta: [
                        "sha256": report.sha256, "bytes": String(report.byteCount),
                        "photos": String(report.photoCount),
                    ]))
        }
        return report
    }

    /// Puts a backup in the place of the record in a data directory.
    ///
    /// Nothing else may have the directory open. Unpacks beside the present record, checks every
    /// byte, the database's structure, its keys, its photos and every audit log; only then the new
    /// record takes the place of the old one, in one step that a crash leaves done or undone. Then
    /// tombstones are applied, the exported files written, and everything verified once more.
    ///
    /// - Parameters:
    ///   - file: The backup.
    ///   - directory: The data directory, with the keys of the record that was backed up.
    ///   - clock: The clocks; the system's outside of tests.
    /// - Throws: ``CaseStoreError/directoryInUse(path:)``,
    ///   ``CaseStoreError/keyFileMissing(path:)``,
    ///   ``CaseStoreError/backupInvalid(path:reason:)``,
    ///   ``CaseStoreError/backupKeyMissing(path:keys:)``; then the old record is as it was.
    public static func restore(
        from file: URL, into directory: URL, clock: StoreClock = .system
    ) async throws(CaseStoreError) -> RestoreReport {
        let paths = DataDirectory(root: directory)
        do {
            let (lock, report) = try await FileWork(label: "regrade.restore").run {
                try BackupRestorer(file: file, directory: paths).replace()
            }
            let store = try await open(
                at: directory, tenant: .default, clock: clock, export: .standard, use: lock)
            return try await store.finishRestoring(report)
        } catch {
            throw CaseStoreError(error)
        }
    }

    private func finishRestoring(
        _ backup: BackupReport
    ) async throws(CaseStoreError) -> RestoreReport {
        let erasedAgain = try await read { db in
            try EraserCounts.reapplied(after: backup.heads, in: db)
        }
        try await write { transaction in
            _ = try transaction.appendAudit(
                AuditContent(
                    kind: .restored, actor: .operatorOnHost,
                    meta: [
                        "sha256": backup.sha256, "created_at": backup.createdAt.description,
                        "erased_again": String(erasedAgain),
                    ]))
        }
        try await export()
        var entryCount: Int64 = 0
        for tenant in Set(backup.heads.keys.compactMap(Tenant.init)).union([.default]) {
            let verification = try await AuditVerifier.verify(directory.root, tenant: tenant)
            if let problem = verification.problem {
                throw .backupInvalid(path: directory.root.path, reason: "\(problem)")
            }
            entryCount += verification.entryCount
        }
        return RestoreReport(
            backup: backup, erasedAgain: erasedAgain, verifiedEntries: entryCount)
    }
}
