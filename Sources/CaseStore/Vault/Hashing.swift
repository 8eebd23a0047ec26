import Crypto
import Foundation
import ReturnsDomain

/// SHA-256 of bytes.
func sha256(_ bytes: Data) -> ContentHash {
    ContentHash(digest: SHA256.hash(data: bytes))
}
