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

        // MARK: Checkpoints

        /// The line is no signed note of a checkpoint, or of one of another log.
        case checkpointMalformed
        /// The checkpoint has another number than its place: one is missing, doubled or moved.
        case checkpointOutOfSequence(found: Int64)
        /// The checkpoint is over no more entries than the one before.
        case checkpointNotLarger(size: Int64)
        /// The checkpoint is not signed by the log's key.
        case checkpointNotSigned
        /// The entries the checkpoint is over are not those that were signed.
        case checkpointRootDiffers(size: Int64, after: Int64)
        /// The log ends before the last entry that the checkpoint is over.
        case checkpointBeyondLog(size: Int64)
        /// There are checkpoints but no key to check them with, or what should be it is none.
        case publicKeyUnusable
        /// What lets the tree grow from the checkpoint is not what the entries give.
        case checkpointFrontierDiffers
        /// What makes proofs cheap, stored beside the entries, is not what they give: the root over
        /// 256 entries, the last of which is this one.
        case subtreeDiffers

        // MARK: Changes of the signing key

        /// The entry says that the signing key changed, and the key so far did not sign that.
        case keyChangeNotSigned
        /// The key so far signed the change over another log than the one before the entry: one
        /// that was longer, or whose entries were others.
        case keyChangeMoved(size: Int64)
        /// A key lies beside the log, and no change leads to it.
        case keyChangeMissing
        /// The key that was kept outside is none of those that signed the log.
        case witnessKeyNotReached

        // MARK: What was kept outside

        /// A checkpoint that was kept outside is not signed by the log's key.
        case witnessNotSigned
        /// The entries a checkpoint kept outside is over are not those of this log.
        case witnessRootDiffers
        /// The log ends before the last entry that a checkpoint kept outside is over.
        case witnessBeyondLog
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
        switch kind {
        case .checkpointMalformed, .checkpointOutOfSequence, .checkpointNotLarger,
            .checkpointNotSigned, .checkpointRootDiffers, .checkpointBeyondLog,
            .checkpointFrontierDiffers:
            "\(file ?? "database"), checkpoint \(seq): \(sentence)"
        case .publicKeyUnusable, .keyChangeMissing, .witnessKeyNotReached:
            "\(file ?? "public key"): \(sentence)"
        case .witnessNotSigned, .witnessRootDiffers, .witnessBeyondLog:
            "the checkpoint over \(seq) entries kept outside: \(sentence)"
        default: "\(file ?? "database"), entry \(seq): \(sentence)"
        }
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
        case .checkpointMalformed: "the line is no signed checkpoint of this log"
        case .checkpointOutOfSequence(let found):
            "it has number \(found), so checkpoints are missing, doubled or moved"
        case .checkpointNotLarger(let size):
            "it is over \(size) entries, no more than the one before"
        case .checkpointNotSigned: "it is not signed by the log's key"
        case .checkpointRootDiffers(let size, let after):
            "entries up to \(size) are not those that were signed; one after \(after) was changed"
        case .checkpointBeyondLog(let size):
            "the log ends before entry \(size), the last that was signed"
        case .publicKeyUnusable: "there is no public key to check the checkpoints with"
        case .checkpointFrontierDiffers:
            "what is stored to let the tree grow from it is not what the entries give"
        case .subtreeDiffers: "the stored root over 256 entries up to it is not theirs"
        case .keyChangeNotSigned:
            "it says that the signing key changed, and the key so far did not sign that"
        case .keyChangeMoved(let size):
            "the key so far signed the change of keys over \(size) other entries; an older backup "
                + "was restored, or entries were removed"
        case .keyChangeMissing: "no change of keys leads to key \(seq) that lies beside the log"
        case .witnessKeyNotReached: "the key kept outside is none of those that signed the log"
        case .witnessNotSigned: "it is not signed by the log's key, so one of them was replaced"
        case .witnessRootDiffers: "the log's entries are not those that were signed"
        case .witnessBeyondLog: "the log ends before them, so its tail was cut"
        }
    }
}
