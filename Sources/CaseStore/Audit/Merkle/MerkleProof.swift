/// Proofs about a Merkle tree: which subtrees they consist of, and what they prove.
///
/// A proof is a list of hashes, the lowest first. Leaves are counted from 0.
///
/// - SeeAlso: RFC 9162, 2.1.3 and 2.1.4; D, n, m, k and the names of the variables are theirs.
package enum MerkleProof {
    // MARK: - Making

    /// The leaves under each hash of the proof that leaf m is in the tree of n: PATH(m, D[n]).
    ///
    /// - Precondition: `0 <= index < size`.
    package static func inclusionRanges(index: Int64, size: Int64) -> [Range<Int64>] {
        precondition((0..<size).contains(index), "leaf \(index) is not in a tree of \(size)")
        var ranges: [Range<Int64>] = []
        var tree = 0..<size
        while tree.count > 1 {
            let split = tree.lowerBound + largestPowerOfTwo(below: Int64(tree.count))
            let (left, right) = (tree.lowerBound..<split, split..<tree.upperBound)
            ranges.append(index < split ? right : left)
            tree = index < split ? left : right
        }
        return ranges.reversed()
    }

    /// The leaves under each hash of the proof that the tree of m leaves is the beginning of the
    /// tree of n leaves: PROOF(m, D[n]).
    ///
    /// - Precondition: `1 <= from <= to`.
    package static func consistencyRanges(from: Int64, to: Int64) -> [Range<Int64>] {
        precondition((1...to).contains(from), "no proof leads from \(from) to \(to) leaves")
        var ranges: [Range<Int64>] = []
        var tree = 0..<to
        // Whether the tree of m leaves is a subtree here, whose root the reader knows.
        var isWholeOld = true
        while tree.upperBound != from {
            let split = tree.lowerBound + largestPowerOfTwo(below: Int64(tree.count))
            let (left, right) = (tree.lowerBound..<split, split..<tree.upperBound)
            ranges.append(from <= split ? right : left)
            if from > split { isWholeOld = false }
            tree = from <= split ? left : right
        }
        if !isWholeOld { ranges.append(tree) }
        return ranges.reversed()
    }

    /// The root over a range of leaves.
    ///
    /// - Parameters:
    ///   - range: The tree from 0, or a subtree as the functions above name them.
    ///   - known: The root of a subtree that need not be computed, nil for others; never nil for a
    ///     single leaf.
    /// - Returns: Nil if the hash of a leaf is not known.
    package static func root(
        over range: Range<Int64>, known: (Range<Int64>) throws -> MerkleHash?
    ) rethrows -> MerkleHash? {
        if range.isEmpty { return .empty }
        if let root = try known(range) { return root }
        guard range.count > 1 else { return nil }
        let split = range.lowerBound + largestPowerOfTwo(below: Int64(range.count))
        guard let left = try root(over: range.lowerBound..<split, known: known),
            let right = try root(over: split..<range.upperBound, known: known)
        else { return nil }
        return MerkleHash(left, right)
    }

    /// k: the largest power of two smaller than n; n is at least 2.
    private static func largestPowerOfTwo(below n: Int64) -> Int64 {
        1 << (63 - (n - 1).leadingZeroBitCount)
    }

    // MARK: - Checking

    /// Whether a proof shows that a leaf is in the tree with this root: RFC 9162, 2.1.3.2.
    ///
    /// The size must come from the same signed checkpoint as the root: where two sizes give a leaf
    /// the same path, the hashes alone cannot tell them apart.
    package static func includes(
        leaf: MerkleHash, index: Int64, size: Int64, proof: [MerkleHash], root: MerkleHash
    ) -> Bool {
        guard index >= 0, index < size else { return false }
        var (fn, sn, r) = (index, size - 1, leaf)
        for p in proof {
            guard sn != 0 else { return false }
            if fn & 1 == 1 || fn == sn {
                r = MerkleHash(p, r)
                while fn & 1 == 0 && fn != 0 {
                    fn >>= 1
                    sn >>= 1
                }
            } else {
                r = MerkleHash(r, p)
            }
            fn >>= 1
            sn >>= 1
        }
        return sn == 0 && r == root
    }

    /// Whether a proof shows that one tree is the beginning of another: RFC 9162, 2.1.4.2.
    ///
    /// Trees of one size are consistent if their roots are equal and the proof is empty. There is
    /// no proof from the empty tree.
    package static func isConsistent(
        from first: (size: Int64, root: MerkleHash), to second: (size: Int64, root: MerkleHash),
        proof: [MerkleHash]
    ) -> Bool {
        guard first.size >= 1, first.size <= second.size else { return false }
        if first.size == second.size { return proof.isEmpty && first.root == second.root }
        let isPowerOfTwo = first.size & (first.size - 1) == 0
        let path = (isPowerOfTwo ? [first.root] : []) + proof
        guard !proof.isEmpty, let start = path.first else { return false }
        var (fn, sn) = (first.size - 1, second.size - 1)
        while fn & 1 == 1 {
            fn >>= 1
            sn >>= 1
        }
        var (fr, sr) = (start, start)
        for c in path.dropFirst() {
            guard sn != 0 else { return false }
            if fn & 1 == 1 || fn == sn {
                fr = MerkleHash(c, fr)
                sr = MerkleHash(c, sr)
                while fn & 1 == 0 && fn != 0 {
                    fn >>= 1
                    sn >>= 1
                }
            } else {
                sr = MerkleHash(sr, c)
            }
            fn >>= 1
            sn >>= 1
        }
        return fr == first.root && sr == second.root && sn == 0
    }
}
