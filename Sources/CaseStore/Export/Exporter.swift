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
    private let directory: DataDirectory
    private let database: DatabasePool
    private let work = FileWork(label: "regrade.export")
    private let exported = Mutex<[ExportStream: Position]>([:])

    /// How far this process knows a stream to be exported, and into which state of which file.
    private struct Position: Hashable {
        var seq: Int64
        var file: URL
        var status: FileStatus?

    }

    /// The last number of each stream as the sequences tell it.
    private typealias Heads = [ExportStream: Int64]

    init(directory: DataDirectory, database: DatabasePool) {
        self.directory = directory
        self.database = database
    }

    /// Brings the files up to the database.
    func export() async throws {
        try await work.run { [self] in
            while let heads = try pendingHeads() {
                guard try exportHoldingLock(heads) else { return }
            }
        }
    }

    /// What the sequences say, if any file may be behind them; nil if all is exported.
    private func pendingHeads() throws -> Heads? {
        let heads = try database.read { db in try Self.heads(db) }
        let isCurrent = exported.withLock { exported in
            heads.allSatisfy { stream, seq in
                guard let position = exported[stream] else { return false }
                return position.seq >= seq && isUntouched(stream, since: position)
            }
        }
        return isCurrent ? nil : heads
    }

    private static func heads(_ db: Database) throws -> Heads {
        var heads: Heads = [:]
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT tenant, name, last FROM sequence WHERE name IN ('auditEntry', 'queueEvent')
                """)
        while let row = try rows.next() {
            guard let tenant = Tenant(row["tenant"] as String) else { continue }
            let last: Int64 = row["last"]
            if row["name"] as String == "queueEvent" {
                heads[ExportStream(tenant: tenant, kind: .reviewQueue)] = last
            } else {
                heads[ExportStream(tenant: tenant, kind: .audit)] = last
                heads[ExportStream(tenant: tenant, kind: .adjudications)] = last
                // An empty queue is a file too, so that whoever follows it can open it.
                let queue = ExportStream(tenant: tenant, kind: .reviewQueue)
                heads[queue] = heads[queue] ?? 0
            }
        }
        return heads
    }

    /// - Returns: False if another process is the exporter; it will see what is committed now.
    private func exportHoldingLock(_ heads: Heads) throws -> Bool {
        let lock = try FileSystem.open(directory.exportLock, O_RDWR | O_CREAT)
        guard try lock.lock(waits: false) else { return false }
        let streams = Array(heads.keys)
        // In parallel because each stream waits for a sync of its own file.
        try FileWork.forEach(count: streams.count) { [self] index in
            try follow(streams[index], head: heads[streams[index]] ?? 0)
        }
        return withExtendedLifetime(lock) { true }
    }

    /// Whether the stream's files are as this process left them.
    ///
    /// A full segment stays as it is while another process goes on with the next one, so that one
    /// must not exist either.
    private func isUntouched(_ stream: ExportStream, since position: Position) -> Bool {
        guard position.status != nil, FileSystem.status(position.file) == position.status else {
            return false
        }
        let next = stream.file(for: position.seq + 1, in: directory)
        return next == position.file || !FileSystem.exists(next)
    }

    /// Appends what a stream's files lack.
    private func follow(_ stream: ExportStream, head: Int64) throws {
        let known = exported.withLock { $0[stream] }
        var position: Position
        if let known, isUntouched(stream, since: known) {
            position = known
        } else {
            position = try resume(stream, head: head)
        }
        while position.seq < head {
            let last = try appendSome(stream, to: &position)
            if !last { break }
        }
        // Adjudications have no line for every audit entry: having looked counts as exported.
        position.seq = max(position.seq, head)
        position.status = FileSystem.status(position.file)
        let reached = position
        exported.withLock { $0[stream] = reached }
    }

    /// Reads back how far a stream's files are, repairs their end and checks it with the database.
    private func resume(_ stream: ExportStream, head: Int64) throws -> Position {
        let folder = stream.file(for: 1, in: directory).deletingLastPathComponent()
        if !FileSystem.exists(folder) {
            try FileSystem.createFolder(folder)
            try FileSystem.syncFolder(folder.deletingLastPathComponent())
        }
        if stream.kind == .audit { try restoreSegments(of: stream, head: head) }
        let url = stream.file(for: max(head, 1), in: directory)
        let file = try ExportedFile(repairing: url)
        var seq = stream.kind == .audit ? Self.seqBefore(segmentOf: max(head, 1)) : 0
        if let line = file.lastLine {
            let found = ExportStream.seq(ofLine: line) ?? 0
            let expected = try database.read { db in try stream.line(found, in: db) }
            guard expected?.bytes == line else {
                throw CaseStoreError.exportDiverges(file: url.lastPathComponent, seq: found)
            }
            seq = found
        }
        return Position(seq: seq, file: url, status: nil)
    }

    private static func seqBefore(segmentOf seq: Int64) -> Int64 {
        (seq - 1) / ExportStream.segmentEntryCount * ExportStream.segmentEntryCount
    }

    /// Completes the segments before the one being filled: one may have been deleted, or the
    /// exporter may have been killed before it was full.
    ///
    /// A segment whose successor exists is full: they are filled in order, and one that is missing
    /// is written under another name first.
    private func restoreSegments(of stream: ExportStream, head: Int64) throws {
        let count = Self.seqBefore(segmentOf: max(head, 1)) / ExportStream.segmentEntryCount
        for number in stride(from: 1, through: count, by: 1) {
            let url = stream.segment(number, in: directory)
            let end = number * ExportStream.segmentEntryCount
            if !FileSystem.exists(url) {
                try rebuild(stream, segment: url, end: end)
            } else if !FileSystem.exists(stream.segment(number + 1, in: directory)) {
                let found = try ExportedFile(repairing: url).lastLine.flatMap(
                    ExportStream.seq(ofLine:))
                var position = Position(
                    seq: found ?? end - ExportStream.segmentEntryCount, file: url, status: nil)
                while position.seq < end, try appendSome(stream, to: &position) {}
            }
        }
    }

    private func rebuild(_ stream: ExportStream, segment url: URL, end: Int64) throws {
        let temporary = url.appendingPathExtension("new")
        try FileSystem.remove(temporary)
        var file = try ExportedFile(temporary)
        var seq = end - ExportStream.segmentEntryCount
        while seq < end {
            let batch = try batch(of: stream, after: seq)
            guard !batch.bytes.isEmpty else { break }
            try file.append(batch.bytes)
            seq = batch.last
        }
        try FileSystem.rename(temporary, to: url)
        try FileSystem.syncFolder(url.deletingLastPathComponent())
    }

    /// Appends up to one append's bytes of one file.
    ///
    /// - Returns: False if the database has no further line.
    private func appendSome(_ stream: ExportStream, to position: inout Position) throws -> Bool {
        let batch = try batch(of: stream, after: position.seq)
        guard let url = batch.file else { return false }
        var file = try ExportedFile(url)
        try file.append(batch.bytes)
        position.file = url
        position.seq = batch.last
        return true
    }

    /// Lines for one append to one file.
    private struct Batch {
        var file: URL?
        var last: Int64
        var bytes = Data()
    }

    private func batch(of stream: ExportStream, after seq: Int64) throws -> Batch {
        let directory = directory
        return try database.read { db in
            var batch = Batch(last: seq)
            try stream.forEachLine(after: seq, in: db) { line in
                let file = stream.file(for: line.seq, in: directory)
                let byteCount = batch.bytes.count + line.bytes.count + 1
                let fits = byteCount <= ExportedFile.appendByteCountLimit && file == batch.file
                guard batch.file == nil || fits else { return false }
                batch.file = file
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
}
