import Foundation
import ReturnsDomain

/// The names inside one data directory; see `docs/data-directory.md`.
struct DataDirectory: Sendable {
    /// The directory itself.
    let root: URL

    var database: URL { root.appending(path: "regrade.sqlite") }
    var keys: URL { root.appending(path: "keys") }
    var photos: URL { root.appending(path: "photos") }
    var exportLock: URL { root.appending(path: "lock") }
    var tombstones: URL { root.appending(path: "tombstones.jsonl") }
    var servingLock: URL { root.appending(path: "serving.lock") }
    var writerLock: URL { root.appending(path: "writer.lock") }
    var nextWriterLock: URL { root.appending(path: "next-writer.lock") }

    /// Where a tenant's JSONL files lie: the root for the default tenant, so that one shop alone
    /// sees the layout of the contract, and a folder of its own for every other.
    func files(of tenant: Tenant) -> URL {
        tenant == .default ? root : root.appending(path: "tenants/\(tenant)")
    }

    /// The tenant's audit log in segments.
    func audit(of tenant: Tenant) -> URL { files(of: tenant).appending(path: "audit") }
    /// The signed checkpoints beside it.
    func checkpoints(of tenant: Tenant) -> URL {
        audit(of: tenant).appending(path: "checkpoints.jsonl")
    }
    /// The public key that verifies them, one line.
    func publicKey(of tenant: Tenant) -> URL {
        audit(of: tenant).appending(path: Self.publicKeyName)
    }
    /// The name of the public key's file, in every folder that holds a log.
    static let publicKeyName = "public-key.txt"

    /// The tenant's human-review queue file.
    func reviewQueue(of tenant: Tenant) -> URL {
        files(of: tenant).appending(path: "review-queue.jsonl")
    }
    /// The tenant's adjudications.
    func adjudications(of tenant: Tenant) -> URL {
        files(of: tenant).appending(path: "adjudications.jsonl")
    }
}
