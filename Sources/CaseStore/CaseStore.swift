import Crypto
public import Foundation
internal import GRDB
public import ReturnsDomain
import Traces

/// The durable record: inspections, reviews, audit log, outgoing events and kept photos of one
/// tenant in one data directory.
///
/// Each function is one use case and one transaction; it takes and returns plain values, so that
/// another database can stand behind the same door. Any number of processes of one user may have
/// the same directory open. What a function returned is on the disk. Nothing here blocks the
/// caller's thread. See `docs/data-directory.md`.
public final class CaseStore: Sendable {
    /// Whose record this is.
    public let tenant: Tenant

    let directory: DataDirectory
    let database: DatabasePool
    let line: WriteLine
    let clock: StoreClock
    let wrapping: KeyWrapping
    let vault: PhotoVault
    let photoWork: FileWork
    let exporter: Exporter
    /// The shared lock that says to whoever needs the directory to itself that it is in use.
    let use: FileDescriptor

    /// Opens the data directory, creating what is missing.
    ///
    /// Creates keys and the database in a new directory; in one with a database the keys must be
    /// there. Removes photos that a killed process left without a record, applies tombstones that a
    /// restored backup does not know, and finishes erasures that a killed process began.
    ///
    /// - Parameters:
    ///   - directory: The data directory; created with mode 0700.
    ///   - tenant: Whose record to open.
    ///   - clock: The clocks; the system's outside of tests. Random numbers are always the
    ///     system's, because keys come from them.
    /// - Throws: ``CaseStoreError``, for a newer database, missing or exposed keys, files that
    ///   cannot be used, and a directory that another process has to itself.
    public static func open(
        at directory: URL, tenant: Tenant = .default, clock: StoreClock = .system
    ) async throws(CaseStoreError) -> CaseStore {
        try await open(at: directory, tenant: tenant, clock: clock, export: .standard)
    }

    /// Opens the data directory with other export options than the program's; for tests.
    package static func open(
        at directory: URL, tenant: Tenant = .default, clock: StoreClock = .system,
        export options: ExportOptions
    ) async throws(CaseStoreError) -> CaseStore {
        try await open(at: directory, tenant: tenant, clock: clock, export: options, use: nil)
    }

    /// Opens a directory that the caller may have had to itself until now.
    ///
    /// - Parameter staysReserved: Whether the caller goes on having it to itself.
    static func open(
        at directory: URL, tenant: Tenant, clock: StoreClock, export options: ExportOptions,
        use reserved: FileDescriptor?, staysReserved: Bool = false
    ) async throws(CaseStoreError) -> CaseStore {
        let paths = DataDirectory(root: directory)
        // Four photos wait for the disk in little more time than one: see ``FileWork/forEach``.
        let photoWork = FileWork(label: "regrade.photos", laneCount: 4)
        do {
            let opened = try await photoWork.run {
                try OpenedFiles(
                    paths, clock: clock, use: reserved, staysReserved: staysReserved,
                    beforeStep: options.beforeStep)
            }
            let store = CaseStore(
                tenant: tenant, directory: paths, database: opened.database,
                line: opened.line, clock: clock, wrapping: opened.wrapping,
                vault: PhotoVault(folder: paths.photos), photoWork: photoWork,
                exporter: Exporter(
                    directory: paths, database: opened.database, clock: clock,
                    keys: opened.keys, options: options),
                use: opened.use)
            try await store.eraser.resume()
            return store
        } catch {
            throw CaseStoreError(error)
        }
    }

    /// The record of another tenant in the same directory; shares the open database.
    public func forTenant(_ tenant: Tenant) -> CaseStore {
        CaseStore(
            tenant: tenant, directory: directory, database: database, line: line, clock: clock,
            wrapping: wrapping, vault: vault, photoWork: photoWork, exporter: exporter, use: use)
    }

    private init(
        tenant: Tenant, directory: DataDirectory, database: DatabasePool, line: WriteLine,
        clock: StoreClock, wrapping: KeyWrapping, vault: PhotoVault, photoWork: FileWork,
        exporter: Exporter, use: FileDescriptor
    ) {
        self.tenant = tenant
        self.directory = directory
        self.database = database
        self.line = line
        self.clock = clock
        self.wrapping = wrapping
        self.vault = vault
        self.photoWork = photoWork
        self.exporter = exporter
        self.use = use
    }
}

extension CaseStore {
    /// Runs work in a durable transaction, in the line of this process; its error says that nothing
    /// was written.
    ///
    /// - Parameter isUrgent: Whether it goes before what waits and is not.
    func write<Value: Sendable>(
        isUrgent: Bool = false, _ work: @escaping @Sendable (StoreTransaction) throws -> Value
    ) async throws(CaseStoreError) -> Value {
        let (tenant, clock, trace) = (tenant, clock, TraceParent.current)
        do {
            return try await line.write(isUrgent: isUrgent) { db in
                try work(StoreTransaction(db: db, tenant: tenant, clock: clock, trace: trace))
            }
        } catch {
            throw CaseStoreError(error)
        }
    }

    /// Reads one consistent state.
    func read<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws(CaseStoreError) -> Value {
        do {
            return try await database.read(work)
        } catch {
            throw CaseStoreError(error)
        }
    }

    /// How many durable commits this process has made; work that waited together shares one.
    package var commitCount: Int { line.commitCount }

    /// How much work waits for a transaction of this process.
    package var waitingWriteCount: Int { line.waitingCount }

    /// One setting of the connection that writes, as SQLite reports it.
    package func databaseSetting(_ pragma: String) async throws(CaseStoreError) -> String? {
        do {
            return try await database.writeWithoutTransaction { db in
                try String.fetchOne(db, sql: "PRAGMA \(pragma)")
            }
        } catch {
            throw CaseStoreError(error)
        }
    }

    /// The first value that a query gives, as text; for tests of what is stored.
    package func value(_ sql: String) async throws(CaseStoreError) -> String? {
        try await read { db in try String.fetchOne(db, sql: sql) }
    }

    /// Runs SQL without any of the store's checks; for tests that play the tamperer.
    package func tamper(_ sql: String) async throws(CaseStoreError) {
        do {
            try await database.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA foreign_keys = OFF")
                try db.execute(sql: sql)
                try db.execute(sql: "PRAGMA foreign_keys = ON")
            }
        } catch {
            throw CaseStoreError(error)
        }
    }
}
