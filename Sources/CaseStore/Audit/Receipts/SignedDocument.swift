package import Foundation

/// A canonical JSON object signed with the audit log's key in its member `signature`.
///
/// The signature is over `regrade-receipt-v1` followed by the object without `signature`, so that
/// it can be mistaken for no checkpoint.
package enum SignedDocument {
    private static let prefix = Data("regrade-receipt-v1".utf8)

    /// The bytes of a document with its signature added.
    static func sealed(
        _ members: [CanonicalJSON.Member], by signer: NoteSigner
    ) throws -> Data {
        let unsigned = CanonicalJSON.object(members).bytes
        let signature = try signer.signature(over: prefix + unsigned).base64EncodedString()
        let all = members + [.init(name: "signature", value: .string(signature))]
        return CanonicalJSON.object(all).bytes
    }

    /// A document with some members of another, signed; for tests of what a signature alone lets
    /// through.
    package static func mixed(
        _ document: Data, taking names: [String], from other: Data, by signer: NoteSigner
    ) throws -> Data {
        guard case .members(let members)? = CanonicalJSON(parsing: document),
            let other = CanonicalJSON(parsing: other)
        else { return Data() }
        let kept = members.filter { $0.name != "signature" }
        return try sealed(
            kept.map { member in
                names.contains(member.name)
                    ? .init(name: member.name, value: other[member.name] ?? member.value) : member
            }, by: signer)
    }

    static let keyChangesName = "key_changes"

    /// The member that leads from the log's first key to the one that signs; none without changes.
    static func keyChanges(_ notes: [String]) -> [CanonicalJSON.Member] {
        notes.isEmpty
            ? [] : [.init(name: keyChangesName, value: .array(notes.map { .string($0) }))]
    }

    /// The key that must have signed a document for whoever trusts `key`: each change that the key
    /// so far signed leads on.
    static func signingKey(
        of document: CanonicalJSON, trusting key: NoteVerifierKey
    ) -> NoteVerifierKey {
        let changes = (document[keyChangesName]?.texts ?? []).compactMap { KeySuccession($0) }
        return changes.reduce(key) { key, change in change.from == key ? change.to : key }
    }

    /// Whether an object has just these members; that of changes of keys may be missing.
    static func has(_ names: [String], in document: CanonicalJSON) -> Bool {
        document.names == names || document.names == names.filter { $0 != keyChangesName }
    }

    /// Whether an object is signed by a key.
    static func isSigned(_ document: CanonicalJSON, by key: NoteVerifierKey) -> Bool {
        guard case .members(let members) = document, let text = document["signature"]?.text,
            let signature = Data(canonicalBase64: text)
        else { return false }
        let unsigned = CanonicalJSON.members(members.filter { $0.name != "signature" })
        return key.verifies(signature, over: prefix + unsigned.bytes)
    }
}

extension CanonicalJSON {
    /// The strings of an array; nil if this is none or has other elements.
    var texts: [String]? {
        guard case .array(let elements) = self else { return nil }
        let texts = elements.compactMap(\.text)
        return texts.count == elements.count ? texts : nil
    }

    /// Hashes as an array of base64.
    static func hashes(_ hashes: [MerkleHash]) -> CanonicalJSON {
        .array(hashes.map { .string($0.base64) })
    }

    /// The hashes of an array of base64; nil if it is none.
    var hashes: [MerkleHash]? {
        guard let texts else { return nil }
        let hashes = texts.compactMap(MerkleHash.init(base64:))
        return hashes.count == texts.count ? hashes : nil
    }

    /// The names of an object's members; nil if this is none.
    var names: [String]? {
        guard case .members(let members) = self else { return nil }
        return members.map(\.name)
    }
}
