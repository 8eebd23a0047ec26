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
    /// The first thing that is wrong; nil if the log holds.
    public let problem: AuditProblem?

    /// Whether everything that was checked holds.
    public var holds: Bool { problem == nil }

    /// Creates a result.
    public init(
        entryCount: Int64, head: AuditPosition?, documentCount: Int64 = 0,
        erasedDocumentCount: Int64 = 0, exportedLineCount: Int64 = 0,
        unexportedLineCount: Int64 = 0, problem: AuditProblem? = nil
    ) {
        self.entryCount = entryCount
        self.head = head
        self.documentCount = documentCount
        self.erasedDocumentCount = erasedDocumentCount
        self.exportedLineCount = exportedLineCount
        self.unexportedLineCount = unexportedLineCount
        self.problem = problem
    }
}

/// The first thing that is wrong with an audit log.
public struct AuditProblem: Hashable, Sendable {
    /// What is wrong.
    public enum Kind: Hashable, Sendable {
        /// The line is not canonical JSON (RFC 8785) or has no end.
        case notCanonical
        /// The line has not the nine members of an entry.
        case notAnEntry
        /// The entry has another sequence number than its place: one is missing, doubled or moved.
        case outOfSequence(found: Int64)
        /// The entry does not carry the hash of the entry before.
        case previousHashDiffers
        /// The entry's contents do not have the entry's hash.
        case hashDiffers
        /// The entry lies in a segment where its number does not belong.
        case wrongSegment
        /// A segment's file is missing while later ones exist.
        case segmentMissing
        /// The stored document is not the one the entry commits to.
        case documentDiffers
        /// The document the entry commits to is gone, and it was not erased.
        case documentMissing
        /// A stored document has no entry that commits to it.
        case documentWithoutEntry
        /// The database's columns and the entry say different things.
        case columnsDiffer
        /// The log ends before the last entry that was numbered.
        case tailMissing(lastNumbered: Int64)
        /// The exported line is not the database's.
        case exportDiffers
        /// The exported file has lines that the database does not.
        case exportExceeds
    }

    /// What is wrong.
    public let kind: Kind
    /// The sequence number, or place, of the first bad entry or line, from 1.
    public let seq: Int64
    /// The exported file it stands in; nil for the database.
    public let file: String?

    /// Creates a finding.
    public init(_ kind: Kind, seq: Int64, file: String?) {
        self.kind = kind
        self.seq = seq
        self.file = file
    }
}

extension AuditProblem: CustomStringConvertible {
    /// Where, and what is wrong.
    public var description: String {
        "\(file ?? "database"), entry \(seq): \(sentence)"
    }

    private var sentence: String {
        switch kind {
        case .notCanonical: "the line is not canonical JSON"
        case .notAnEntry: "the line does not have the members of an entry"
        case .outOfSequence(let found):
            "it has sequence number \(found), so entries are missing, doubled or moved"
        case .previousHashDiffers: "prev is not the hash of the entry before"
        case .hashDiffers: "the contents do not have the hash of the entry; it was changed"
        case .wrongSegment: "it does not belong into this segment"
        case .segmentMissing: "the segment is missing while later ones exist"
        case .documentDiffers: "the stored document is not the one that was committed to"
        case .documentMissing: "the document that was committed to is missing"
        case .documentWithoutEntry: "a stored document has no entry that commits to it"
        case .columnsDiffer: "the columns beside the entry say something else than the entry"
        case .tailMissing(let last):
            "the log ends before it although entries up to \(last) were numbered"
        case .exportDiffers: "the exported line differs from the database"
        case .exportExceeds: "the exported file has lines that the database does not"
        }
    }
}
