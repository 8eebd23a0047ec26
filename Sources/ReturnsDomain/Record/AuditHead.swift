/// Where an audit log stands.
public struct AuditHead: Hashable, Sendable {
    /// The last entry; nil in an empty log.
    public let position: AuditPosition?
    /// Entries that the last checkpoint is over; 0 if there is none.
    public let signedEntryCount: Int64
    /// When the last checkpoint was made.
    public let signedAt: Timestamp?
    /// Base64 of its Merkle root.
    public let root: String?
    /// The signed note of the last checkpoint.
    public let note: String?
    /// The public keys of the log, each a line without its newline, the oldest first; at least one.
    public let publicKeys: [String]
    /// The one that signs now.
    public var publicKey: String { publicKeys.last ?? "" }

    /// Creates a head.
    public init(
        position: AuditPosition?, signedEntryCount: Int64, signedAt: Timestamp?, root: String?,
        note: String?, publicKeys: [String]
    ) {
        self.position = position
        self.signedEntryCount = signedEntryCount
        self.signedAt = signedAt
        self.root = root
        self.note = note
        self.publicKeys = publicKeys
    }
}

/// Which entry of an audit log is meant.
public enum AuditSubject: Hashable, Sendable {
    /// The entry of this number.
    case entry(Int64)
    /// The entry of the adjudication that stands for an inspection.
    case inspection(InspectionID)
}
