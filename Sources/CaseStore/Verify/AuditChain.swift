import Foundation
import ReturnsDomain

/// Checks entries one after another: form, number, link to the one before, hash.
struct AuditChain {
    private static let memberNames = [
        "actor", "at", "commitment", "hash", "inspection", "kind", "meta", "prev", "seq",
    ]

    /// Entries that hold so far.
    private(set) var entryCount: Int64 = 0
    private var lastHash = AuditEntry.zeroHash

    /// The last entry that holds.
    var head: AuditPosition? {
        ContentHash(lastHash).flatMap { hash in
            entryCount == 0 ? nil : AuditPosition(seq: entryCount, hash: hash)
        }
    }

    /// What a line says, once it holds.
    struct Entry {
        let hash: String
        let kind: String
        let inspection: String
        let commitment: String
    }

    /// Checks the next line.
    ///
    /// - Parameter line: Without its newline.
    /// - Returns: The entry, or what is wrong with it.
    mutating func check(_ line: Data) -> Result<Entry, Finding> {
        guard case .members(let members)? = CanonicalJSON(parsing: line) else {
            return .failure(.init(kind: .notCanonical))
        }
        guard members.map(\.name) == Self.memberNames,
            let commitment = members[2].value.text, let hash = members[3].value.text,
            let inspection = members[4].value.text, let kind = members[5].value.text,
            let prev = members[7].value.text, let seq = members[8].value.number
        else { return .failure(.init(kind: .notAnEntry)) }
        guard seq == entryCount + 1 else {
            return .failure(.init(kind: .outOfSequence(found: seq)))
        }
        let unhashed = members.filter { $0.name != "hash" }
        guard AuditEntry.hash(of: unhashed).description == hash else {
            return .failure(.init(kind: .hashDiffers))
        }
        guard prev == lastHash else { return .failure(.init(kind: .previousHashDiffers)) }
        entryCount = seq
        lastHash = hash
        return .success(
            Entry(hash: hash, kind: kind, inspection: inspection, commitment: commitment))
    }

    /// What is wrong with a line.
    struct Finding: Error {
        let kind: AuditProblem.Kind
    }
}
