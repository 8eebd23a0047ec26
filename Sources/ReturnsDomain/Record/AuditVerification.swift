/// What a verification of the audit log found.
public struct AuditVerification: Hashable, Sendable {
    /// Entries that were checked and hold.
    public let entryCount: Int64
    /// The last entry that holds; nil if there is none.
    ///
    /// Whoever noted an earlier head can look it up: a log without it was cut or rewritten.
    public let head: AuditPosition?
    /// Stored documents whose commitments were checked and match; 0 for an exported folder.
    public let documentCount: Int64
    /// Documents that were erased, so that nothing is left to check; 0 for an exported folder.
    public let erasedDocumentCount: Int64
    /// Lines of exported files that equal the database; 0 for an exported folder.
    public let exportedLineCount: Int64
    /// Lines the database holds that are not exported yet; the next export appends them.
    public let unexportedLineCount: Int64
    /// Checkpoints whose signature and Merkle root hold.
    public let checkpointCount: Int64
    /// Entries that the last of them is over; those after it are vouched for by the chain alone.
    public let signedEntryCount: Int64
    /// The public keys that the checkpoints were checked with, the oldest first; empty if there is
    /// none.
    public let publicKeys: [String]
    /// Changes of the signing key that the key before it signed over another log than this one: an
    /// older backup was restored, and what came after it is not here.
    public let movedKeyChangeCount: Int
    /// The first thing that is wrong; nil if the log holds.
    public let problem: AuditProblem?

    /// Whether everything that was checked holds.
    public var holds: Bool { problem == nil }

    /// Creates a result.
    public init(
        entryCount: Int64, head: AuditPosition?, documentCount: Int64 = 0,
        erasedDocumentCount: Int64 = 0, exportedLineCount: Int64 = 0,
        unexportedLineCount: Int64 = 0, checkpointCount: Int64 = 0, signedEntryCount: Int64 = 0,
        publicKeys: [String] = [], movedKeyChangeCount: Int = 0, problem: AuditProblem? = nil
    ) {
        self.entryCount = entryCount
        self.head = head
        self.documentCount = documentCount
        self.erasedDocumentCount = erasedDocumentCount
        self.exportedLineCount = exportedLineCount
        self.unexportedLineCount = unexportedLineCount
        self.checkpointCount = checkpointCount
        self.signedEntryCount = signedEntryCount
        self.publicKeys = publicKeys
        self.movedKeyChangeCount = movedKeyChangeCount
        self.problem = problem
    }
}

/// What someone outside kept of a log, to hold against it.
public struct AuditWitness: Hashable, Sendable {
    /// Nothing was kept: the log is checked against itself.
    public static let none = AuditWitness()

    /// The public key as a line, as it was when the log was trusted; nil to believe the key that
    /// lies beside the log.
    public var publicKey: String?
    /// Signed notes of checkpoints, or lines of `checkpoints.jsonl`.
    public var checkpoints: [String]

    /// Creates a witness.
    public init(publicKey: String? = nil, checkpoints: [String] = []) {
        self.publicKey = publicKey
        self.checkpoints = checkpoints
    }
}
