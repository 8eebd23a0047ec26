/// What a receipt, or a proof that a log only grew, proves.
public struct ReceiptVerdict: Hashable, Sendable {
    /// The first thing that is wrong with it.
    public enum Problem: String, Hashable, Sendable, CaseIterable {
        /// It is not one line of canonical JSON, or too long.
        case notCanonical = "not_canonical"
        /// It is neither a receipt nor a consistency proof of this version.
        case unknownSchema = "unknown_schema"
        /// It has other members than its schema.
        case membersMissing = "members_missing"
        /// It is not signed by this key.
        case notSigned = "not_signed"
        /// Its checkpoint is not signed by this key, or is over another log or size.
        case checkpointNotSigned = "checkpoint_not_signed"
        /// Its entry does not have its own hash, or another number.
        case entryBroken = "entry_broken"
        /// The entry is not in the log that the checkpoint is over.
        case notIncluded = "not_included"
        /// The document is not the one the entry commits to.
        case documentDiffers = "document_differs"
        /// The facts are not what the document says.
        case factsDiffer = "facts_differ"
        /// The larger log does not begin with the smaller one.
        case notConsistent = "not_consistent"
    }

    /// What is wrong; nil if everything holds.
    public let problem: Problem?
    /// The log's name.
    public let log: String?
    /// Entries that the checkpoint is over.
    public let size: Int64?
    /// The entry's number; nil for a consistency proof.
    public let seq: Int64?
    /// The smaller size of a consistency proof.
    public let grownFrom: Int64?
    /// What the entry says happened.
    public let kind: String?
    /// When, as the entry says.
    public let at: String?
    /// The inspection it is about.
    public let inspection: String?
    /// Whether the document the entry commits to is shown.
    public let hasDocument: Bool
    /// What the document says, by name.
    public let facts: [String: String]

    /// Whether everything holds.
    public var holds: Bool { problem == nil }

    /// Creates a verdict.
    public init(
        problem: Problem? = nil, log: String? = nil, size: Int64? = nil, seq: Int64? = nil,
        grownFrom: Int64? = nil, kind: String? = nil, at: String? = nil,
        inspection: String? = nil, hasDocument: Bool = false, facts: [String: String] = [:]
    ) {
        self.problem = problem
        self.log = log
        self.size = size
        self.seq = seq
        self.grownFrom = grownFrom
        self.kind = kind
        self.at = at
        self.inspection = inspection
        self.hasDocument = hasDocument
        self.facts = facts
    }
}

extension ReceiptVerdict.Problem: CustomStringConvertible {
    /// What is wrong, as a sentence.
    public var description: String {
        switch self {
        case .notCanonical: "it is not one line of canonical JSON"
        case .unknownSchema: "it is neither a receipt nor a consistency proof that this build reads"
        case .membersMissing: "it does not have the members of its schema"
        case .notSigned: "it is not signed by this key, or was changed since"
        case .checkpointNotSigned: "its checkpoint is not signed by this key for this proof"
        case .entryBroken: "the audit entry does not have its own hash or number"
        case .notIncluded: "the audit entry is not in the log that was signed"
        case .documentDiffers: "the document is not the one the audit entry commits to"
        case .factsDiffer: "the facts are not what the document says"
        case .notConsistent: "the larger log does not begin with the smaller one"
        }
    }
}
