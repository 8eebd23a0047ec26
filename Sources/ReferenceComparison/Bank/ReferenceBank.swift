/// What the good photos of one SKU and view look like: a thinned set of their patches.
///
///     let bank = try ReferenceBank(of: features)
///     let comparison = try bank.compare(photo)
///     if comparison.pValue <= 0.02 { … }
///
/// Immutable; may be shared by threads. The order of the photos decides nothing but the order of
/// ``ownScores``.
public struct ReferenceBank: Hashable, Sendable {
    /// More photos would teach little and cost more to thin.
    public static let referenceCountLimit = 200
    /// More patches would cost more time than a comparison may take.
    public static let patchCountLimit = 2_048

    /// Whose features these are.
    public let layout: FeatureLayout
    /// Which places of a photo count.
    public let focus: PhotoFocus
    /// How much each reference is unlike the others (its score against all patches but its own),
    /// in the order in which the photos were given; empty for a single photo.
    public let ownScores: [Double]
    /// How much the whole of each reference is like the most similar other one, −1…1, in the same
    /// order; empty for a single photo.
    public let ownSimilarities: [Double]
    /// The thinned patches.
    let patches: QuantizedVectors
    /// For each patch the index of its photo.
    let sources: [UInt16]
    /// Each photo's embedding.
    let embeddings: QuantizedVectors

    /// Makes a bank of the photos of one SKU and view; blocks while thinning (about a second for
    /// 50 photos).
    ///
    /// - Parameters:
    ///   - photos: At least 1 and at most ``referenceCountLimit``.
    ///   - focus: Which places count; `PhotoFocus(view:)` for photos taken by hand.
    /// - Throws: ``ReferenceComparisonError``.
    public init(
        of photos: [PatchFeatures], focus: PhotoFocus = .everywhere
    ) throws(ReferenceComparisonError) {
        guard let layout = photos.first?.layout else { throw .noReferences }
        guard photos.count <= Self.referenceCountLimit else {
            throw .tooManyReferences(count: photos.count, limit: Self.referenceCountLimit)
        }
        for photo in photos where photo.layout != layout {
            throw .featuresDiffer(expected: layout, found: photo.layout)
        }
        let chosen = Coreset.patches(
            of: photos, limit: Self.patchCountLimit(layout, referenceCount: photos.count))
        let patches = QuantizedVectors(chosen.elements, dimension: layout.dimension)
        let embeddings = QuantizedVectors(
            photos.flatMap(\.embedding), dimension: layout.embeddingDimension)
        let weights = focus.weights(rowCount: layout.rowCount, columnCount: layout.columnCount)
        let own = photos.indices.map { index in
            let others = NearestPatches(
                to: photos[index], among: patches, leavingOut: index, sources: chosen.sources,
                weights: weights)
            return (
                others.score,
                embeddings.largestProduct(with: photos[index].embedding, leavingOut: index)
            )
        }
        self.init(
            layout: layout, focus: focus, ownScores: photos.count > 1 ? own.map(\.0) : [],
            ownSimilarities: photos.count > 1 ? own.map(\.1) : [], patches: patches,
            sources: chosen.sources, embeddings: embeddings)
    }

    init(
        layout: FeatureLayout, focus: PhotoFocus, ownScores: [Double],
        ownSimilarities: [Double], patches: QuantizedVectors, sources: [UInt16],
        embeddings: QuantizedVectors
    ) {
        self.layout = layout
        self.focus = focus
        self.ownScores = ownScores
        self.ownSimilarities = ownSimilarities
        self.patches = patches
        self.sources = sources
        self.embeddings = embeddings
    }

    /// As many patches as keep the encoded bank within ``encodedByteLimit``.
    private static func patchCountLimit(_ layout: FeatureLayout, referenceCount: Int) -> Int {
        let rest = encodedByteLimit - 90 - referenceCount * (layout.embeddingDimension + 16)
        return min(patchCountLimit, rest / (layout.dimension + 2))
    }

    /// How many photos it was made of.
    public var referenceCount: Int { embeddings.count }
}
