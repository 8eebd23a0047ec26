import NeuralNetwork

/// Few patches that stand for many: each patch has a chosen one near it.
///
/// Greedy k-centre: again and again the patch farthest from all chosen ones is chosen, which is at
/// most twice as far as the best choice would leave it.
///
/// - SeeAlso: Gonzalez 1985, doi 10.1016/0304-3975(85)90224-5; Roth et al. 2022, arXiv 2106.08265,
///   algorithm 1.
package enum Coreset {
    /// The chosen patches in the order of their references.
    struct Choice {
        let elements: [Float]
        /// For each chosen patch the index of its reference, not descending.
        let sources: [UInt16]
    }

    /// Patches a photo that go into the choice over all photos: the first round's, which keeps the
    /// second one short.
    static let photoPatchCountLimit = 256

    /// Thins each photo's patches, then all together.
    ///
    /// - Parameters:
    ///   - photos: Of equal layout, at least one.
    ///   - copies: Changed copies of the photos, in the same order; empty if there are none.
    static func patches(
        of photos: [PatchFeatures], copies: [PatchFeatures] = [], limit: Int
    ) -> Choice {
        let dimension = photos[0].layout.dimension
        let count = photos.count + copies.count
        let isThinnedAtOnce = count * photos[0].layout.patchCount <= 2 * limit
        var elements: [Float] = []
        var sources: [UInt16] = []
        let pairs = photos.indices.flatMap { index in
            ([photos[index]] + (copies.isEmpty ? [] : [copies[index]])).map { (index, $0) }
        }
        for (index, photo) in pairs {
            let kept =
                isThinnedAtOnce
                ? photo.elements
                : picked(
                    indices(
                        of: photo.elements, dimension: dimension, limit: photoPatchCountLimit),
                    from: photo.elements, dimension: dimension)
            elements += kept
            sources += [UInt16](repeating: UInt16(index), count: kept.count / dimension)
        }
        let chosen = indices(of: elements, dimension: dimension, limit: limit).sorted()
        return Choice(
            elements: picked(chosen, from: elements, dimension: dimension),
            sources: chosen.map { sources[$0] })
    }

    /// The chosen vectors in the order of choice; all if there are no more than the limit.
    ///
    /// - Parameter vectors: Of length 1, one after the other.
    /// - Complexity: O(n · limit · dimension) for n vectors.
    package static func indices(of vectors: [Float], dimension: Int, limit: Int) -> [Int] {
        let count = vectors.count / dimension
        guard count > limit else { return Array(0..<count) }
        // The first is the one least like the mean, whatever the order of the vectors.
        var mean = [Float](repeating: 0, count: dimension)
        for index in vectors.indices { mean[index % dimension] += vectors[index] }
        var nearness = VectorProducts.product(of: vectors, with: mean, depth: dimension)
        var next = leastIndex(nearness)
        nearness = [Float](repeating: -.infinity, count: count)
        var chosen: [Int] = []
        chosen.reserveCapacity(limit)
        while chosen.count < limit {
            chosen.append(next)
            VectorProducts.raise(
                &nearness, of: vectors, with: vectors, rows: next..<next + 1, dimension: dimension)
            next = leastIndex(nearness)
        }
        return chosen
    }

    private static func leastIndex(_ values: [Float]) -> Int {
        var least = 0
        for index in values.indices where values[index] < values[least] { least = index }
        return least
    }

    private static func picked(_ indices: [Int], from vectors: [Float], dimension: Int) -> [Float] {
        indices.flatMap { vectors[$0 * dimension..<($0 + 1) * dimension] }
    }
}
