import Foundation
public import ReturnsDomain

/// Checks receipts and consistency proofs with nothing but the log's public key.
public enum ReceiptCheck {
    /// The largest receipt that is read, in bytes: a document of twelve photos is about 8 kB.
    public static let byteCountLimit = 1_000_000

    /// Checks a receipt, or a proof that the log only grew, whichever it is.
    ///
    /// - Parameters:
    ///   - bytes: One line of canonical JSON; a newline may end it.
    ///   - publicKey: The line that `regrade audit head --key` prints, now or before the key
    ///     changed.
    /// - Returns: What is proven, or the first thing that is wrong.
    /// - Throws: ``CaseStoreError/witnessUnreadable(_:)`` if the key is none.
    public static func check(
        _ bytes: [UInt8], publicKey: String
    ) throws(CaseStoreError) -> ReceiptVerdict {
        guard let trusted = NoteVerifierKey(firstOf: publicKey) else {
            throw .witnessUnreadable(.publicKey)
        }
        let line = bytes.last == 0x0A ? bytes.dropLast() : bytes[...]
        guard line.count <= byteCountLimit, let document = CanonicalJSON(parsing: Data(line)) else {
            return ReceiptVerdict(problem: .notCanonical)
        }
        let key = SignedDocument.signingKey(of: document, trusting: trusted)
        switch document["schema"]?.text {
        case Receipt.schema: return checkReceipt(document, key)
        case ConsistencyProof.schema: return checkConsistency(document, key)
        default: return ReceiptVerdict(problem: .unknownSchema)
        }
    }

    // MARK: - Receipts

    private static func checkReceipt(
        _ receipt: CanonicalJSON, _ key: NoteVerifierKey
    ) -> ReceiptVerdict {
        guard SignedDocument.has(Receipt.memberNames, in: receipt), let log = receipt["log"]?.text,
            let entry = receipt["entry"]?.text, let seq = receipt["seq"]?.number,
            let proof = receipt["proof"]?.hashes, let note = receipt["checkpoint"]?.text,
            let document = receipt["document"]?.text, let salt = receipt["salt"]?.text,
            let facts = receipt["facts"]
        else { return ReceiptVerdict(problem: .membersMissing) }
        guard log == key.name, SignedDocument.isSigned(receipt, by: key) else {
            return ReceiptVerdict(problem: .notSigned)
        }
        guard let checkpoint = signedCheckpoint(note, key) else {
            return ReceiptVerdict(problem: .checkpointNotSigned)
        }
        let line = Data(entry.utf8)
        guard let said = AuditChain.entry(alone: line), said.seq == seq else {
            return ReceiptVerdict(problem: .entryBroken)
        }
        let isIncluded = MerkleProof.includes(
            leaf: MerkleHash(leaf: line), index: seq - 1, size: checkpoint.size, proof: proof,
            root: checkpoint.root)
        guard isIncluded else { return ReceiptVerdict(problem: .notIncluded) }
        if let problem = checkDocument(document, salt: salt, facts: facts, said) {
            return ReceiptVerdict(problem: problem)
        }
        return ReceiptVerdict(
            log: log, size: checkpoint.size, seq: seq, kind: said.kind, at: said.at,
            inspection: said.inspection.isEmpty ? nil : said.inspection,
            hasDocument: !document.isEmpty, facts: flattened(facts))
    }

    private static func checkDocument(
        _ document: String, salt: String, facts: CanonicalJSON, _ entry: AuditChain.Entry
    ) -> ReceiptVerdict.Problem? {
        guard !document.isEmpty else {
            return facts == .members([]) && salt.isEmpty ? nil : .factsDiffer
        }
        let bytes = Data(document.utf8)
        guard let salt = Data(hexadecimal: salt), salt.count == 32,
            hexadecimal(InspectionSecrets.commitment(to: bytes, salt: salt)) == entry.commitment
        else { return .documentDiffers }
        return Receipt.facts(of: bytes) == facts ? nil : .factsDiffer
    }

    // MARK: - Consistency

    private static func checkConsistency(
        _ document: CanonicalJSON, _ key: NoteVerifierKey
    ) -> ReceiptVerdict {
        guard SignedDocument.has(ConsistencyProof.memberNames, in: document),
            let log = document["log"]?.text,
            let from = document["from"]?.number, let to = document["to"]?.number,
            let fromRoot = document["from_root"]?.text.flatMap(MerkleHash.init(base64:)),
            let toRoot = document["to_root"]?.text.flatMap(MerkleHash.init(base64:)),
            let proof = document["proof"]?.hashes,
            let notes = document["checkpoints"]?.texts
        else { return ReceiptVerdict(problem: .membersMissing) }
        guard log == key.name, SignedDocument.isSigned(document, by: key) else {
            return ReceiptVerdict(problem: .notSigned)
        }
        for note in notes {
            guard let checkpoint = signedCheckpoint(note, key),
                checkpoint.size == from && checkpoint.root == fromRoot
                    || checkpoint.size == to && checkpoint.root == toRoot
            else { return ReceiptVerdict(problem: .checkpointNotSigned) }
        }
        let isConsistent = MerkleProof.isConsistent(
            from: (from, fromRoot), to: (to, toRoot), proof: proof)
        guard isConsistent else { return ReceiptVerdict(problem: .notConsistent) }
        return ReceiptVerdict(
            log: log, size: to, grownFrom: from,
            facts: ["from_root": fromRoot.base64, "to_root": toRoot.base64])
    }

    // MARK: - Both

    private static func signedCheckpoint(_ note: String, _ key: NoteVerifierKey) -> Checkpoint? {
        guard let signed = SignedNote(note), let checkpoint = Checkpoint(signed.text),
            checkpoint.origin == key.name, signed.isSigned(by: key)
        else { return nil }
        return checkpoint
    }

    /// Facts as text by their names.
    private static func flattened(_ facts: CanonicalJSON) -> [String: String] {
        guard case .members(let members) = facts else { return [:] }
        var flat: [String: String] = [:]
        for member in members {
            flat[member.name] =
                member.value.text ?? member.value.texts?.joined(separator: " ")
                ?? String(decoding: member.value.bytes, as: UTF8.self)
        }
        return flat
    }
}

extension Data {
    /// Reads lowercase hexadecimal digits; nil for anything else.
    init?(hexadecimal digits: String) {
        let values = digits.utf8.map { digit -> UInt8? in
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
            default: nil
            }
        }
        guard values.count.isMultiple(of: 2), !values.contains(nil) else { return nil }
        let known = values.compactMap { $0 }
        self = Data(stride(from: 0, to: known.count, by: 2).map { known[$0] << 4 | known[$0 + 1] })
    }
}
