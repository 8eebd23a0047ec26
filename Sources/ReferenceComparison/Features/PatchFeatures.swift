/// What a reference photo is like, and what its mirror image is.
public struct ReferenceFeatures: Hashable, Sendable {
    /// The photo as it is.
    public let photo: PatchFeatures
    /// The photo with left for right; nil where that is of no use.
    public let mirrored: PatchFeatures?

    /// Puts both together.
    public init(_ photo: PatchFeatures, mirrored: PatchFeatures? = nil) {
        self.photo = photo
        self.mirrored = mirrored
    }
}

/// What one photo is like, place by place: a grid of vectors of length 1, and one for the whole.
///
/// The distance of two patches is that of their vectors, 0 (alike) … 2 (opposite).
///
/// - SeeAlso: Roth et al. 2022, "Towards Total Recall in Industrial Anomaly Detection",
///   arXiv 2106.08265, section 3.1 (locally aware patch features).
public struct PatchFeatures: Hashable, Sendable {
    /// Whose features these are, and how many.
    public let layout: FeatureLayout
    /// ``FeatureLayout/dimension`` numbers a patch, patches row-major from the upper left.
    public let elements: [Float]
    /// The whole photo's vector.
    public let embedding: [Float]

    /// Scales vectors to length 1; a vector of zeros stays.
    ///
    /// - Parameters:
    ///   - elements: One vector a patch, row-major.
    ///   - embedding: The whole photo's vector.
    /// - Throws: ``ReferenceComparisonError/notFinite``.
    /// - Precondition: The counts fit the layout.
    public init(
        layout: FeatureLayout, elements: [Float], embedding: [Float]
    ) throws(ReferenceComparisonError) {
        precondition(
            elements.count == layout.patchCount * layout.dimension
                && embedding.count == layout.embeddingDimension,
            "\(elements.count) and \(embedding.count) numbers for \(layout)")
        self.layout = layout
        self.elements = try Self.unitVectors(elements, dimension: layout.dimension)
        self.embedding = try Self.unitVectors(embedding, dimension: layout.embeddingDimension)
    }

    private static func unitVectors(
        _ vectors: [Float], dimension: Int
    ) throws(ReferenceComparisonError) -> [Float] {
        var scaled = vectors
        for start in stride(from: 0, to: vectors.count, by: dimension) {
            var square: Float = 0
            for index in start..<start + dimension { square += vectors[index] * vectors[index] }
            guard square.isFinite else { throw .notFinite }
            let factor = square > 0 ? 1 / square.squareRoot() : 0
            for index in start..<start + dimension { scaled[index] *= factor }
        }
        return scaled
    }
}
