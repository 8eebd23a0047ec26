import NeuralNetwork

/// How far each patch of a photo is from the nearest patch of the references.
struct NearestPatches {
    /// 0…2 after weighting, row-major over the photo's grid.
    let distances: [Float]

    /// Looks for the nearest patches.
    ///
    /// For vectors of length 1 the squared distance is 2 − 2ab, so that one product of matrices
    /// finds them all.
    ///
    /// - Parameters:
    ///   - index: A reference whose patches are left out.
    ///   - sources: For each patch its reference, not descending.
    ///   - weights: What each place of the photo counts, 0…1.
    init(
        to photo: PatchFeatures, among patches: QuantizedVectors, leavingOut index: Int? = nil,
        sources: [UInt16], weights: [Float]
    ) {
        var ranges = [0..<patches.count]
        if let index {
            let first = sources.firstIndex { $0 >= index } ?? sources.count
            let end = sources.firstIndex { $0 > index } ?? sources.count
            ranges = [0..<first, end..<sources.count]
        }
        var largest = [Float](repeating: -1, count: photo.layout.patchCount)
        for rows in ranges {
            VectorProducts.raise(
                &largest, of: photo.elements, with: patches.elements, rows: rows,
                dimension: photo.layout.dimension)
        }
        distances = zip(largest, weights).map { max(0, 2 - 2 * $0).squareRoot() * $1 }
    }

    /// How unlike the references the photo is at its most unlike places, 0…2: the mean of the
    /// greatest hundredth of all distances, rounded up.
    ///
    /// Measured to tell a little more than twice or ten times as many.
    var score: Double {
        let count = (distances.count + 99) / 100
        let greatest = distances.sorted(by: >).prefix(count)
        return Double(greatest.reduce(0, +)) / Double(count)
    }
}
