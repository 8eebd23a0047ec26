import Foundation
internal import GRDB
import ReturnsDomain

/// Holds the stored roots of complete subtrees against those that the entries give.
///
/// Receipts are made from these roots; wrong ones would make receipts that no one can verify.
/// One is stored for every ``CheckpointLog/subtreeHeight`` under the last checkpoint.
struct StoredSubtrees {
    private let rows: RowCursor
    private var next: (number: Int64, root: Data)?
    private let signedEntryCount: Int64

    init(of tenant: Tenant, in db: Database) throws {
        signedEntryCount = try CheckpointLog(tenant: tenant).extent(db).covered
        rows = try Row.fetchCursor(
            db, sql: "SELECT number, root FROM auditSubtree WHERE tenant = ? ORDER BY number",
            arguments: [tenant.description])
        try advance()
    }

    /// Whether the stored roots agree with subtrees that the entries complete.
    mutating func agree(with completed: [MerkleFrontier.Subtree]) throws -> Bool {
        for subtree in completed where subtree.height == CheckpointLog.subtreeHeight {
            let isDue = (subtree.index + 1) << CheckpointLog.subtreeHeight <= signedEntryCount
            guard let stored = next else { return !isDue }
            guard stored.number == subtree.index, stored.root == subtree.root.bytes else {
                return false
            }
            try advance()
        }
        return true
    }

    /// Whether no root is stored over entries that there are not.
    func isAtEnd() -> Bool { next == nil }

    private mutating func advance() throws {
        next = try rows.next().map { ($0["number"], $0["root"]) }
    }
}
