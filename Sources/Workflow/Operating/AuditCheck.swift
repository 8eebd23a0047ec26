import CaseStore
import Foundation
public import ReturnsDomain

/// Verifies an audit log where it lies.
public enum AuditCheck {
    /// Verifies a data directory or an exported audit folder; needs no service, changes nothing.
    ///
    /// - Parameters:
    ///   - path: The data directory, or a folder with segments.
    ///   - witness: What was kept of the log elsewhere.
    /// - Throws: ``Failure`` of kind `inputMissing` if there is no log, or as for files that cannot
    ///   be read.
    public static func verify(
        path: String, witness: AuditWitness = .none
    ) async throws -> Verdict {
        guard FileManager.default.fileExists(atPath: path) else {
            throw Failure(.inputMissing, code: "no_audit_log", "there is no \(path)")
        }
        do {
            return Verdict(
                try await AuditVerifier.verify(URL(fileURLWithPath: path), witness: witness),
                keptCheckpoints: witness.checkpoints.count)
        } catch {
            throw Failure(describing: error)
        }
    }

    /// What a verification found.
    public struct Verdict: Encodable, Hashable, Sendable {
        /// Whether every entry is in place and unchanged.
        public let holds: Bool
        /// How many entries were checked.
        public let entries: Int64
        /// How many stored documents were checked against the log's commitments.
        public let documents: Int64
        /// How many signed checkpoints hold.
        public let checkpoints: Int64
        /// Entries that the last checkpoint is over.
        public let signedEntries: Int64
        /// How many checkpoints kept elsewhere were held against the log, and hold.
        public let keptCheckpoints: Int
        /// The last of ``publicKeys``; nil if there is none.
        public let publicKey: String?
        /// The public keys that checkpoints were checked with, the oldest first.
        public let publicKeys: [String]
        /// Changes of the signing key that were signed over another log: an older backup was
        /// restored.
        public let movedKeyChanges: Int
        /// The last entry's hash; nil for an empty log.
        public let head: String?
        /// The sequence number of the first bad entry; nil if the chain holds.
        public let firstBadEntry: Int64?
        /// What is wrong with it; nil if the chain holds.
        public let problem: String?

        private enum CodingKeys: String, CodingKey {
            case holds, entries, documents, checkpoints, head, problem
            case signedEntries = "signed_entries"
            case keptCheckpoints = "kept_checkpoints"
            case publicKey = "public_key"
            case publicKeys = "public_keys"
            case movedKeyChanges = "moved_key_changes"
            case firstBadEntry = "first_bad_entry"
        }

        init(_ verification: AuditVerification, keptCheckpoints: Int) {
            checkpoints = verification.checkpointCount
            signedEntries = verification.signedEntryCount
            self.keptCheckpoints = verification.holds ? keptCheckpoints : 0
            publicKey = verification.publicKeys.last
            publicKeys = verification.publicKeys
            movedKeyChanges = verification.movedKeyChangeCount
            holds = verification.holds
            entries = verification.entryCount
            documents = verification.documentCount
            head = verification.head?.hash.description
            firstBadEntry = verification.problem?.seq
            problem = verification.problem?.description
        }

        /// The verdict in words.
        public var lines: [String] {
            guard holds else { return ["the chain is BROKEN: \(problem ?? "")"] }
            var lines = [
                "the chain holds: \(entries) entries, \(documents) documents match them",
                "signed: \(checkpoints) checkpoints, the last over \(signedEntries) entries",
            ]
            if publicKeys.count > 1 {
                lines.append(
                    "keys: \(publicKeys.count) in turn, each signed over to the next; the last is "
                        + (publicKey ?? ""))
            }
            if movedKeyChanges > 0 {
                lines.append(
                    "\(movedKeyChanges) changes of keys were signed over another log: an older "
                        + "backup was restored, and what came after it is not here")
            }
            if keptCheckpoints > 0 {
                lines.append("kept elsewhere: \(keptCheckpoints) checkpoints, the log agrees")
            } else {
                lines.append(
                    "head \(head ?? "none"); only a checkpoint kept elsewhere shows a cut tail or "
                        + "a log rewritten as a whole (--checkpoint)")
            }
            return lines
        }
    }
}
