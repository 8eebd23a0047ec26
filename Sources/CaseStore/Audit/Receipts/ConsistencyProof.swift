import Foundation

/// Proof that the log of some size is the beginning of the larger one: `regrade.consistency/1`.
struct ConsistencyProof {
    static let schema = "regrade.consistency/1"
    static let memberNames = [
        "checkpoints", "from", "from_root", "key_changes", "log", "proof", "schema", "signature",
        "to", "to_root",
    ]

    let from: (size: Int64, root: MerkleHash)
    let to: (size: Int64, root: MerkleHash)
    let proof: [MerkleHash]
    /// The signed notes of checkpoints over just these sizes, if the present key signed any.
    let checkpoints: [String]
    /// As in a receipt.
    let keyChanges: [String]

    /// The proof as bytes, signed.
    func sealed(by signer: NoteSigner) throws -> Data {
        try SignedDocument.sealed(
            SignedDocument.keyChanges(keyChanges) + [
                .init(name: "schema", value: .string(Self.schema)),
                .init(name: "log", value: .string(signer.key.name)),
                .init(name: "from", value: .integer(from.size)),
                .init(name: "from_root", value: .string(from.root.base64)),
                .init(name: "to", value: .integer(to.size)),
                .init(name: "to_root", value: .string(to.root.base64)),
                .init(name: "proof", value: .hashes(proof)),
                .init(name: "checkpoints", value: .array(checkpoints.map { .string($0) })),
            ], by: signer)
    }
}
