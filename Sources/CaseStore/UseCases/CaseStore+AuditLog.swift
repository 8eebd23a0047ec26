public import Foundation
internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// Where the audit log stands, with its last checkpoint and its public key.
    public func auditHead() async throws(CaseStoreError) -> AuditHead {
        let (tenant, keys) = (tenant, exporter.keys)
        return try await read { db in
            let checkpoint = try CheckpointLog(tenant: tenant).last(db)
            let row = try Row.fetchOne(
                db,
                sql: "SELECT seq, hash FROM auditEntry WHERE tenant = ? ORDER BY seq DESC LIMIT 1",
                arguments: [tenant.description])
            let position = try row.map { row in
                guard let hash = ContentHash(row["hash"] as String) else {
                    throw CaseStoreError.databaseCorrupt(reason: "audit entry without a hash")
                }
                return AuditPosition(seq: row["seq"], hash: hash)
            }
            return AuditHead(
                position: position, signedEntryCount: checkpoint?.size ?? 0,
                signedAt: checkpoint?.madeAt, root: checkpoint?.frontier.root.base64,
                note: checkpoint?.note,
                publicKeys: try keys.publicKeys(of: tenant).map(\.description))
        }
    }

    /// Entries as their canonical lines, in order.
    ///
    /// - Parameters:
    ///   - inspection: Only those about this inspection; nil for all.
    ///   - seq: The first that is wanted; nil for the last ones.
    ///   - limit: 1…``pageCountLimit``.
    public func auditEntries(
        about inspection: InspectionID? = nil, from seq: Int64? = nil, limit: Int = 20
    ) async throws(CaseStoreError) -> [Data] {
        let (tenant, limit) = (tenant, min(max(limit, 1), Self.pageCountLimit))
        return try await read { db in
            let condition = inspection == nil ? "" : "AND inspection = ?2 "
            let order = seq == nil ? "ORDER BY seq DESC" : "AND seq >= ?3 ORDER BY seq"
            let lines = try Data.fetchAll(
                db,
                sql: """
                    SELECT line FROM auditEntry
                    WHERE tenant = ?1 AND ?2 IS ?2 AND ?3 IS ?3 \(condition)\(order) LIMIT ?4
                    """,
                arguments: [tenant.description, inspection?.description, seq, limit])
            return seq == nil ? lines.reversed() : lines
        }
    }

    /// Proof that an entry is in the log, signed, with the document it commits to.
    ///
    /// - Parameters:
    ///   - subject: Which entry.
    ///   - actor: Who takes it out of the house; the log says so.
    ///   - isRepeatable: Whether the log says so once for each entry, not each time: for those who
    ///     may ask as often as they like.
    /// - Returns: One line of canonical JSON that ``ReceiptCheck`` reads.
    /// - Throws: ``CaseStoreError/auditEntryNotFound(_:)``,
    ///   ``CaseStoreError/inspectionNotFound(_:)``, and as ``checkpoint()``, which it may need.
    public func auditReceipt(
        for subject: AuditSubject, actor: AuditActor = .operatorOnHost, isRepeatable: Bool = false
    ) async throws(CaseStoreError) -> Data {
        let (tenant, signer, keys) = (tenant, try signer(), exporter.keys)
        let seq = try await seq(of: subject)
        let isSigned = try await read { db in
            try CheckpointLog(tenant: tenant).last(db).map { last in
                last.size >= seq && SignedNote(last.note)?.isSigned(by: signer.key) == true
            }
        }
        if isSigned != true { try await checkpoint() }
        let receipt = try await read { db in
            try Receipt.made(
                db, tenant: tenant, seq: seq, keyChanges: keys.successions(of: tenant).map(\.note)
            ).sealed(by: signer)
        }
        if case .inspection(let inspection) = subject {
            try await logReceipt(of: seq, inspection, by: actor, once: isRepeatable)
        } else {
            try await logExport("receipt", ["entry": String(seq)], by: actor)
        }
        return receipt
    }

    /// Proof that the log of one size is the beginning of the log of another, signed.
    ///
    /// - Parameters:
    ///   - from: The smaller size, at least 1.
    ///   - to: The larger size; nil for that of the last checkpoint.
    /// - Returns: One line of canonical JSON that ``ReceiptCheck`` reads.
    /// - Throws: ``CaseStoreError/auditRangeInvalid(from:to:entryCount:)``.
    public func auditConsistencyProof(
        from: Int64, to: Int64? = nil
    ) async throws(CaseStoreError) -> Data {
        let (tenant, signer, keys) = (tenant, try signer(), exporter.keys)
        return try await read { db in
            let log = CheckpointLog(tenant: tenant)
            let entryCount = try log.extent(db).entryCount
            let to = try to ?? log.last(db)?.size ?? entryCount
            guard from >= 1, from <= to, to <= entryCount else {
                throw CaseStoreError.auditRangeInvalid(from: from, to: to, entryCount: entryCount)
            }
            let notes = try [from, to].compactMap { size in
                try log.last(db, upTo: size).flatMap { $0.size == size ? $0.note : nil }
            }.filter { SignedNote($0)?.isSigned(by: signer.key) == true }
            return try ConsistencyProof(
                from: (from, log.root(db, over: 0..<from)), to: (to, log.root(db, over: 0..<to)),
                proof: MerkleProof.consistencyRanges(from: from, to: to).map {
                    try log.root(db, over: $0)
                },
                checkpoints: from == to ? Array(notes.prefix(1)) : notes,
                keyChanges: keys.successions(of: tenant).map(\.note)
            ).sealed(by: signer)
        }
    }

    private func seq(of subject: AuditSubject) async throws(CaseStoreError) -> Int64 {
        let tenant = tenant
        switch subject {
        case .entry(let seq):
            let entryCount = try await read { db in
                try CheckpointLog(tenant: tenant).extent(db).entryCount
            }
            guard (1...max(1, entryCount)).contains(seq), entryCount > 0 else {
                throw .auditEntryNotFound(seq)
            }
            return seq
        case .inspection(let id):
            let seq = try await read { db in
                try Int64.fetchOne(
                    db,
                    sql: """
                        SELECT auditSeq FROM adjudication WHERE tenant = ? AND inspection = ?
                        ORDER BY seq DESC LIMIT 1
                        """,
                    arguments: [tenant.description, id.description])
            }
            guard let seq else { throw .inspectionNotFound(id) }
            return seq
        }
    }

    /// What signs for this tenant's log.
    package func signer() throws(CaseStoreError) -> NoteSigner {
        do {
            return try exporter.keys.signer(of: tenant)
        } catch {
            throw CaseStoreError(error)
        }
    }

    /// Logs that the receipt of an inspection's entry left the data directory.
    ///
    /// - Parameter once: Whether nothing is logged if that was logged before.
    private func logReceipt(
        of seq: Int64, _ inspection: InspectionID, by actor: AuditActor, once: Bool
    ) async throws(CaseStoreError) {
        try await write { transaction in
            let isLogged = try Bool.fetchOne(
                transaction.db,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM auditEntry
                      WHERE tenant = ? AND inspection = ? AND kind = 'export'
                        AND json_extract(CAST(line AS TEXT), '$.meta.entry') = ?)
                    """,
                arguments: [transaction.tenant.description, inspection.description, String(seq)])
            guard !(once && isLogged == true) else { return }
            _ = try transaction.appendAudit(
                AuditContent(
                    kind: .export, actor: actor, inspection: inspection,
                    meta: ["what": "receipt", "entry": String(seq)]))
        }
    }

    /// Logs that something left the data directory.
    func logExport(
        _ what: String, _ meta: [String: String], by actor: AuditActor
    ) async throws(CaseStoreError) {
        try await write { transaction in
            _ = try transaction.appendAudit(
                AuditContent(
                    kind: .export, actor: actor,
                    meta: meta.merging(["what": what]) { _, new in new }))
        }
    }
}

extension Receipt {
    /// The receipt of an entry that a checkpoint is over.
    fileprivate static func made(
        _ db: Database, tenant: Tenant, seq: Int64, keyChanges: [String]
    ) throws -> Receipt {
        let log = CheckpointLog(tenant: tenant)
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT e.line, a.document, i.salt FROM auditEntry e
                LEFT JOIN adjudication a ON a.tenant = e.tenant AND a.auditSeq = e.seq
                LEFT JOIN inspection i ON i.tenant = a.tenant AND i.id = a.inspection
                WHERE e.tenant = ? AND e.seq = ?
                """,
            arguments: [tenant.description, seq])
        // The last checkpoint, so that a witness who keeps few of them can place it.
        guard let row, let checkpoint = try log.last(db), checkpoint.size >= seq else {
            throw CaseStoreError.auditEntryNotFound(seq)
        }
        let line: Data = row["line"]
        let (document, salt): (Data?, Data?) = (row["document"], row["salt"])
        let isShown = document != nil && salt != nil
        let proof = try MerkleProof.inclusionRanges(index: seq - 1, size: checkpoint.size)
            .map { try log.root(db, over: $0) }
        return Receipt(
            entry: String(decoding: line, as: UTF8.self), seq: seq,
            document: isShown ? String(decoding: document ?? Data(), as: UTF8.self) : "",
            salt: isShown ? hexadecimal(salt ?? Data()) : "", proof: proof,
            checkpoint: checkpoint.note, keyChanges: keyChanges)
    }
}
