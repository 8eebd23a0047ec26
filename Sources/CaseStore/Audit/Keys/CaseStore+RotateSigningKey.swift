public import Foundation
internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// Replaces the key that signs the audit logs; the old one is destroyed.
    ///
    /// Nothing else may have the directory open. The old key signs a last checkpoint over each log
    /// that names the new one; each log gets an entry with that statement, and the next checkpoint
    /// is signed by the new key. So whoever trusts the first key follows to the newest offline. If
    /// this is interrupted, whoever opens the directory next completes it; calling it again then
    /// makes no further key.
    ///
    /// - Throws: ``CaseStoreError/directoryInUse(path:)``,
    ///   ``CaseStoreError/keyFileMissing(path:)``.
    public static func rotateSigningKey(
        at directory: URL, clock: StoreClock = .system
    ) async throws(CaseStoreError) -> SigningKeyRotationReport {
        try await rotateSigningKey(at: directory, clock: clock, export: .standard)
    }

    /// The same with other export options than the program's; for tests.
    package static func rotateSigningKey(
        at directory: URL, clock: StoreClock = .system, export options: ExportOptions
    ) async throws(CaseStoreError) -> SigningKeyRotationReport {
        let paths = DataDirectory(root: directory)
        let files = SigningKeyFiles(folder: paths.keys, beforeStep: options.beforeStep)
        do {
            let (lock, isPending) = try await FileWork(label: "regrade.rotation").run {
                guard FileSystem.exists(paths.root) else {
                    throw CaseStoreError.keyFileMissing(path: paths.keys.path)
                }
                return (try DirectoryReservation.take(paths), try files.isPending())
            }
            if !isPending {
                let store = try await open(
                    at: directory, tenant: .default, clock: clock, export: options, use: lock,
                    staysReserved: true)
                // What is recorded by now is signed by the key it was recorded under.
                try await store.checkpoint()
                try await store.handOver(files)
            }
            // Opening completes what was decided.
            let store = try await open(
                at: directory, tenant: .default, clock: clock, export: options, use: lock)
            try await store.checkpoint()
            return try store.rotationReport()
        } catch {
            throw CaseStoreError(error)
        }
    }

    /// Lets the old key sign every log over to a new one.
    private func handOver(_ files: SigningKeyFiles) async throws {
        let (database, keys) = (database, exporter.keys)
        try await FileWork(label: "regrade.rotation").run {
            var history = try files.history()
            let publicKey = try files.prepareNext()
            let logs = try database.read { db in
                try String.fetchAll(
                    db, sql: "SELECT tenant FROM sequence WHERE name = 'auditEntry'")
            }
            let tenants = Set(logs.compactMap { Tenant($0) }).union(history.tenants)
                .union([.default])
            for tenant in tenants.sorted(by: { $0.description < $1.description }) {
                let signer = try keys.signer(of: tenant)
                let frontier = try database.read { db in
                    try CheckpointLog(tenant: tenant).grown(db).frontier
                }
                let succession = try KeySuccession(
                    Checkpoint(
                        origin: signer.key.name, size: frontier.size, root: frontier.root),
                    by: signer,
                    to: NoteVerifierKey(name: signer.key.name, publicKey: publicKey))
                guard history.append(succession, of: tenant) else {
                    throw CaseStoreError.signingKeyDiffers(path: files.folder.path)
                }
            }
            try files.decide(history)
        }
    }

    private func rotationReport() throws -> SigningKeyRotationReport {
        let keys = try exporter.keys.publicKeys(of: tenant)
        return SigningKeyRotationReport(
            from: keys.dropLast().last?.description ?? "", to: keys.last?.description ?? "",
            changeCount: keys.count - 1)
    }
}
