import Foundation
internal import GRDB
import ReturnsDomain
import Synchronization

extension Exporter {
    /// Entries that no checkpoint is over, since when this process knows of them.
    struct Waiting: Hashable {
        let covered: Int64
        let nanosecondsSinceBoot: Int64
    }

    /// The tenants whose log needs a checkpoint now.
    ///
    /// It does with so many entries since the last one, or when entries have waited for so long, or
    /// at the end of a command that wrote. Time is counted from when this process first saw the
    /// entries, on a clock that never steps.
    ///
    /// - Throws: ``CaseStoreError/auditLogCut(entryCount:signed:)``: a log never signs that it is
    ///   shorter than it has signed before.
    func tenantsDueForCheckpoint(isClosing: Bool) throws -> [Tenant] {
        let extents = try database.read { db in
            try String.fetchAll(db, sql: "SELECT tenant FROM sequence WHERE name = 'auditEntry'")
                .compactMap { Tenant($0) }
                .map { ($0, try CheckpointLog(tenant: $0).extent(db)) }
        }
        let now = clock.nanosecondsSinceBoot()
        return try extents.filter { tenant, extent in
            guard extent.entryCount >= extent.covered else {
                throw CaseStoreError.auditLogCut(
                    entryCount: extent.entryCount, signed: extent.covered)
            }
            guard extent.entryCount > extent.covered else { return false }
            let since = waiting.withLock { waiting in
                if let known = waiting[tenant], known.covered == extent.covered {
                    return known.nanosecondsSinceBoot
                }
                waiting[tenant] = Waiting(covered: extent.covered, nanosecondsSinceBoot: now)
                return now
            }
            return isClosing
                || extent.entryCount - extent.covered >= options.checkpointEntryCount
                || now - since >= options.checkpointIntervalNanoseconds
        }.map(\.0)
    }

    /// Signs one tenant's log as it is now; the caller holds the lock, so that it is done once.
    func makeCheckpoint(of tenant: Tenant) throws {
        let log = CheckpointLog(tenant: tenant)
        // Hashing happens outside of the transaction that writes: entries never change.
        let (frontier, subtrees) = try database.read { db in try log.grown(db) }
        let signer = try keys.signer(of: tenant)
        let checkpoint = Checkpoint(
            origin: signer.key.name, size: frontier.size, root: frontier.root)
        let note = try signer.note(checkpoint.text)
        try options.beforeStep()
        try database.write { [clock] db in
            let transaction = StoreTransaction(db: db, tenant: tenant, clock: clock)
            try transaction.insertCheckpoint(
                checkpoint, note: note, frontier: frontier, subtrees: subtrees)
        }
    }

    /// Puts the public keys beside the log, so that a copy of the folder can be verified alone.
    func writePublicKey(of tenant: Tenant) throws {
        let file = directory.publicKey(of: tenant)
        let lines = try keys.publicKeyFile(of: tenant)
        guard try FileSystem.contents(file) != lines else { return }
        try FileSystem.replace(file, with: lines)
    }
}

extension StoreTransaction {
    /// Stores a checkpoint with the outgoing event that tells of it.
    func insertCheckpoint(
        _ checkpoint: Checkpoint, note: String, frontier: MerkleFrontier,
        subtrees: [MerkleFrontier.Subtree]
    ) throws {
        try execute(
            """
            INSERT INTO auditCheckpoint (tenant, seq, size, madeAt, frontier, note)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            [
                next(.auditCheckpoint), checkpoint.size, now.millisecondsSince1970,
                frontier.bytes, note,
            ])
        for subtree in subtrees {
            try execute(
                "INSERT OR REPLACE INTO auditSubtree (tenant, number, root) VALUES (?, ?, ?)",
                [subtree.index, subtree.root.bytes])
        }
        try appendCheckpointEvent(checkpoint, note: note)
    }

    /// The type of the outgoing event that carries a signed checkpoint.
    static let checkpointEventType = "regrade.audit.checkpoint.v1"

    /// Whoever receives the event holds the log's head outside of this machine.
    func appendCheckpointEvent(_ checkpoint: Checkpoint, note: String) throws {
        let type = Self.checkpointEventType
        let (seq, id) = (try next(.outboxEvent), EventID(at: now))
        let body = CanonicalJSON.object([
            "specversion": .string("1.0"), "datacontenttype": .string("application/json"),
            "id": .string(id.description), "source": .string("/tenants/\(tenant)"),
            "type": .string(type), "subject": .string("audit"),
            "time": .string(now.description), "sequence": .string(String(seq)),
            "data": .object([
                "status_code": .string("checkpoint"), "size": .integer(checkpoint.size),
                "root": .string(checkpoint.root.base64), "note": .string(note),
            ]),
        ])
        try execute(
            "INSERT INTO outboxEvent (tenant, seq, id, type, inspection, createdAt, body) VALUES "
                + "(?, ?, ?, ?, NULL, ?, ?)",
            [seq, id.description, type, now.millisecondsSince1970, body.bytes])
    }
}
