import Foundation
internal import GRDB
import ReturnsDomain

/// One exported sequence of lines of one tenant, read from the database.
struct ExportStream: Hashable, Sendable {
    /// Which file it fills.
    enum Kind: CaseIterable {
        case reviewQueue, adjudications, audit
    }

    /// One line without its newline.
    struct Line {
        let seq: Int64
        let bytes: Data
    }

    /// Entries in one segment of the audit log: about 5 MB, quick to copy and to check alone.
    static let segmentEntryCount: Int64 = 10_000

    let tenant: Tenant
    let kind: Kind

    /// The file that holds the line of this number.
    func file(for seq: Int64, in directory: DataDirectory) -> URL {
        switch kind {
        case .reviewQueue: directory.reviewQueue(of: tenant)
        case .adjudications: directory.adjudications(of: tenant)
        case .audit: segment(Self.segmentNumber(of: max(seq, 1)), in: directory)
        }
    }

    /// The file of one segment of the audit log, the first being 1.
    func segment(_ number: Int64, in directory: DataDirectory) -> URL {
        directory.audit(of: tenant).appending(path: Self.segmentName(number))
    }

    /// The segment that holds the entry of this number.
    static func segmentNumber(of seq: Int64) -> Int64 { (seq - 1) / segmentEntryCount + 1 }

    /// Eight digits, so that names sort like numbers.
    static func segmentName(_ number: Int64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 8 - digits.count)) + digits + ".jsonl"
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

    /// The line of this number; nil if the database has none.
    func line(_ seq: Int64, in db: Database) throws -> Line? {
        var found: Line?
        try forEachLine(after: seq - 1, in: db) { line in
            if line.seq == seq { found = line }
            return false
        }
        return found
    }

    private var sql: String {
        switch kind {
        case .reviewQueue:
            "SELECT seq, line FROM queueEvent WHERE tenant = ? AND seq > ? ORDER BY seq"
        case .audit:
            "SELECT seq, line FROM auditEntry WHERE tenant = ? AND seq > ? ORDER BY seq"
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
        let bytes: Data? = row["line"]
        guard let bytes else {
            return Line(seq: seq, bytes: Data("{\"event\":\"erased\",\"seq\":\(seq)}".utf8))
        }
        guard kind == .adjudications else { return Line(seq: seq, bytes: bytes) }
        // The document's first member follows `audit` in the order of names, so that the line is
        // again in that order; see Adjudication.storedBytes().
        let hash: String = row["hash"]
        let audit = Data("{\"audit\":{\"hash\":\"\(hash)\",\"seq\":\(seq)},".utf8)
        return Line(seq: seq, bytes: audit + bytes.dropFirst())
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
