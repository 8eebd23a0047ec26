import Crypto
import Foundation
import ReturnsDomain

/// The text that signs in: `key_….SECRET`, the secret 43 characters of base64url, 32 random bytes.
struct APICredential: Sendable {
    let id: APIKeyID
    private let secret: String

    /// A hash that belongs to no secret that is known.
    static let noHash = Data(count: SHA256.byteCount)

    /// Draws a new secret from the system's random numbers.
    init(id: APIKeyID) {
        self.id = id
        secret = SymmetricKey(size: .bits256).bytes.base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// Reads what a client sent; nil unless it has the form of a credential.
    init?(_ text: String) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard text.utf8.count <= 100, parts.count == 2, let id = APIKeyID(String(parts[0])),
            parts[1].utf8.count == 43
        else { return nil }
        self.id = id
        secret = String(parts[1])
    }

    /// What the client sends.
    var text: String { "\(id).\(secret)" }

    /// What the record keeps.
    var secretHash: Data { Data(SHA256.hash(data: Data(secret.utf8))) }

    /// Whether the secret has this hash; digests compare in constant time.
    func matches(_ hash: Data) -> Bool { SHA256.hash(data: Data(secret.utf8)) == hash }
}
