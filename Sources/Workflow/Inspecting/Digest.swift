import Crypto
import Foundation
import ReturnsDomain

/// SHA-256 over bytes and texts, by swift-crypto.
enum Digest {
    /// The hash of bytes.
    static func contentHash(of bytes: [UInt8]) -> ContentHash {
        ContentHash(digest: SHA256.hash(data: bytes))
    }

    /// The hash of a text's UTF-8 bytes, as 64 hexadecimal digits.
    static func sha256(text: String) -> String {
        contentHash(of: Array(text.utf8)).description
    }
}
