package import Foundation
package import ReturnsDomain

/// Checks entries one after another: form, number, link to the one before, hash.
package struct AuditChain {
    private static let memberNames = [
        "actor", "at", "commitment", "hash", "inspection", "kind", "meta", "prev", "seq",
    ]

    /// Entries that hold so far.
    package private(set) var entryCount: Int64 = 0
    private var lastHash = AuditEntry.zeroHash

    /// A chain without entries.
    package init() {}

    /// The last entry that holds.
    var head: AuditPosition? {
        ContentHash(lastHash).flatMap { hash in
            entryCount == 0 ? nil : AuditPosition(seq: entryCount, hash: hash)
        }
    }

    /// Checks the next line and says only what is wrong with it.
    package mutating func problem(in line: Data) -> AuditProblem.Kind? {
        guard case .failure(let finding) = check(line) else { return nil }
        return finding.kind
    }

    /// What a line says, once it holds.
    struct Entry {
        let seq: Int64
        let at: String
        let hash: String
        let kind: String
        let inspection: String
        let commitment: String
        let prev: String
    }

    /// Checks the next line.
    ///
    /// - Parameter line: Without its newline.
    /// - Returns: The entry, or what is wrong with it.
    mutating func check(_ line: Data) -> Result<Entry, Finding> {
        let entry: Entry
        switch Self.parse(line) {
        case .failure(let finding): return .failure(finding)
        case .success(let parsed): entry = parsed
        }
        guard entry.seq == entryCount + 1 else {
            return .failure(.init(kind: .outOfSequence(found: entry.seq)))
        }
        guard AuditEntry.hash(ofLine: line)?.description == entry.hash else {
            return .failure(.init(kind: .hashDiffers))
        }
        guard entry.prev == lastHash else { return .failure(.init(kind: .previousHashDiffers)) }
        entryCount = entry.seq
        lastHash = entry.hash
        return .success(entry)
    }

    /// An entry that has its own hash, wherever it stands; nil for anything else.
    static func entry(alone line: Data) -> Entry? {
        guard case .success(let entry) = parse(line),
            AuditEntry.hash(ofLine: line)?.description == entry.hash
        else { return nil }
        return entry
    }

    private static func parse(_ line: Data) -> Result<Entry, Finding> {
        guard case .members(let members)? = CanonicalJSON(parsing: line) else {
            return .failure(.init(kind: .notCanonical))
        }
        guard members.map(\.name) == memberNames, members[0].value.names == ["id", "type"],
            let at = members[1].value.text,
            let commitment = members[2].value.text, let hash = members[3].value.text,
            ContentHash(hash) != nil,
            let inspection = members[4].value.text, let kind = members[5].value.text,
            let prev = members[7].value.text, let seq = members[8].value.number
        else { return .failure(.init(kind: .notAnEntry)) }
        return .success(
            Entry(
                seq: seq, at: at, hash: hash, kind: kind, inspection: inspection,
                commitment: commitment, prev: prev))
    }

    /// What is wrong with a line.
    struct Finding: Error {
        let kind: AuditProblem.Kind
    }
}
