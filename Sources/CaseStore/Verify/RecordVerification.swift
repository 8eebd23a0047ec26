import Foundation
internal import GRDB
import ReturnsDomain

/// Verifies one tenant's audit log in a data directory: database, documents and exported files.
struct RecordVerification {
    let directory: DataDirectory
    let tenant: Tenant
    let witness: AuditWitness
    let layout: SegmentLayout
    /// The log's keys, where none lie beside it and it may end before the last of them.
    var knownKeys: [NoteVerifierKey]?

    private struct Counts {
        var documents: Int64 = 0
        var erasedDocuments: Int64 = 0
        var exportedLines: Int64 = 0
        var unexportedLines: Int64 = 0
    }

    /// Reads one consistent state of the database while others write; blocks.
    ///
    /// An erasure at work changes database and files one after the other: if that is what differs,
    /// everything is looked at once more.
    func run() throws -> AuditVerification {
        let first = try runOnce()
        return first.isErasure ? try runOnce().verification : first.verification
    }

    private func runOnce() throws -> (verification: AuditVerification, isErasure: Bool) {
        // Files first: the lines up to here were committed before the state that is read below.
        var files = try ExportStream.Kind.allCases.map { kind in
            try ExportedLines(
                ExportStream(tenant: tenant, kind: kind, layout: layout), in: directory)
        }
        return try OpenedDatabase.openForReading(directory.database).read { db in
            var chain = AuditChain()
            var counts = Counts()
            var checkpoints = try CheckpointCheck(
                witness: witness,
                keys: knownKeys ?? KeyWalk.keys(in: directory.publicKey(of: tenant)),
                isListComplete: knownKeys == nil, source: checkpointSource(db))
            var problem =
                try checkpoints.begin() ?? checkEntries(db, &chain, &checkpoints, &counts)
            problem = try problem ?? checkTail(db, chain, counts)
            problem = problem ?? checkpoints.finish()
            var isErasure = false
            for index in files.indices where problem == nil {
                (problem, isErasure) = try checkExport(&files[index], db, &counts)
            }
            let verification = AuditVerification(
                entryCount: chain.entryCount, head: chain.head, documentCount: counts.documents,
                erasedDocumentCount: counts.erasedDocuments,
                exportedLineCount: counts.exportedLines,
                unexportedLineCount: counts.unexportedLines, checkpointCount: checkpoints.count,
                signedEntryCount: checkpoints.signedEntryCount,
                publicKeys: checkpoints.keys.reached.map(\.description),
                movedKeyChangeCount: checkpoints.keys.movedCount, problem: problem)
            return (verification, isErasure)
        }
    }

    // MARK: - The database

    private func checkEntries(
        _ db: Database, _ chain: inout AuditChain, _ checkpoints: inout CheckpointCheck,
        _ counts: inout Counts
    ) throws -> AuditProblem? {
        var subtrees = try StoredSubtrees(of: tenant, in: db)
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
            let entry: AuditChain.Entry
            let line: Data = row["line"]
            switch chain.check(line) {
            case .failure(let finding):
                return AuditProblem(finding.kind, seq: chain.entryCount + 1, file: nil)
            case .success(let checked): entry = checked
            }
            if let kind = checkColumns(row, entry) ?? checkDocument(row, entry, &counts) {
                return AuditProblem(kind, seq: chain.entryCount, file: nil)
            }
            var completed: [MerkleFrontier.Subtree] = []
            let problem = try checkpoints.add(entry: line, kind: entry.kind, file: nil) {
                completed.append($0)
            }
            if let problem { return problem }
            guard try subtrees.agree(with: completed) else {
                return AuditProblem(.subtreeDiffers, seq: chain.entryCount, file: nil)
            }
        }
        guard subtrees.isAtEnd() else {
            return AuditProblem(.subtreeDiffers, seq: chain.entryCount + 1, file: nil)
        }
        return nil
    }

    private func checkpointSource(_ db: Database) throws -> CheckpointCheck.Source {
        let rows = try Row.fetchCursor(
            db,
            sql: "SELECT seq, note, frontier FROM auditCheckpoint WHERE tenant = ? ORDER BY seq",
            arguments: [tenant.description])
        return {
            guard let row = try rows.next() else { return nil }
            let line = CheckpointLine(seq: row["seq"], note: row["note"])
            return CheckpointCheck.Found(
                bytes: line.bytes, isWhole: true, file: nil, frontier: row["frontier"])
        }
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

    private func checkExport(
        _ files: inout ExportedLines, _ db: Database, _ counts: inout Counts
    ) throws -> (AuditProblem?, isErasure: Bool) {
        var problem: AuditProblem?
        var isErasure = false
        var (exported, unexported) = (Int64(0), Int64(0))
        let stream = files.stream
        try stream.forEachLine(after: 0, in: db) { line in
            guard try files.move(toLine: line.seq) else {
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
                let erased = ExportStream.erasedLine(line.seq)
                isErasure = found.bytes == erased || line.bytes == erased
            }
            return problem == nil
        }
        counts.exportedLines += exported
        counts.unexportedLines += unexported
        if problem == nil, try files.hasMore() {
            problem = AuditProblem(.exportExceeds, seq: exported + 1, file: files.name)
        }
        return (problem, isErasure)
    }
}
