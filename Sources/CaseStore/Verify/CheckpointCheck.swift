import Foundation
import ReturnsDomain

/// Holds signed checkpoints against the entries they are over, one entry after the other.
///
/// The root over the entries is computed anew, so checkpoints that hold are consistent with each
/// other too. A checkpoint is signed by the key that signs at its size.
struct CheckpointCheck {
    /// Where checkpoints come from, in order.
    typealias Source = () throws -> Found?

    /// A line of checkpoints.
    struct Found {
        let bytes: Data
        /// Whether a newline ends it; false only for a torn last line.
        let isWhole: Bool
        /// The exported file it stands in; nil for the database.
        let file: String?
        /// What is stored beside it to let the tree grow from there; nil in a file.
        var frontier: Data?
    }

    /// Checkpoints that hold.
    private(set) var count: Int64 = 0
    /// Entries that the last of them is over which the trusted key vouches for.
    private(set) var signedEntryCount: Int64 = 0
    /// The keys, as far as the entries have come.
    private(set) var keys: KeyWalk

    private let source: Source
    private var tree = MerkleFrontier()
    private var next: Pending?
    /// The size of the last checkpoint that holds.
    private var lastSize: Int64 = 0
    /// Kept outside; the smallest last.
    private var witnesses: [Witness] = []
    /// The size of a checkpoint kept outside that is not of this log.
    private var foreignWitness: Int64?

    private struct Pending {
        let checkpoint: Checkpoint
        let signed: SignedNote
        let file: String?
        let frontier: Data?
    }

    private struct Witness {
        let checkpoint: Checkpoint
        let signed: SignedNote
    }

    /// - Parameters:
    ///   - witness: What was kept outside. Its key is the one that counts, if it has one.
    ///   - keys: The log's own public keys.
    ///   - isListComplete: Whether the log must come to the last of these keys.
    ///   - source: The log's checkpoints.
    /// - Throws: ``CaseStoreError/witnessUnreadable(_:)`` if what was kept is no key or checkpoint.
    init(
        witness: AuditWitness, keys: [NoteVerifierKey], isListComplete: Bool = true,
        source: @escaping Source
    ) throws {
        let kept = try witness.publicKey.map { text in
            guard let key = NoteVerifierKey(firstOf: text) else {
                throw CaseStoreError.witnessUnreadable(.publicKey)
            }
            return key
        }
        self.keys = KeyWalk(listed: keys, kept: kept, isListComplete: isListComplete)
        self.source = source
        for text in witness.checkpoints { try keep(text) }
        witnesses.sort { $0.checkpoint.size > $1.checkpoint.size }
    }

    private mutating func keep(_ text: String) throws {
        let line = text.hasSuffix("\n") ? String(text.dropLast()) : text
        let note = CheckpointLine(Data(line.utf8))?.note ?? text
        guard let signed = SignedNote(note), let checkpoint = Checkpoint(signed.text) else {
            throw CaseStoreError.witnessUnreadable(.checkpoint)
        }
        if checkpoint.origin == keys.current?.name {
            witnesses.append(Witness(checkpoint: checkpoint, signed: signed))
        } else {
            foreignWitness = checkpoint.size
        }
    }

    /// Reads the first checkpoint.
    mutating func begin() throws -> AuditProblem? {
        if let foreignWitness {
            return AuditProblem(.witnessNotSigned, seq: foreignWitness, file: nil)
        }
        return try readNext() ?? compare()
    }

    /// Adds an entry that holds in the chain.
    ///
    /// - Parameters:
    ///   - line: Its bytes.
    ///   - kind: What it says that it is.
    ///   - file: The exported file it stands in; nil for the database.
    ///   - completed: Told of each subtree that this entry completes.
    /// - Returns: The first thing that is wrong with the checkpoints up to here.
    mutating func add(
        entry line: Data, kind: String, file: String?,
        completed: (MerkleFrontier.Subtree) -> Void = { _ in }
    ) throws -> AuditProblem? {
        if let kind = keys.add(entry: line, kind: kind, after: tree) {
            return AuditProblem(kind, seq: tree.size + 1, file: file)
        }
        tree.append(MerkleHash(leaf: line), completed: completed)
        return try compare()
    }

    /// Tells what the log ends too early for.
    mutating func finish() -> AuditProblem? {
        if let next {
            // Beyond the log's end no change of keys is known; a signature by the last key is the
            // only one that can be told from a forged one.
            let isSigned = keys.current.map { next.signed.isSigned(by: $0) } ?? false
            return AuditProblem(
                isSigned
                    ? .checkpointBeyondLog(size: next.checkpoint.size) : .checkpointNotSigned,
                seq: count + 1, file: next.file)
        }
        if let problem = keys.finish(signedEntryCount: signedEntryCount) { return problem }
        return witnesses.last.map { witness in
            let isSigned = keys.reached.contains { witness.signed.isSigned(by: $0) }
            return AuditProblem(
                isSigned ? .witnessBeyondLog : .witnessNotSigned, seq: witness.checkpoint.size,
                file: nil)
        }
    }

    /// Compares whatever is over just the entries there are now.
    private mutating func compare() throws -> AuditProblem? {
        let isDue =
            next?.checkpoint.size == tree.size || witnesses.last?.checkpoint.size == tree.size
        guard isDue, let key = keys.current else { return nil }
        let root = tree.root
        while let witness = witnesses.last, witness.checkpoint.size == tree.size {
            guard witness.signed.isSigned(by: key) else {
                return AuditProblem(.witnessNotSigned, seq: tree.size, file: nil)
            }
            guard witness.checkpoint.root == root else {
                return AuditProblem(.witnessRootDiffers, seq: tree.size, file: nil)
            }
            witnesses.removeLast()
        }
        guard let due = next, due.checkpoint.size == tree.size else { return nil }
        guard due.signed.isSigned(by: key) else {
            return AuditProblem(.checkpointNotSigned, seq: count + 1, file: due.file)
        }
        guard due.checkpoint.root == root else {
            return AuditProblem(
                .checkpointRootDiffers(size: tree.size, after: lastSize), seq: count + 1,
                file: due.file)
        }
        if let frontier = due.frontier, frontier != tree.bytes {
            return AuditProblem(.checkpointFrontierDiffers, seq: count + 1, file: due.file)
        }
        count += 1
        lastSize = tree.size
        if keys.isTrusted { signedEntryCount = tree.size }
        return try readNext()
    }

    private mutating func readNext() throws -> AuditProblem? {
        next = nil
        guard let found = try source() else { return nil }
        let place = count + 1
        func problem(_ kind: AuditProblem.Kind) -> AuditProblem {
            AuditProblem(kind, seq: place, file: found.file)
        }
        guard let key = keys.current else {
            return AuditProblem(
                .publicKeyUnusable, seq: place, file: DataDirectory.publicKeyName)
        }
        guard found.isWhole, let line = CheckpointLine(found.bytes),
            let signed = SignedNote(line.note), let checkpoint = Checkpoint(signed.text),
            checkpoint.origin == key.name
        else { return problem(.checkpointMalformed) }
        guard line.seq == place else {
            return problem(.checkpointOutOfSequence(found: line.seq))
        }
        guard checkpoint.size > lastSize else {
            return problem(.checkpointNotLarger(size: checkpoint.size))
        }
        next = Pending(
            checkpoint: checkpoint, signed: signed, file: found.file, frontier: found.frontier)
        return nil
    }
}
