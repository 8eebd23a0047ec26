import Foundation
internal import GRDB
import ReturnsDomain

/// One exported sequence of lines of one tenant, read from the database.
///
/// Its lines lie in segments by their sequence number; see ``SegmentLayout``. The audit log is
/// written into its segments directly. Of the other streams the file being written has a name of
/// its own, and becomes a segment when the first line of a later one is to be written. So a
/// numbered segment of those streams is always complete.
struct ExportStream: Hashable, Sendable {
    /// Which file it fills.
    enum Kind: CaseIterable {
        case reviewQueue, adjudications, audit, checkpoints
    }

    /// One line without its newline.
    struct Line {
        let seq: Int64
        let bytes: Data
    }

    let tenant: Tenant
    let kind: Kind
    var layout = SegmentLayout.standard

    /// The file that lines are appended to until it becomes a segment; nil for the audit log.
    func growingFile(in directory: DataDirectory) -> URL? {
        switch kind {
        case .reviewQueue: directory.reviewQueue(of: tenant)
        case .adjudications: directory.adjudications(of: tenant)
        case .checkpoints: directory.checkpoints(of: tenant)
        case .audit: nil
        }
    }

    /// The folder of the numbered segments.
    func segmentFolder(in directory: DataDirectory) -> URL {
        growingFile(in: directory)?.deletingPathExtension() ?? directory.audit(of: tenant)
    }

    /// The file of one numbered segment, the first being 1.
    func segment(_ number: Int64, in directory: DataDirectory) -> URL {
        segmentFolder(in: directory).appending(path: SegmentLayout.name(number))
    }

    /// The file that lines of a segment are written into.
    func writtenFile(forSegment number: Int64, in directory: DataDirectory) -> URL {
        growingFile(in: directory) ?? segment(number, in: directory)
    }

    /// Calls `body` with lines in order, starting after `seq`, until it returns false.
    func forEachLine(
        after seq: Int64, in db: Database, _ body: (Line) throws -> Bool
    ) throws {
        let rows = try Row.fetchCursor(
            db, sql: sql, arguments: [tenant.description, seq])
        while let row = try rows.next() {
            guard try body(line(row)) else { return }
        }
    }

    /// The first line after a number; nil if the database has none.
    func firstLine(after seq: Int64, in db: Database) throws -> Line? {
        var found: Line?
        try forEachLine(after: seq, in: db) { line in
            found = line
            return false
        }
        return found
    }

    /// The line of this number; nil if the database has none.
    func line(_ seq: Int64, in db: Database) throws -> Line? {
        try firstLine(after: seq - 1, in: db).flatMap { $0.seq == seq ? $0 : nil }
    }

    /// The number of the last line; nil if the database has none.
    func lastSeq(in db: Database) throws -> Int64? {
        let (table, column) =
            switch kind {
            case .reviewQueue: ("queueEvent", "seq")
            case .adjudications: ("adjudication", "auditSeq")
            case .audit: ("auditEntry", "seq")
            case .checkpoints: ("auditCheckpoint", "seq")
            }
        return try Int64.fetchOne(
            db, sql: "SELECT MAX(\(column)) FROM \(table) WHERE tenant = ?",
            arguments: [tenant.description])
    }

    private var sql: String {
        switch kind {
        case .reviewQueue:
            "SELECT seq, line FROM queueEvent WHERE tenant = ? AND seq > ? ORDER BY seq"
        case .audit:
            "SELECT seq, line FROM auditEntry WHERE tenant = ? AND seq > ? ORDER BY seq"
        case .checkpoints:
            "SELECT seq, note AS line FROM auditCheckpoint WHERE tenant = ? AND seq > ? "
                + "ORDER BY seq"
        case .adjudications:
            """
            SELECT a.auditSeq AS seq, a.document AS line, e.hash FROM adjudication a
            JOIN auditEntry e ON e.tenant = a.tenant AND e.seq = a.auditSeq
            WHERE a.tenant = ? AND a.auditSeq > ? ORDER BY a.auditSeq
            """
        }
    }

    private func line(_ row: Row) -> Line {
        let seq: Int64 = row["seq"]
        if kind == .checkpoints {
            return Line(seq: seq, bytes: CheckpointLine(seq: seq, note: row["line"]).bytes)
        }
        let bytes: Data? = row["line"]
        guard let bytes else { return Line(seq: seq, bytes: Self.erasedLine(seq)) }
        guard kind == .adjudications else { return Line(seq: seq, bytes: bytes) }
        // The document's first member follows `audit` in the order of names, so that the line is
        // again in that order; see Adjudication.storedBytes().
        let hash: String = row["hash"]
        let audit = Data("{\"audit\":{\"hash\":\"\(hash)\",\"seq\":\(seq)},".utf8)
        return Line(seq: seq, bytes: audit + bytes.dropFirst())
    }

    /// What stands in the place of an erased line.
    static func erasedLine(_ seq: Int64) -> Data {
        Data("{\"event\":\"erased\",\"seq\":\(seq)}".utf8)
    }

    /// The number of an exported line; nil if it holds none.
    static func seq(ofLine bytes: Data) -> Int64? {
        struct Numbered: Decodable {
            struct Audit: Decodable { let seq: Int64 }
            let seq: Int64?
            let audit: Audit?
        }
        let numbered = try? JSONDecoder().decode(Numbered.self, from: bytes)
        return numbered?.audit?.seq ?? numbered?.seq
    }
}
