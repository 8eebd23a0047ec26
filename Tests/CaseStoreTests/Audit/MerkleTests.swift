import CaseStore
import Foundation
import Testing

/// A whole tree in memory.
struct PlainTree {
    let leaves: [MerkleHash]

    init(_ entries: [Data]) { leaves = entries.map(MerkleHash.init(leaf:)) }

    init(leafCount: Int) { self.init((0..<leafCount).map { Data(String($0).utf8) }) }

    /// The definition of RFC 9162, 2.1.1, from the leaves alone.
    func root(over range: Range<Int64>) throws -> MerkleHash {
        try #require(
            MerkleProof.root(over: range) { range in
                range.count == 1 ? leaves[Int(range.lowerBound)] : nil
            })
    }

    func root(size: Int64) throws -> MerkleHash { try root(over: 0..<size) }

    func inclusion(of index: Int64, size: Int64) throws -> [MerkleHash] {
        try MerkleProof.inclusionRanges(index: index, size: size).map(root(over:))
    }

    func consistency(from: Int64, to: Int64) throws -> [MerkleHash] {
        try MerkleProof.consistencyRanges(from: from, to: to).map(root(over:))
    }
}

@Suite struct MerkleTests {
    private let known = PlainTree(MerkleVectors.leaves)

    @Test func rootsAreThoseOfTheReference() throws {
        var frontier = MerkleFrontier()
        #expect(frontier.root == MerkleVectors.hash(MerkleVectors.roots[0]))
        var completed: [MerkleFrontier.Subtree] = []
        for (index, leaf) in MerkleVectors.leaves.enumerated() {
            frontier.append(MerkleHash(leaf: leaf)) { completed.append($0) }
            let expected = MerkleVectors.hash(MerkleVectors.roots[index + 1])
            #expect(frontier.root == expected)
            #expect(try known.root(size: Int64(index + 1)) == expected)
            #expect(MerkleFrontier(size: frontier.size, bytes: frontier.bytes) == frontier)
        }
        #expect(completed.count == 15)
        for subtree in completed {
            let expected = MerkleVectors.subtrees[subtree.height][Int(subtree.index)]
            #expect(subtree.root == MerkleVectors.hash(expected))
        }
    }

    @Test func proofsAreThoseOfTheReference() throws {
        for vector in MerkleVectors.inclusion {
            let expected = vector.proof.map { MerkleVectors.hash(MerkleVectors.subtrees[$0][$1]) }
            #expect(try known.inclusion(of: vector.index, size: vector.size) == expected)
        }
        for vector in MerkleVectors.consistency {
            let expected = vector.proof.map { MerkleVectors.hash(MerkleVectors.subtrees[$0][$1]) }
            #expect(try known.consistency(from: vector.from, to: vector.to) == expected)
        }
    }

    @Test func aFrontierThatWasCutIsRefused() {
        var frontier = MerkleFrontier()
        for leaf in known.leaves.prefix(7) { frontier.append(leaf) }
        #expect(MerkleFrontier(size: 7, bytes: frontier.bytes.dropLast()) == nil)
        #expect(MerkleFrontier(size: 6, bytes: frontier.bytes) == nil)
        #expect(MerkleFrontier(size: -1, bytes: frontier.bytes) == nil)
    }

    /// Every leaf of every tree, every pair of sizes, up to 70 leaves.
    @Test func everyProofVerifies() throws {
        let tree = PlainTree(leafCount: 70)
        var frontier = MerkleFrontier()
        for size in Int64(1)...70 {
            frontier.append(tree.leaves[Int(size - 1)])
            let root = try tree.root(size: size)
            #expect(frontier.root == root)
            for index in 0..<size {
                let proof = try tree.inclusion(of: index, size: size)
                #expect(
                    MerkleProof.includes(
                        leaf: tree.leaves[Int(index)], index: index, size: size, proof: proof,
                        root: root))
            }
            for from in 1...size {
                #expect(
                    MerkleProof.isConsistent(
                        from: (from, try tree.root(size: from)), to: (size, root),
                        proof: try tree.consistency(from: from, to: size)))
            }
        }
    }
}

/// What is changed in a valid proof makes it fail.
@Suite struct MerkleMutationTests {
    private let tree = PlainTree(leafCount: 12)

    /// Every bit of every hash, and every change of the list.
    private static func mutants(_ proof: [MerkleHash], foreign: MerkleHash) -> [[MerkleHash]] {
        var mutants: [[MerkleHash]] = []
        for index in proof.indices {
            for bit in 0..<256 {
                var mutant = proof
                mutant[index] = proof[index].flipped(bit)
                mutants.append(mutant)
            }
            var shorter = proof
            shorter.remove(at: index)
            var doubled = proof
            doubled.insert(proof[index], at: index)
            var replaced = proof
            replaced[index] = foreign
            mutants += [shorter, doubled, replaced]
            for other in proof.indices where other > index && proof[other] != proof[index] {
                var swapped = proof
                swapped.swapAt(index, other)
                mutants.append(swapped)
            }
        }
        mutants += (0...proof.count).map { index in
            var longer = proof
            longer.insert(foreign, at: index)
            return longer
        }
        if proof.count > 1 { mutants.append(proof.reversed()) }
        if !proof.isEmpty { mutants.append([]) }
        return mutants
    }

    /// Whether each hash of a proof stands left of what it is joined with.
    private static func sides(index: Int64, size: Int64) -> [Bool] {
        MerkleProof.inclusionRanges(index: index, size: size).map { $0.lowerBound < index }
    }

    @Test func noChangedInclusionProofVerifies() throws {
        let foreign = MerkleHash(leaf: Data("foreign".utf8))
        var count = 0
        for size in Int64(1)...12 {
            let root = try tree.root(size: size)
            for index in 0..<size {
                let leaf = tree.leaves[Int(index)]
                let proof = try tree.inclusion(of: index, size: size)
                func holds(
                    leaf: MerkleHash = leaf, index: Int64 = index, size: Int64 = size,
                    proof: [MerkleHash] = proof, root: MerkleHash = root
                ) -> Bool {
                    count += 1
                    return MerkleProof.includes(
                        leaf: leaf, index: index, size: size, proof: proof, root: root)
                }
                try #require(holds())
                for mutant in Self.mutants(proof, foreign: foreign) {
                    try #require(!holds(proof: mutant), "leaf \(index) of \(size)")
                }
                for bit in 0..<256 {
                    try #require(!holds(leaf: leaf.flipped(bit)))
                    try #require(!holds(root: root.flipped(bit)))
                }
                for other in -2...Int64(30) where other != index {
                    // Another place is another path, or the path of another leaf.
                    let isSamePath =
                        (0..<size).contains(other)
                        && Self.sides(index: other, size: size)
                            == Self.sides(index: index, size: size)
                    try #require(holds(index: other) == isSamePath)
                    try #require(!isSamePath)
                }
                for other in -2...Int64(30) where other != size {
                    // RFC 9162 binds the size by the signed root only; here: unless the path is
                    // the same, step by step.
                    let isSamePath =
                        index < other
                        && Self.sides(index: index, size: other)
                            == Self.sides(index: index, size: size)
                    try #require(holds(size: other) == isSamePath)
                }
            }
        }
        #expect(count > 80_000)
    }

    @Test func noChangedConsistencyProofVerifies() throws {
        let foreign = MerkleHash(leaf: Data("foreign".utf8))
        for to in Int64(1)...12 {
            for from in 1...to {
                let (first, second) = (try tree.root(size: from), try tree.root(size: to))
                let proof = try tree.consistency(from: from, to: to)
                func holds(
                    from: Int64 = from, to: Int64 = to, proof: [MerkleHash] = proof,
                    first: MerkleHash = first, second: MerkleHash = second
                ) -> Bool {
                    MerkleProof.isConsistent(
                        from: (from, first), to: (to, second), proof: proof)
                }
                try #require(holds())
                for mutant in Self.mutants(proof, foreign: foreign) {
                    try #require(!holds(proof: mutant), "from \(from) to \(to)")
                }
                for bit in 0..<256 {
                    try #require(!holds(first: first.flipped(bit)))
                    try #require(!holds(second: second.flipped(bit)))
                }
                try #require(!holds(from: to + 1) && !holds(from: 0) && !holds(from: -1))
                if from != to { try #require(!holds(from: to, to: from)) }
                if from != to { try #require(!holds(first: second, second: first)) }
            }
        }
    }
}

extension MerkleHash {
    /// The same hash with one bit changed.
    fileprivate func flipped(_ bit: Int) -> MerkleHash {
        var changed = bytes
        changed[changed.startIndex + bit / 8] ^= 1 << (bit % 8)
        return MerkleHash(bytes: changed) ?? self
    }
}
