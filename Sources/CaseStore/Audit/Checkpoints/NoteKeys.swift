package import Crypto
package import Foundation

/// The public key of whoever signs notes, with its name.
///
/// Written as one line, `NAME+KEYID+BASE64`: the key's number in 8 hexadecimal digits, then base64
/// of the type 0x01 (Ed25519) and the 32 bytes of the key. Valid only if the number is the one that
/// name and key give.
///
/// - SeeAlso: c2sp.org/signed-note; the line is the verifier key of golang.org/x/mod/sumdb/note.
package struct NoteVerifierKey: Hashable, Sendable, CustomStringConvertible {
    /// Who signs; has neither spaces nor a plus sign.
    package let name: String
    /// The key, 32 bytes (RFC 8032).
    package let publicKey: Data

    /// A key of ours.
    package init(name: String, publicKey: Curve25519.Signing.PublicKey) {
        self.name = name
        self.publicKey = publicKey.rawRepresentation
    }

    /// A key of 32 bytes under a name.
    init(name: String, publicKey: Data) {
        self.name = name
        self.publicKey = publicKey
    }

    /// Reads the line, with or without its newline; nil if it is not valid.
    package init?(_ line: String) {
        let parts = (line.hasSuffix("\n") ? line.dropLast() : line[...])
            .split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let key = Data(canonicalBase64: String(parts[2])),
            key.count == 33, key.first == Self.ed25519, Self.isName(parts[0])
        else { return nil }
        name = String(parts[0])
        publicKey = Data(key.dropFirst())
        guard hexadecimal(id) == parts[1] else { return nil }
    }

    /// Reads the first line of a text, which may hold the keys that followed too.
    init?(firstOf text: String) {
        guard let line = text.split(separator: "\n", omittingEmptySubsequences: false).first else {
            return nil
        }
        self.init(String(line))
    }

    /// The line.
    package var description: String {
        let typed = Data([Self.ed25519]) + publicKey
        return "\(name)+\(hexadecimal(id))+\(typed.base64EncodedString())"
    }

    /// The key's number: the first 4 bytes of SHA-256(name || 0x0A || 0x01 || public key).
    package var id: Data {
        let named = Data(name.utf8) + [0x0A, Self.ed25519] + publicKey
        return Data(SHA256.hash(data: named)).prefix(4)
    }

    /// Whether a signature over bytes is by this key.
    package func verifies(_ signature: Data, over bytes: Data) -> Bool {
        let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey)
        return key?.isValidSignature(signature, for: bytes) ?? false
    }

    /// The signature type of Ed25519.
    private static let ed25519: UInt8 = 0x01

    /// Whether a text may name a key.
    package static func isName(_ name: some StringProtocol) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy { scalar in
                !scalar.properties.isWhitespace && scalar != "+" && scalar.value >= 0x20
            }
    }
}

/// Signs notes under one name.
package struct NoteSigner: Sendable {
    /// What verifies them.
    package let key: NoteVerifierKey
    private let secret: Curve25519.Signing.PrivateKey

    /// Takes a secret of 32 bytes, the seed of RFC 8032.
    package init(name: String, secret: Data) throws {
        self.secret = try Curve25519.Signing.PrivateKey(rawRepresentation: secret)
        key = NoteVerifierKey(name: name, publicKey: self.secret.publicKey)
    }

    /// A signature over bytes, 64 bytes.
    package func signature(over bytes: Data) throws -> Data {
        try secret.signature(for: bytes)
    }

    /// The signed note of a text.
    ///
    /// - Parameter text: Ends with a newline.
    package func note(_ text: String) throws -> String {
        let signature = try key.id + signature(over: Data(text.utf8))
        return text + "\n\u{2014} \(key.name) \(signature.base64EncodedString())\n"
    }
}
