import Foundation
internal import GRDB
import ReturnsDomain

/// Erases, in an order that any crash leaves to be finished by whoever opens the directory next.
///
/// 1. The role: one eraser at a time, the lock of `tombstones.jsonl`.
/// 2. A note of the photo files that will go, and the tombstones; both durable. From here on it
///    happens.
/// 3. One transaction: rows, secrets, audit entry, outgoing event.
/// 4. Photo files; lines of the exported files; the write-ahead log; copies in unused parts of
///    database pages.
/// 5. The rows in `erasure` are marked finished.
///
/// See `docs/privacy.md`.
struct Eraser: Sendable {
    let directory: DataDirectory
    let database: DatabasePool
    let clock: StoreClock
    let vault: PhotoVault
    let exporter: Exporter
    private let work = FileWork(label: "regrade.erasure")

    /// What an erasure did, and why it is not complete if it is not.
    struct Report: Sendable {
        var erased: [ErasedCase] = []
        var unfinished: CaseStoreError?
    }

    init(
        directory: DataDirectory, database: DatabasePool, clock: StoreClock, vault: PhotoVault,
        exporter: Exporter
    ) {
        self.directory = directory
        self.database = database
        self.clock = clock
        self.vault = vault
        self.exporter = exporter
    }

    /// Erases what `select` chooses from the record while nobody else erases or places holds.
    ///
    /// - Parameter finishes: False if the caller calls ``finishAll()`` after several groups.
    func erase(
        finishing finishes: Bool = true,
        selecting select: @escaping @Sendable (Database) throws -> [Tombstone]
    ) async throws -> Report {
        let role = try await role(waits: true)
        guard let role else { return Report() }
        let erased = try await work.run { [self] in
            var role = role
            _ = try applyPending(role)
            let tombstones = try database.read(select).map(TombstoneLine.ofCase)
            guard !tombstones.isEmpty else { return [ErasedCase]() }
            try vault.noteErasure(of: keptNames(tombstones))
            try role.append(tombstones)
            do {
                return try apply(tombstones, byteCount: role.byteCount, isReapplied: false)
            } catch {
                throw CaseStoreError.erasurePending(reason: "\(CaseStoreError(error))")
            }
        }
        guard finishes, !erased.isEmpty else { return Report(erased: erased) }
        var report = Report(erased: erased)
        do {
            try await finish(traces: erased.flatMap(\.traces))
        } catch {
            report.unfinished = CaseStoreError(error)
        }
        return withExtendedLifetime(role) { report }
    }

    /// Clears the files of all that was erased without finishing.
    func finishAll() async throws {
        guard try await isUnfinished() else { return }
        let role = try await role(waits: true)
        // Somebody else may have finished it while we waited.
        if try await isUnfinished() { try await finish(traces: nil) }
        withExtendedLifetime(role) {}
    }

    private func isUnfinished() async throws -> Bool {
        try await work.run { [self] in try database.read(Self.isUnfinished) }
    }

    /// Runs a change of the record while nobody erases.
    func whileNobodyErases<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        let role = try await role(waits: true)
        let value = try await work.run(body)
        return withExtendedLifetime(role) { value }
    }

    /// Removes reference photos while nobody erases, in the same order as cases.
    ///
    /// - Parameters:
    ///   - select: Chooses them, and throws if they have to stay.
    ///   - tell: Says in the audit log how many were removed.
    /// - Returns: How many were removed.
    func remove(
        of tenant: Tenant,
        selecting select: @escaping @Sendable (Database) throws -> ReferenceTraces,
        telling tell: @escaping @Sendable (Int, StoreTransaction) throws -> Void
    ) async throws -> Int {
        let role = try await role(waits: true)
        guard let role else { return 0 }
        let count = try await work.run { [self] in
            var role = role
            _ = try applyPending(role)
            let found = try database.read(select)
            guard !found.ids.isEmpty else { return 0 }
            try vault.noteErasure(of: found.keptNames)
            try role.append([.ofReferences(found.tombstone(of: tenant, at: clock.now()))])
            do {
                try database.write { db in
                    let transaction = StoreTransaction(db: db, tenant: tenant, clock: clock)
                    try transaction.remove(found)
                    try tell(found.ids.count, transaction)
                    try Self.note(appliedByteCount: role.byteCount, in: db)
                }
            } catch {
                throw CaseStoreError.erasurePending(reason: "\(CaseStoreError(error))")
            }
            // Durable; what cannot be cleared away now cannot be opened any more, and goes with
            // the next erasure.
            try? removePhotoFiles()
            try? truncateLog()
            return found.ids.count
        }
        return withExtendedLifetime(role) { count }
    }

    /// Applies tombstones that the database has not seen and finishes what a crash left.
    ///
    /// If another process is erasing, it is left to it.
    ///
    /// - Throws: What keeps a tombstone from being applied. What only remains to be cleared away is
    ///   left to the next opening.
    func resume() async throws {
        guard try await work.run({ try isBehind() }), let role = try await role(waits: false)
        else { return }
        _ = try await work.run { [self] in try applyPending(role) }
        // Nothing is readable any more; what fails here, another process's reading for one, is
        // tried again by every opening.
        try? await finish(traces: nil)
        withExtendedLifetime(role) {}
    }

    private func role(waits: Bool) async throws -> TombstoneFile? {
        let directory = directory
        return try await work.run { try TombstoneFile(in: directory, waits: waits) }
    }

    private func isBehind() throws -> Bool {
        let byteCount = FileSystem.status(directory.tombstones)?.byteCount ?? 0
        return try database.read { db in
            try Self.isUnfinished(db) || Self.appliedByteCount(db) != byteCount
        }
    }

    private static func isUnfinished(_ db: Database) throws -> Bool {
        try Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM erasure WHERE finishedAt IS NULL)") ?? false
    }

    private static func appliedByteCount(_ db: Database) throws -> Int64 {
        try Int64.fetchOne(db, sql: "SELECT byteCount FROM tombstoneProgress") ?? 0
    }

    // MARK: - Tombstones

    private func applyPending(_ role: TombstoneFile) throws -> [ErasedCase] {
        let applied = try database.read(Self.appliedByteCount)
        guard applied != role.byteCount else { return [] }
        var erased: [ErasedCase] = []
        // A file shorter than what was applied was put there by someone: look at all of it.
        let start = applied < role.byteCount ? applied : 0
        try role.forEachGroup(after: start, count: CaseStore.groupCountLimit) { group, end in
            try vault.noteErasure(of: keptNames(group))
            erased += try apply(group, byteCount: end, isReapplied: true)
        }
        return erased
    }

    private func apply(
        _ tombstones: [TombstoneLine], byteCount: Int64, isReapplied: Bool
    ) throws -> [ErasedCase] {
        let clock = clock
        return try database.write { db in
            var erased: [ErasedCase] = []
            for (name, group) in Dictionary(grouping: tombstones, by: \.tenant) {
                guard let tenant = Tenant(name) else { continue }
                erased += try StoreTransaction(db: db, tenant: tenant, clock: clock)
                    .erase(group, isReapplied: isReapplied)
            }
            try Self.note(appliedByteCount: byteCount, in: db)
            return erased
        }
    }

    private static func note(appliedByteCount: Int64, in db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO tombstoneProgress (tenant, byteCount) VALUES ('', ?1)
                ON CONFLICT DO UPDATE SET byteCount = ?1
                """,
            arguments: [appliedByteCount])
    }

    private func keptNames(_ tombstones: [TombstoneLine]) throws -> [String] {
        try database.read { db in
            try tombstones.flatMap { line in
                guard let tenant = Tenant(line.tenant) else { return [String]() }
                switch line {
                case .ofCase(let tombstone) where tombstone.scope == .texts: return []
                case .ofCase(let tombstone):
                    return try CaseTraces.keptNames(
                        of: tombstone.inspection, tenant: tenant, in: db)
                        + ReferenceTraces(erasedBy: tombstone, tenant: tenant, in: db).keptNames
                case .ofReferences(let tombstone):
                    return try ReferenceTraces(named: tombstone, tenant: tenant, in: db).keptNames
                }
            }
        }
    }

    // MARK: - Files

    /// Clears the files of what the database no longer holds.
    ///
    /// - Parameter traces: What must not be found afterwards; nil if that is not known any more,
    ///   and then the database is rebuilt in any case.
    private func finish(traces: [Data]?) async throws {
        for (tenant, lines) in try await work.run({ try unfinishedLines() }) {
            try await exporter.erase(lines, of: tenant)
        }
        try await work.run { [self] in
            try removePhotoFiles()
            try truncateLog()
            if try needsRebuilding(traces) {
                try database.vacuum()
                try truncateLog()
            }
            let now = clock.now()
            try database.write { db in
                try db.execute(
                    sql: "UPDATE erasure SET finishedAt = ? WHERE finishedAt IS NULL",
                    arguments: [now.millisecondsSince1970])
            }
        }
    }

    private func needsRebuilding(_ traces: [Data]?) throws -> Bool {
        if let traces { return try PageResidue(of: traces).isFound(in: directory.database) }
        // A photo's row holds nothing of the person once its file is gone.
        return try database.read { db in
            try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM erasure
                      WHERE finishedAt IS NULL AND scope <> 'photos')
                    """) ?? false
        }
    }

    /// The lines of the exported files that belong to erasures under way.
    private func unfinishedLines() throws -> [Tenant: [ExportStream.Kind: Set<Int64>]] {
        try database.read { db in
            var lines: [Tenant: [ExportStream.Kind: Set<Int64>]] = [:]
            let sources: [(ExportStream.Kind, String)] = [
                (.reviewQueue, "SELECT x.tenant, x.seq FROM queueEvent x"),
                (.adjudications, "SELECT x.tenant, x.auditSeq AS seq FROM adjudication x"),
            ]
            for (kind, select) in sources {
                let rows = try Row.fetchCursor(
                    db,
                    sql: select + """
                         JOIN erasure e ON e.tenant = x.tenant AND e.inspection = x.inspection
                        WHERE e.finishedAt IS NULL AND e.scope = 'case'
                        """)
                while let row = try rows.next() {
                    guard let tenant = Tenant(row["tenant"] as String) else { continue }
                    lines[tenant, default: [:]][kind, default: []].insert(row["seq"])
                }
            }
            return lines
        }
    }

    private func removePhotoFiles() throws {
        for group in vault.erasedGroups() {
            let unreferenced = try database.read { db in
                try group.names.filter { try !PhotoVault.isNamed($0, in: db) }
            }
            vault.sweep(note: group.note, unreferenced: unreferenced)
        }
    }

    /// Moves the write-ahead log into the database and empties its file, which holds older states.
    private func truncateLog() throws {
        // Each attempt waits for readers of other processes as long as any transaction would.
        for attempt in 1...3 {
            do {
                _ = try database.writeWithoutTransaction { db in try db.checkpoint(.truncate) }
                return
            } catch let error as DatabaseError
                where error.resultCode == .SQLITE_BUSY && attempt < 3
            {
                continue
            }
        }
    }
}
