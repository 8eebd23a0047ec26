import Crypto
package import Foundation

/// A node of the audit log's Merkle tree: 32 bytes of SHA-256.
///
/// Leaves and inner nodes are told apart by a first byte, so that no inner node passes for an
/// entry.
///
/// - SeeAlso: RFC 9162, 2.1.1.
package struct MerkleHash: Hashable, Sendable {
    /// 32 bytes.
    package let bytes: Data

    /// The hash of a leaf: SHA-256(0x00 || entry).
    package init(leaf entry: Data) {
        var hash = SHA256()
        hash.update(data: [0x00])
        hash.update(data: entry)
        bytes = Data(hash.finalize())
    }

    /// The hash of an inner node: SHA-256(0x01 || left || right).
    package init(_ left: MerkleHash, _ right: MerkleHash) {
        var hash = SHA256()
        hash.update(data: [0x01])
        hash.update(data: left.bytes)
        hash.update(data: right.bytes)
        bytes = Data(hash.finalize())
    }

    /// A hash from elsewhere; nil unless it has 32 bytes.
    package init?(bytes: Data) {
        guard bytes.count == 32 else { return nil }
        self.bytes = Data(bytes)
    }

    /// A hash from canonical base64; nil for anything else.
    package init?(base64 text: String) {
        guard let bytes = Data(canonicalBase64: text) else { return nil }
        self.init(bytes: bytes)
    }

    /// Base64 of the bytes (RFC 4648, section 4).
    package var base64: String { bytes.base64EncodedString() }

    /// The root of the tree without leaves: SHA-256 of nothing.
    package static let empty = MerkleHash(digest: SHA256.hash(data: Data()))

    private init(digest: SHA256.Digest) {
        bytes = Data(digest)
    }
}

extension Data {
    /// Decodes base64 in its one canonical form; nil for anything else.
    ///
    /// The last character of a group carries bits that decoders ignore; with them free, a changed
    /// text could decode to the same bytes.
    package init?(canonicalBase64 text: String) {
        guard let bytes = Data(base64Encoded: text), bytes.base64EncodedString() == text else {
            return nil
        }
        self = bytes
    }
}
