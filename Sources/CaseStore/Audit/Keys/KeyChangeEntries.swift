import Foundation
internal import GRDB
import ReturnsDomain

/// The entries of the audit logs that say that the signing key changed.
enum KeyChangeEntries {
    /// The value of the member `key` that tells them from changes of other keys.
    static let keyName = "signing"

    /// Gives every log the entries that its history has and it has not.
    ///
    /// They are missing because a change was interrupted, or because a backup from before it was
    /// restored; then the statement is over more entries than stand before it, or over others.
    ///
    /// - Throws: ``CaseStoreError/signingHistoryInvalid(path:reason:)`` if a log knows changes that
    ///   the history does not: the keys are older than the record.
    static func complete(
        _ history: SigningHistory, in database: DatabasePool, folder: URL, clock: StoreClock,
        beforeStep: () throws -> Void
    ) throws {
        let applied = try database.read(applied)
        let known = Set(applied.keys).union(history.tenants)
        var missing: [(Tenant, ArraySlice<KeySuccession>)] = []
        for tenant in known.sorted(by: { $0.description < $1.description }) {
            let (all, done) = (history.successions(of: tenant), applied[tenant] ?? [])
            guard all.map(\.note).starts(with: done) else {
                throw CaseStoreError.signingHistoryInvalid(
                    path: folder.appending(path: "signing-history.jsonl").path,
                    reason: "the audit log of tenant \(tenant) knows changes that are not in it")
            }
            if done.count < all.count { missing.append((tenant, all[done.count...])) }
        }
        guard !missing.isEmpty else { return }
        try beforeStep()
        try database.write { db in
            for (tenant, successions) in missing {
                let transaction = StoreTransaction(db: db, tenant: tenant, clock: clock)
                for succession in successions { try transaction.append(succession) }
            }
        }
    }

    /// The statements in each log, in their order.
    private static func applied(_ db: Database) throws -> [Tenant: [String]] {
        var applied: [Tenant: [String]] = [:]
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT tenant, line FROM auditEntry WHERE kind = 'key_change' ORDER BY tenant, seq
                """)
        while let row = try rows.next() {
            guard let tenant = Tenant(row["tenant"] as String),
                let note = statement(inLine: row["line"])
            else { continue }
            applied[tenant, default: []].append(note)
        }
        return applied
    }

    /// The statement of an entry that says that the signing key changed; nil for other entries.
    static func statement(inLine line: Data) -> String? {
        guard let meta = CanonicalJSON(parsing: line)?["meta"], meta["key"]?.text == keyName else {
            return nil
        }
        // Without a statement the entry is one that nobody signed.
        return meta["statement"]?.text ?? ""
    }

    /// Checks that the last thing each log signed is by one of its keys.
    ///
    /// - Throws: ``CaseStoreError/signingKeyDiffers(path:)``.
    static func checkKeys(_ keys: LogKeys, in database: DatabasePool, path: String) throws {
        let notes = try database.read { db in
            try String.fetchAll(
                db, sql: "SELECT tenant FROM sequence WHERE name = 'auditCheckpoint'"
            ).map { name in
                let note = try String.fetchOne(
                    db,
                    sql: """
                        SELECT note FROM auditCheckpoint WHERE tenant = ?
                        ORDER BY seq DESC LIMIT 1
                        """,
                    arguments: [name])
                return (Tenant(name), note.flatMap { SignedNote($0) })
            }
        }
        // What is no note at all is for the verifier to name.
        for case (let tenant?, let signed?) in notes {
            let known = try keys.publicKeys(of: tenant)
            guard known.contains(where: { signed.isSigned(by: $0) }) else {
                throw CaseStoreError.signingKeyDiffers(path: path)
            }
        }
    }
}

extension StoreTransaction {
    /// Records that the log goes on under another signing key.
    fileprivate func append(_ succession: KeySuccession) throws {
        _ = try appendAudit(
            AuditContent(
                kind: .keyChange, actor: .operatorOnHost,
                meta: [
                    "key": KeyChangeEntries.keyName, "from": hexadecimal(succession.from.id),
                    "to": hexadecimal(succession.to.id), "statement": succession.note,
                ]))
        // The last checkpoint of the old key is what witnesses outside follow the change by.
        try appendCheckpointEvent(succession.checkpoint, note: succession.note)
    }
}
