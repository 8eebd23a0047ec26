import Foundation
import ReturnsDomain

/// Proof that one entry is in the audit log, with the document it commits to: `regrade.receipt/1`.
///
/// Everything that proves is in `entry`, `document`, `salt`, `proof` and `checkpoint`; `facts`
/// repeats in readable form what the document says.
struct Receipt {
    static let schema = "regrade.receipt/1"
    static let memberNames = [
        "checkpoint", "document", "entry", "facts", "key_changes", "log", "proof", "salt",
        "schema", "seq", "signature",
    ]

    /// The entry's canonical line.
    let entry: String
    let seq: Int64
    /// The stored document the entry commits to; empty if there is none or it was erased.
    let document: String
    /// The inspection's salt in hex, which opens the commitment; empty like the document.
    let salt: String
    let proof: [MerkleHash]
    /// The signed note of the checkpoint the proof leads to.
    let checkpoint: String
    /// The statements that lead from the log's first key to the one that signs; the member is left
    /// out if there are none.
    let keyChanges: [String]

    /// The receipt as bytes, signed.
    func sealed(by signer: NoteSigner) throws -> Data {
        let facts = document.isEmpty ? nil : Self.facts(of: Data(document.utf8))
        return try SignedDocument.sealed(
            SignedDocument.keyChanges(keyChanges) + [
                .init(name: "schema", value: .string(Self.schema)),
                .init(name: "log", value: .string(signer.key.name)),
                .init(name: "seq", value: .integer(seq)),
                .init(name: "entry", value: .string(entry)),
                .init(name: "document", value: .string(document)),
                .init(name: "salt", value: .string(salt)),
                .init(name: "facts", value: facts ?? .members([])),
                .init(name: "proof", value: .hashes(proof)),
                .init(name: "checkpoint", value: .string(checkpoint)),
            ], by: signer)
    }

    /// What a stored document says, for people: no customer, no order.
    ///
    /// Fractions are text.
    ///
    /// - Returns: Nil if the bytes are no document.
    static func facts(of document: Data) -> CanonicalJSON? {
        guard let said = try? JSONDecoder().decode(Adjudication.self, from: document) else {
            return nil
        }
        let photos = said.photos.map { photo in
            CanonicalJSON.object([
                "index": .integer(Int64(photo.index)), "view": .string(photo.view.rawValue),
                "sha256": .string(photo.sha256.description),
            ])
        }
        let severities = said.probabilities.map { probabilities in
            Severity.allCases.map { severity in
                CanonicalJSON.Member(
                    name: severity.name,
                    value: .string(probabilities.calibrated[severity].description))
            }
        }
        let decision = said.decision
        return .object([
            "inspection": .string(said.id.description),
            "created_at": .string(said.createdAt.description),
            "decided_by": .string(said.decidedBy.rawValue),
            "outcome": .string(decision.outcome.rawValue),
            "recommended": .string(decision.recommended.rawValue),
            "severity": .string(decision.severity.name),
            "confidence": .string(decision.confidence.description),
            "probabilities": .object(severities ?? []),
            "reasons": .array(decision.reasons.map { .string($0.code.rawValue) }),
            "remedy": .string(decision.remedy.rawValue), "rule": .string(decision.rule),
            "photos": .array(photos),
            "model": .string("\(said.model.name)/\(said.model.version)"),
            "model_sha256": .string(said.model.sha256.description),
            "calibration": .string(said.model.calibration),
            "policy": .string("\(said.policy.id)/\(said.policy.version)"),
            "policy_sha256": .string(said.policy.sha256.description),
        ])
    }
}
