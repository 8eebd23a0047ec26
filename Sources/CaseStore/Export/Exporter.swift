import Crypto
import Foundation
internal import GRDB
import ReturnsDomain
import Synchronization

/// Lets the JSONL files follow the database, one process at a time.
///
/// Whoever holds the lock of the file `lock` is the exporter. The role is taken without waiting and
/// given back after each export; before going, the exporter looks once more whether something was
/// committed meanwhile, so that a process that found the lock taken may leave its lines to it.
/// On taking the role the end of each file is read back: the files themselves say how far they are,
/// so no crash can make file and position disagree.
final class Exporter: Sendable {
    let directory: DataDirectory
    let database: DatabasePool
    let clock: StoreClock
    /// What signs checkpoints.
    let keys: LogKeys
    let options: ExportOptions
    let waiting = Mutex<[Tenant: Waiting]>([:])
    private let work = FileWork(label: "regrade.export")
    private let exported = Mutex<[ExportStream: Position]>([:])

    /// How far a stream is exported, and into which state of which file.
    struct Position: Hashable {
        var seq: Int64
        var file: URL
        /// The segment whose lines the file holds; nil if it is empty.
        var segment: Int64?
        /// The file when this process left it.
        var status: FileStatus?
    }

    /// The last number of each stream as the sequences tell it.
    private typealias Heads = [ExportStream: Int64]

    init(
        directory: DataDirectory, database: DatabasePool, clock: StoreClock,
        keys: LogKeys, options: ExportOptions
    ) {
        self.directory = directory
        self.database = database
        self.clock = clock
        self.keys = keys
        self.options = options
    }

    /// Signs the checkpoints that are due and brings the files up to the database.
    ///
    /// - Parameter isClosing: Whether every log gets a checkpoint over all its entries; then the
    ///   role is waited for.
    func export(isClosing: Bool = false) async throws {
        try await work.run { [self] in
            var isClosing = isClosing
            while true {
                let due = try tenantsDueForCheckpoint(isClosing: isClosing)
                if try due.isEmpty && pendingHeads() == nil { return }
                guard let lock = try takeLock(waits: isClosing) else { return }
                // Again, because another process may have just made them.
                for tenant in try tenantsDueForCheckpoint(isClosing: isClosing) {
                    try makeCheckpoint(of: tenant)
                }
                if let heads = try pendingHeads() { try follow(heads) }
                withExtendedLifetime(lock) {}
                isClosing = false
            }
        }
    }

    /// The exporter's role; nil if another process has it, which will see what is committed now.
    private func takeLock(waits: Bool) throws -> FileDescriptor? {
        let lock = try FileSystem.open(directory.exportLock, O_RDWR | O_CREAT)
        return try lock.lock(waits: waits) ? lock : nil
    }

    /// Runs work on the files while no other process is the exporter, waiting for the role.
    func holdingLock<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await work.run { [self] in
            let lock = try takeLock(waits: true)
            defer { withExtendedLifetime(lock) {} }
            return try body()
        }
    }

    /// What the sequences say, if any file may be behind them; nil if all is exported.
    private func pendingHeads() throws -> Heads? {
        let heads = try database.read { db in try self.heads(db) }
        let isCurrent = exported.withLock { exported in
            heads.allSatisfy { stream, seq in
                guard let position = exported[stream] else { return false }
                return position.seq >= seq && isUntouched(stream, since: position)
            }
        }
        return isCurrent ? nil : heads
    }

    private func heads(_ db: Database) throws -> Heads {
        var heads: Heads = [:]
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT tenant, name, last FROM sequence
                WHERE name IN ('auditEntry', 'queueEvent', 'auditCheckpoint')
                """)
        while let row = try rows.next() {
            guard let tenant = Tenant(row["tenant"] as String) else { continue }
            let last: Int64 = row["last"]
            switch row["name"] as String {
            case "queueEvent": heads[stream(.reviewQueue, of: tenant)] = last
            case "auditCheckpoint": heads[stream(.checkpoints, of: tenant)] = last
            default:
                heads[stream(.audit, of: tenant)] = last
                heads[stream(.adjudications, of: tenant)] = last
                // An empty queue is a file too, so that whoever follows it can open it.
                let queue = stream(.reviewQueue, of: tenant)
                heads[queue] = heads[queue] ?? 0
            }
        }
        return heads
    }

    /// One stream of one tenant, in segments of this exporter's size.
    func stream(_ kind: ExportStream.Kind, of tenant: Tenant) -> ExportStream {
        ExportStream(tenant: tenant, kind: kind, layout: options.layout)
    }

    private func follow(_ heads: Heads) throws {
        // Checkpoints last: whoever reads the files meanwhile finds the entries they are over.
        for streams in [
            heads.filter { $0.key.kind != .checkpoints },
            heads.filter { $0.key.kind == .checkpoints },
        ].map(Array.init) {
            // In parallel because each stream waits for a sync of its own file.
            try FileWork.forEach(count: streams.count) { [self] index in
                try follow(streams[index].key, head: streams[index].value)
            }
        }
    }

    /// Whether the stream's files are as this process left them.
    ///
    /// A full segment of the audit log stays as it is while another process goes on with the next
    /// one, so that one must not exist either.
    private func isUntouched(_ stream: ExportStream, since position: Position) -> Bool {
        guard position.status != nil, FileSystem.status(position.file) == position.status else {
            return false
        }
        let next = stream.layout.number(of: position.seq + 1)
        let file = stream.writtenFile(forSegment: next, in: directory)
        return file == position.file || !FileSystem.exists(file)
    }

    /// Appends what a stream's files lack.
    private func follow(_ stream: ExportStream, head: Int64) throws {
        if stream.kind == .checkpoints { try writePublicKey(of: stream.tenant) }
        let known = exported.withLock { $0[stream] }
        var position: Position
        if let known, isUntouched(stream, since: known) {
            position = known
        } else {
            position = try resume(stream, head: head)
        }
        while position.seq < head {
            guard try appendSome(stream, to: &position) else { break }
        }
        // Adjudications have no line for every audit entry: having looked counts as exported.
        position.seq = max(position.seq, head)
        position.status = FileSystem.status(position.file)
        let reached = position
        exported.withLock { $0[stream] = reached }
    }

    /// Appends up to one append's bytes of one segment.
    ///
    /// - Returns: False if the database has no further line.
    func appendSome(_ stream: ExportStream, to position: inout Position) throws -> Bool {
        let batch = try batch(of: stream, after: position.seq)
        guard let segment = batch.segment else { return false }
        if let full = position.segment, full < segment {
            try close(stream, segment: full)
        }
        let url = stream.writtenFile(forSegment: segment, in: directory)
        try options.beforeStep()
        var file = try ExportedFile(url)
        try options.beforeStep()
        try file.append(batch.bytes)
        position = Position(seq: batch.last, file: url, segment: segment)
        return true
    }

    /// Gives the file being written its number: all lines of its segment are in it and durable.
    private func close(_ stream: ExportStream, segment: Int64) throws {
        guard let growing = stream.growingFile(in: directory) else { return }
        let folder = stream.segmentFolder(in: directory)
        try createFolder(folder)
        try options.beforeStep()
        try FileSystem.rename(growing, to: stream.segment(segment, in: directory))
        // The new name first: whatever a loss of power leaves, no line is without a name.
        try FileSystem.syncFolder(folder)
        try FileSystem.syncFolder(growing.deletingLastPathComponent())
    }

    /// Makes a folder whose name survives a loss of power.
    func createFolder(_ folder: URL) throws {
        guard !FileSystem.exists(folder) else { return }
        try options.beforeStep()
        try FileSystem.createFolder(folder)
        try FileSystem.syncFolder(folder.deletingLastPathComponent())
    }

    /// Lines for one append to one segment.
    struct Batch {
        var segment: Int64?
        var last: Int64
        var bytes = Data()
    }

    func batch(of stream: ExportStream, after seq: Int64) throws -> Batch {
        try database.read { db in
            var batch = Batch(last: seq)
            try stream.forEachLine(after: seq, in: db) { line in
                let segment = stream.layout.number(of: line.seq)
                let byteCount = batch.bytes.count + line.bytes.count + 1
                let fits =
                    byteCount <= ExportedFile.appendByteCountLimit && segment == batch.segment
                guard batch.segment == nil || fits else { return false }
                batch.segment = segment
                batch.bytes.append(line.bytes)
                batch.bytes.append(UInt8(ascii: "\n"))
                batch.last = line.seq
                return true
            }
            return batch
        }
    }
}

extension CaseStore {
    /// Brings the JSONL files of all tenants up to the database, without a gap or a double.
    ///
    /// Cheap when there is nothing to do. Called after a commit, and at the end of each command.
    /// Returns at once if another process is writing the files; that one exports what is committed.
    ///
    /// - Throws: ``CaseStoreError/exportDiverges(file:seq:)`` if someone else wrote into a file,
    ///   and what the disk may throw. The record itself is not affected.
    public func export() async throws(CaseStoreError) {
        do {
            try await exporter.export()
        } catch {
            throw CaseStoreError(error)
        }
    }

    /// Signs a checkpoint over everything that is recorded and brings the files up to it.
    ///
    /// For the orderly end of whatever wrote; the store stays usable. Waits for another process
    /// that is writing the files. Cheap if the last checkpoint is over everything already.
    ///
    /// - Throws: As ``export()``, and ``CaseStoreError/auditLogCut(entryCount:signed:)``.
    public func checkpoint() async throws(CaseStoreError) {
        do {
            try await exporter.export(isClosing: true)
        } catch {
            throw CaseStoreError(error)
        }
    }
}
