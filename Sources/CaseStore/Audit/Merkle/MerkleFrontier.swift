package import Foundation

/// A Merkle tree that grows by one leaf at a time and remembers only what its root needs.
///
/// That is one hash for each binary digit 1 of its size: the roots of the complete subtrees that
/// the leaves fall into, the largest first. At most 63 hashes, whatever the size.
///
/// - SeeAlso: RFC 9162, 2.1.2 (the stack of the tree-head algorithm).
package struct MerkleFrontier: Hashable, Sendable {
    /// How many leaves there are.
    package private(set) var size: Int64 = 0
    private var roots: [MerkleHash] = []

    /// A complete subtree of 2^height leaves.
    package struct Subtree: Hashable, Sendable {
        /// 0 for a leaf.
        package let height: Int
        /// Its place among the subtrees of its height, from 0.
        package let index: Int64
        /// Its root.
        package let root: MerkleHash
    }

    /// The tree without leaves.
    package init() {}

    /// Adds a leaf.
    ///
    /// - Parameter completed: Told of each subtree that this leaf completes, the leaf itself first.
    /// - Complexity: O(1) hashes on average, O(log size) at most.
    package mutating func append(_ leaf: MerkleHash, completed: (Subtree) -> Void = { _ in }) {
        var subtree = Subtree(height: 0, index: size, root: leaf)
        completed(subtree)
        while subtree.index & 1 == 1, let left = roots.popLast() {
            subtree = Subtree(
                height: subtree.height + 1, index: subtree.index >> 1,
                root: MerkleHash(left, subtree.root))
            completed(subtree)
        }
        roots.append(subtree.root)
        size += 1
    }

    /// The root over all leaves.
    ///
    /// - Complexity: O(log size) hashes.
    package var root: MerkleHash {
        guard var root = roots.last else { return .empty }
        for left in roots.dropLast().reversed() { root = MerkleHash(left, root) }
        return root
    }

    /// The hashes one after the other, to be read by ``init(size:bytes:)``.
    package var bytes: Data { Data(roots.map(\.bytes).joined()) }

    /// Reads what ``bytes`` wrote; nil unless it has one hash for each digit 1 of the size.
    package init?(size: Int64, bytes: Data) {
        guard size >= 0, bytes.count == 32 * size.nonzeroBitCount else { return nil }
        self.size = size
        let bytes = Data(bytes)
        roots = stride(from: 0, to: bytes.count, by: 32).compactMap { start in
            MerkleHash(bytes: bytes[start..<start + 32])
        }
    }
}
