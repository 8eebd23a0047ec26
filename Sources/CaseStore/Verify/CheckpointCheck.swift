import Foundation
import ReturnsDomain

/// Holds signed checkpoints against the entries they are over, one entry after the other.
///
/// The root over the entries is computed anew, so checkpoints that hold are consistent with each
/// other too.
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
    }

    /// Checkpoints that hold.
    private(set) var count: Int64 = 0
    /// Entries that the last of them is over.
    private(set) var signedEntryCount: Int64 = 0
    /// What verifies them; nil if there is no usable one.
    let key: NoteVerifierKey?

    private let source: Source
    private var tree = MerkleFrontier()
    private var next: Pending?
    /// Kept outside; the smallest last.
    private var witnesses: [Checkpoint] = []
    /// The size of a checkpoint kept outside that the log's key did not sign.
    private var unsignedWitness: Int64?

    private struct Pending {
        let checkpoint: Checkpoint
        let file: String?
    }

    /// - Parameters:
    ///   - witness: What was kept outside. Its key is the one that counts, if it has one.
    ///   - keyFile: Where the log's own public key lies.
    ///   - source: The log's checkpoints.
    /// - Throws: ``CaseStoreError/witnessUnreadable(_:)`` if what was kept is no key or checkpoint.
    init(witness: AuditWitness, keyFile: URL, source: @escaping Source) throws {
        if let line = witness.publicKey {
            guard let kept = NoteVerifierKey(line) else {
                throw CaseStoreError.witnessUnreadable(.publicKey)
            }
            key = kept
        } else {
            key = try FileSystem.contents(keyFile)
                .flatMap { String(validating: $0, as: UTF8.self) }.flatMap(NoteVerifierKey.init)
        }
        self.source = source
        for text in witness.checkpoints { try keep(text) }
        witnesses.sort { $0.size > $1.size }
    }

    private mutating func keep(_ text: String) throws {
        let line = text.hasSuffix("\n") ? String(text.dropLast()) : text
        let note = CheckpointLine(Data(line.utf8))?.note ?? text
        guard let signed = SignedNote(note), let checkpoint = Checkpoint(signed.text) else {
            throw CaseStoreError.witnessUnreadable(.checkpoint)
        }
        if let key, checkpoint.origin == key.name, signed.isSigned(by: key) {
            witnesses.append(checkpoint)
        } else {
            unsignedWitness = checkpoint.size
        }
    }

    /// Reads the first checkpoint.
    mutating func begin() throws -> AuditProblem? {
        if let unsignedWitness {
            return AuditProblem(.witnessNotSigned, seq: unsignedWitness, file: nil)
        }
        return try readNext() ?? compare()
    }

    /// Adds an entry that holds in the chain.
    ///
    /// - Returns: The first thing that is wrong with the checkpoints up to here.
    mutating func add(entry line: Data) throws -> AuditProblem? {
        tree.append(MerkleHash(leaf: line))
        return try compare()
    }

    /// Tells what the log ends too early for.
    mutating func finish() -> AuditProblem? {
        if let next {
            return AuditProblem(
                .checkpointBeyondLog(size: next.checkpoint.size), seq: count + 1, file: next.file)
        }
        return witnesses.last.map { AuditProblem(.witnessBeyondLog, seq: $0.size, file: nil) }
    }

    /// Compares whatever is over just the entries there are now.
    private mutating func compare() throws -> AuditProblem? {
        let isDue = next?.checkpoint.size == tree.size || witnesses.last?.size == tree.size
        guard isDue else { return nil }
        let root = tree.root
        while let witness = witnesses.last, witness.size == tree.size {
            guard witness.root == root else {
                return AuditProblem(.witnessRootDiffers, seq: witness.size, file: nil)
            }
            witnesses.removeLast()
        }
        guard let due = next, due.checkpoint.size == tree.size else { return nil }
        guard due.checkpoint.root == root else {
            return AuditProblem(
                .checkpointRootDiffers(size: tree.size, after: signedEntryCount), seq: count + 1,
                file: due.file)
        }
        count += 1
        signedEntryCount = tree.size
        return try readNext()
    }

    private mutating func readNext() throws -> AuditProblem? {
        next = nil
        guard let found = try source() else { return nil }
        let place = count + 1
        func problem(_ kind: AuditProblem.Kind) -> AuditProblem {
            AuditProblem(kind, seq: place, file: found.file)
        }
        guard let key else {
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
        guard signed.isSigned(by: key) else { return problem(.checkpointNotSigned) }
        guard checkpoint.size > signedEntryCount else {
            return problem(.checkpointNotLarger(size: checkpoint.size))
        }
        next = Pending(checkpoint: checkpoint, file: found.file)
        return nil
    }
}
