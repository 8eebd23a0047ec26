import Crypto
import Foundation
internal import GRDB
import ReturnsDomain

/// One tenant's checkpoints in the database.
struct CheckpointLog {
    /// Entries under one stored subtree root: 2^8, so that a proof reads at most 255 entries and
    /// one root for every 256 others.
    static let subtreeHeight = 8

    let tenant: Tenant

    /// A checkpoint as stored.
    struct Stored {
        let seq: Int64
        let size: Int64
        let madeAt: Timestamp
        let frontier: MerkleFrontier
        let note: String
    }

    /// How many entries are numbered, and how many of them the last checkpoint is over.
    func extent(_ db: Database) throws -> (entryCount: Int64, covered: Int64) {
        let arguments: StatementArguments = [tenant.description]
        let entryCount = try Int64.fetchOne(
            db, sql: "SELECT last FROM sequence WHERE tenant = ? AND name = 'auditEntry'",
            arguments: arguments)
        let covered = try Int64.fetchOne(
            db, sql: "SELECT MAX(size) FROM auditCheckpoint WHERE tenant = ?",
            arguments: arguments)
        return (entryCount ?? 0, covered ?? 0)
    }

    /// The last checkpoint over at most so many entries; nil if there is none.
    func last(_ db: Database, upTo size: Int64 = .max) throws -> Stored? {
        try fetch(db, "size <= ? ORDER BY size DESC LIMIT 1", size)
    }

    /// The first checkpoint over at least so many entries; nil if there is none.
    func first(_ db: Database, from size: Int64) throws -> Stored? {
        try fetch(db, "size >= ? ORDER BY size LIMIT 1", size)
    }

    private func fetch(_ db: Database, _ condition: String, _ size: Int64) throws -> Stored? {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT seq, size, madeAt, frontier, note FROM auditCheckpoint
                WHERE tenant = ? AND \(condition)
                """,
            arguments: [tenant.description, size])
        guard let row else { return nil }
        let size: Int64 = row["size"]
        guard let frontier = MerkleFrontier(size: size, bytes: row["frontier"]) else {
            throw CaseStoreError.databaseCorrupt(reason: "frontier of checkpoint \(size) is cut")
        }
        return Stored(
            seq: row["seq"], size: size, madeAt: timestamp(row["madeAt"]), frontier: frontier,
            note: row["note"])
    }

    // MARK: - The tree

    /// The tree over all entries, grown from the last checkpoint, with the subtree roots completed
    /// since.
    ///
    /// - Complexity: O(entries since the last checkpoint).
    func grown(
        _ db: Database
    ) throws -> (frontier: MerkleFrontier, subtrees: [MerkleFrontier.Subtree]) {
        let last = try last(db)
        var frontier = last?.frontier ?? MerkleFrontier()
        if let last {
            let signed = SignedNote(last.note).flatMap { Checkpoint($0.text) }
            guard signed?.root == frontier.root, signed?.size == last.size else {
                throw CaseStoreError.databaseCorrupt(
                    reason: "checkpoint \(last.size) and its frontier differ")
            }
        }
        var subtrees: [MerkleFrontier.Subtree] = []
        let stream = ExportStream(tenant: tenant, kind: .audit)
        try stream.forEachLine(after: frontier.size, in: db) { line in
            guard line.seq == frontier.size + 1 else {
                throw CaseStoreError.databaseCorrupt(
                    reason: "audit entry \(frontier.size + 1) is missing")
            }
            frontier.append(MerkleHash(leaf: line.bytes)) { subtree in
                if subtree.height == Self.subtreeHeight { subtrees.append(subtree) }
            }
            return true
        }
        return (frontier, subtrees)
    }

    /// The root over a range of entries, counted from 0, as proofs name them.
    ///
    /// Reads stored subtree roots where they fit and entries elsewhere.
    func root(_ db: Database, over range: Range<Int64>) throws -> MerkleHash {
        let known = try MerkleProof.root(over: range) { range -> MerkleHash? in
            if range.count == 1 { return try leaf(db, range.lowerBound) }
            let width = Int64(1) << Self.subtreeHeight
            guard range.count == width, range.lowerBound.isMultiple(of: width) else { return nil }
            let bytes = try Data.fetchOne(
                db.cachedStatement(
                    sql: "SELECT root FROM auditSubtree WHERE tenant = ? AND number = ?"),
                arguments: [tenant.description, range.lowerBound / width])
            return bytes.flatMap(MerkleHash.init(bytes:))
        }
        guard let known else {
            throw CaseStoreError.databaseCorrupt(
                reason: "audit entries \(range.lowerBound + 1) to \(range.upperBound) are not all "
                    + "there")
        }
        return known
    }

    private func leaf(_ db: Database, _ index: Int64) throws -> MerkleHash? {
        let line = try Data.fetchOne(
            db.cachedStatement(sql: "SELECT line FROM auditEntry WHERE tenant = ? AND seq = ?"),
            arguments: [tenant.description, index + 1])
        return line.map(MerkleHash.init(leaf:))
    }
}
