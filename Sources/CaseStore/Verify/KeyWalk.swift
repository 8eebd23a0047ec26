import Foundation
import ReturnsDomain

/// Follows a log's signing key from its first one to the newest, change by change.
///
/// Each change is an entry whose statement the key so far signed over all entries before it.
struct KeyWalk {
    /// The keys as they lie beside the log, the oldest first.
    private let listed: [NoteVerifierKey]
    /// The key that someone outside kept; nil to believe the first that is listed.
    private let kept: NoteVerifierKey?
    /// Whether every listed key must be come to.
    private let isListComplete: Bool
    /// The keys that the log was signed with so far.
    private(set) var reached: [NoteVerifierKey] = []
    /// Changes whose statement is over another log than this one: a restored backup.
    private(set) var movedCount = 0

    /// - Parameters:
    ///   - listed: The keys beside the log; empty if there is no usable one.
    ///   - kept: What was kept outside. The log may have had keys before it, if they are listed.
    ///   - isListComplete: False for a copy of the log that may end before the last listed key.
    init(listed: [NoteVerifierKey], kept: NoteVerifierKey?, isListComplete: Bool) {
        self.kept = kept
        if let kept, !listed.contains(kept) {
            self.listed = []
            reached = [kept]
        } else {
            self.listed = listed
            reached = Array(listed.prefix(1))
        }
        self.isListComplete = isListComplete
    }

    /// Reads the keys that lie beside a log, one a line; empty if one of them is none.
    static func keys(in file: URL) throws -> [NoteVerifierKey] {
        guard let bytes = try FileSystem.contents(file),
            let text = String(validating: bytes, as: UTF8.self)
        else { return [] }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let keys = lines.dropLast().compactMap { NoteVerifierKey(String($0)) }
        let isWhole = keys.count == lines.count - 1 && lines.last == ""
        return isWhole && Set(keys.map(\.name)).count <= 1 ? keys : []
    }

    /// What verifies a checkpoint over the entries so far; nil if there is no usable key.
    var current: NoteVerifierKey? { reached.last }

    /// Whether what the present key signs is vouched for by the one that was kept outside.
    var isTrusted: Bool { kept.map(reached.contains) ?? true }

    /// Takes in an entry.
    ///
    /// - Parameters:
    ///   - line: An entry that holds in the chain.
    ///   - kind: What it says that it is.
    ///   - tree: The entries before it.
    /// - Returns: What is wrong with the change of keys that it records.
    mutating func add(
        entry line: Data, kind: String, after tree: MerkleFrontier
    ) -> AuditProblem.Kind? {
        guard kind == AuditKind.keyChange.rawValue,
            let note = KeyChangeEntries.statement(inLine: line), let current
        else { return nil }
        guard let change = KeySuccession(note), change.from == current else {
            return .keyChangeNotSigned
        }
        if change.checkpoint.size != tree.size || change.checkpoint.root != tree.root {
            // Someone who kept the key outside trusted what it signed; that is not here.
            if kept != nil && isTrusted {
                return .keyChangeMoved(size: change.checkpoint.size)
            }
            movedCount += 1
        }
        let place = reached.count
        guard place >= listed.count || listed[place] == change.to else {
            return .keyChangeNotSigned
        }
        reached.append(change.to)
        return nil
    }

    /// Tells which key the log never came to.
    ///
    /// - Parameter signedEntryCount: Entries that the trusted key vouches for.
    func finish(signedEntryCount: Int64) -> AuditProblem? {
        if isListComplete && reached.count < listed.count {
            return AuditProblem(
                .keyChangeMissing, seq: Int64(reached.count) + 1,
                file: DataDirectory.publicKeyName)
        }
        // A key that others lead to must have signed something, or anyone could lead to it.
        let isReached = isTrusted && (reached.first == kept || kept == nil || signedEntryCount > 0)
        return isReached ? nil : AuditProblem(.witnessKeyNotReached, seq: 1, file: nil)
    }
}
