import CaseStore
import Foundation
import ReturnsDomain

/// Verifies an audit log where it lies.
public enum AuditCheck {
    /// Verifies a data directory or an exported audit folder; needs no service, changes nothing.
    ///
    /// - Throws: ``Failure`` of kind `inputMissing` if there is no log, or as for files that cannot
    ///   be read.
    public static func verify(path: String) async throws -> Verdict {
        guard FileManager.default.fileExists(atPath: path) else {
            throw Failure(.inputMissing, code: "no_audit_log", "there is no \(path)")
        }
        do {
            return Verdict(try await AuditVerifier.verify(URL(fileURLWithPath: path)))
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
        /// The last entry's hash; nil for an empty log.
        public let head: String?
        /// The sequence number of the first bad entry; nil if the chain holds.
        public let firstBadEntry: Int64?
        /// What is wrong with it; nil if the chain holds.
        public let problem: String?

        private enum CodingKeys: String, CodingKey {
            case holds, entries, documents, head, problem
            case firstBadEntry = "first_bad_entry"
        }

        init(_ verification: AuditVerification) {
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
            return [
                "the chain holds: \(entries) entries, \(documents) documents match them",
                "head \(head ?? "none"); keep it elsewhere, only an earlier head shows a cut tail",
            ]
        }
    }
}
