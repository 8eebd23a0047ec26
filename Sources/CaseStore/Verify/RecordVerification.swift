import Foundation
internal import GRDB
import ReturnsDomain

/// Verifies one tenant's audit log in a data directory: database, documents and exported files.
struct RecordVerification {
    let directory: DataDirectory
    let tenant: Tenant

    private struct Counts {
        var documents: Int64 = 0
        var erasedDocuments: Int64 = 0
        var exportedLines: Int64 = 0
        var unexportedLines: Int64 = 0
    }

    /// Reads one consistent state of the database while others write; blocks.
    func run() throws -> AuditVerification {
        // Sizes first: the lines up to here were committed before the state that is read below.
        let sizes = fileSizes()
        return try OpenedDatabase.openForReading(directory.database).read { db in
            var chain = AuditChain()
            var counts = Counts()
            var problem = try checkEntries(db, &chain, &counts)
            problem = try problem ?? checkTail(db, chain, counts)
            for kind in ExportStream.Kind.allCases where problem == nil {
                problem = try checkExport(
                    ExportStream(tenant: tenant, kind: kind), db, sizes, &counts)
            }
            return AuditVerification(
                entryCount: chain.entryCount, head: chain.head, documentCount: counts.documents,
                erasedDocumentCount: counts.erasedDocuments,
                exportedLineCount: counts.exportedLines,
                unexportedLineCount: counts.unexportedLines, problem: problem)
        }
    }

    // MARK: - The database

    private func checkEntries(
        _ db: Database, _ chain: inout AuditChain, _ counts: inout Counts
    ) throws -> AuditProblem? {
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT e.line, e.hash, e.kind, e.inspection, a.seq AS adjudication, a.document,
                  a.inspection AS owner, i.salt
                FROM auditEntry e
                LEFT JOIN adjudication a ON a.tenant = e.tenant AND a.auditSeq = e.seq
                LEFT JOIN inspection i ON i.tenant = a.tenant AND i.id = a.inspection
                WHERE e.tenant = ? ORDER BY e.seq
                """,
            arguments: [tenant.description])
        while let row = try rows.next() {
            let kind: AuditProblem.Kind?
            switch chain.check(row["line"]) {
            case .failure(let finding):
                return AuditProblem(finding.kind, seq: chain.entryCount + 1, file: nil)
            case .success(let entry):
                kind = checkColumns(row, entry) ?? checkDocument(row, entry, &counts)
            }
            if let kind { return AuditProblem(kind, seq: chain.entryCount, file: nil) }
        }
        return nil
    }

    private func checkColumns(_ row: Row, _ entry: AuditChain.Entry) -> AuditProblem.Kind? {
        let inspection: String? = row["inspection"]
        let owner: String? = row["owner"]
        let agree =
            row["hash"] as String == entry.hash && row["kind"] as String == entry.kind
            && inspection ?? "" == entry.inspection
            && (owner == nil || owner == inspection)
        return agree ? nil : .columnsDiffer
    }

    private func checkDocument(
        _ row: Row, _ entry: AuditChain.Entry, _ counts: inout Counts
    ) -> AuditProblem.Kind? {
        let adjudication: Int64? = row["adjudication"]
        guard !entry.commitment.isEmpty else {
            return adjudication == nil ? nil : .documentWithoutEntry
        }
        guard adjudication != nil else { return .documentMissing }
        let document: Data? = row["document"]
        let salt: Data? = row["salt"]
        guard let document, let salt else {
            // Erasure removes document and salt together; half of it is no erasure.
            guard document == nil && salt == nil else { return .documentMissing }
            counts.erasedDocuments += 1
            return nil
        }
        let commitment = InspectionSecrets.commitment(to: document, salt: salt)
        guard hexadecimal(commitment) == entry.commitment else { return .documentDiffers }
        counts.documents += 1
        return nil
    }

    /// What no single entry shows: numbers given out, and documents nothing commits to.
    private func checkTail(
        _ db: Database, _ chain: AuditChain, _ counts: Counts
    ) throws -> AuditProblem? {
        let next = chain.entryCount + 1
        let numbered = try Int64.fetchOne(
            db, sql: "SELECT last FROM sequence WHERE tenant = ? AND name = 'auditEntry'",
            arguments: [tenant.description])
        if (numbered ?? 0) != chain.entryCount {
            return AuditProblem(.tailMissing(lastNumbered: numbered ?? 0), seq: next, file: nil)
        }
        let adjudications = try Int64.fetchOne(
            db, sql: "SELECT COUNT(*) FROM adjudication WHERE tenant = ?",
            arguments: [tenant.description])
        if adjudications != counts.documents + counts.erasedDocuments {
            return AuditProblem(.documentWithoutEntry, seq: next, file: nil)
        }
        return nil
    }

    // MARK: - The exported files

    private func fileSizes() -> [URL: Int64] {
        let segments = try? FileManager.default.contentsOfDirectory(
            at: directory.audit(of: tenant), includingPropertiesForKeys: nil)
        let names = (segments ?? []).map(\.lastPathComponent)
        let files =
            [directory.reviewQueue(of: tenant), directory.adjudications(of: tenant)]
            + names.map { directory.audit(of: tenant).appending(path: $0) }
        var sizes: [URL: Int64] = [:]
        for file in files { sizes[file] = FileSystem.status(file)?.byteCount }
        return sizes
    }

    private func checkExport(
        _ stream: ExportStream, _ db: Database, _ sizes: [URL: Int64], _ counts: inout Counts
    ) throws -> AuditProblem? {
        var files = ExportedLines(sizes: sizes)
        var problem: AuditProblem?
        var (exported, unexported) = (Int64(0), Int64(0))
        try stream.forEachLine(after: 0, in: db) { line in
            let file = stream.file(for: line.seq, in: directory)
            guard try files.move(to: file) else {
                problem = AuditProblem(.exportExceeds, seq: line.seq, file: files.name)
                return false
            }
            guard let found = try files.next() else {
                unexported += 1
                return true
            }
            if !found.isWhole && line.bytes.starts(with: found.bytes) {
                // An export at work: the rest of the line is being written.
                unexported += 1
            } else if found.isWhole && found.bytes == line.bytes && unexported == 0 {
                exported += 1
            } else {
                problem = AuditProblem(.exportDiffers, seq: line.seq, file: files.name)
            }
            return problem == nil
        }
        counts.exportedLines += exported
        counts.unexportedLines += unexported
        if problem == nil, try files.next() != nil {
            return AuditProblem(.exportExceeds, seq: exported + 1, file: files.name)
        }
        return problem
    }
}

/// The lines of a stream's files, one file after the other.
private struct ExportedLines {
    let sizes: [URL: Int64]
    private var file: URL?
    private var reader: LineReader?

    init(sizes: [URL: Int64]) {
        self.sizes = sizes
    }

    /// The present file's name.
    var name: String { file?.lastPathComponent ?? "" }

    /// Goes to a file; one that does not exist has no lines.
    ///
    /// - Returns: False if the file before has lines left.
    mutating func move(to next: URL) throws -> Bool {
        guard next != file else { return true }
        if try self.next() != nil { return false }
        file = next
        reader = try sizes[next].map { try LineReader(next, byteCount: $0) }
        return true
    }

    mutating func next() throws -> LineReader.Line? {
        try reader?.next()
    }
}
