import Crypto
import Foundation
import ReturnsDomain

/// SHA-256 over bytes and texts, by swift-crypto.
enum Digest {
    /// The hash of bytes.
    static func contentHash(of bytes: [UInt8]) -> ContentHash {
        ContentHash(digest: SHA256.hash(data: bytes))
    }

    /// A number in 0..<1 with 53 bits of a text's hash: even, and the same for the same text.
    static func draw(_ text: String) -> Double {
        let bits =
            SHA256.hash(data: Data(text.utf8)).prefix(7)
            .reduce(UInt64(0)) { $0 << 8 | UInt64($1) } >> 3
        return Double(bits) / Double(1 << 53)
    }

    /// The hash of a text's UTF-8 bytes, as 64 hexadecimal digits.
    static func sha256(text: String) -> String {
        contentHash(of: Array(text.utf8)).description
    }
}
