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
    /// For each patch the index of the photo that it, or its mirror image, shows.
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
        try self.init(from: photos.map { ReferenceFeatures($0) }, focus: focus)
    }

    /// Makes a bank of photos and, if it makes them more alike, of their mirror images.
    ///
    /// They are taken if the mean of ``ownScores`` falls by ``leastGain`` once they are there: only
    /// the references decide, each without its own mirror image. Some items lie in any pose.
    ///
    /// - Parameters: As for the other initialiser.
    /// - Throws: ``ReferenceComparisonError``.
    public init(
        from references: [ReferenceFeatures], focus: PhotoFocus = .everywhere
    ) throws(ReferenceComparisonError) {
        let photos = references.map(\.photo)
        let mirrored = references.compactMap(\.mirrored)
        guard let layout = photos.first?.layout else { throw .noReferences }
        guard photos.count <= Self.referenceCountLimit else {
            throw .tooManyReferences(count: photos.count, limit: Self.referenceCountLimit)
        }
        for photo in photos + mirrored where photo.layout != layout {
            throw .featuresDiffer(expected: layout, found: photo.layout)
        }
        let plain = Content(of: photos, focus: focus)
        var best = plain
        if photos.count > 1, mirrored.count == photos.count {
            let wider = Content(of: photos, copies: mirrored, focus: focus)
            if wider.scoreSum <= (1 - Self.leastGain) * plain.scoreSum { best = wider }
        }
        let embeddings = QuantizedVectors(
            photos.flatMap(\.embedding), dimension: layout.embeddingDimension)
        let similarities = photos.indices.map {
            embeddings.largestProduct(with: photos[$0].embedding, leavingOut: $0)
        }
        self.init(
            layout: layout, focus: focus, ownScores: photos.count > 1 ? best.ownScores : [],
            ownSimilarities: photos.count > 1 ? similarities : [], patches: best.patches,
            sources: best.sources, embeddings: embeddings)
    }

    /// By what share mirror images must bring the references nearer one another to be taken.
    public static let leastGain = 0.02

    /// The patches that would stand for photos, and what each photo scores among the others.
    private struct Content {
        let patches: QuantizedVectors
        let sources: [UInt16]
        let ownScores: [Double]

        init(of photos: [PatchFeatures], copies: [PatchFeatures] = [], focus: PhotoFocus) {
            let layout = photos[0].layout
            let chosen = Coreset.patches(
                of: photos, copies: copies,
                limit: ReferenceBank.patchCountLimit(layout, referenceCount: photos.count))
            let patches = QuantizedVectors(chosen.elements, dimension: layout.dimension)
            let weights = focus.weights(rowCount: layout.rowCount, columnCount: layout.columnCount)
            ownScores = photos.indices.map { index in
                NearestPatches(
                    to: photos[index], among: patches, leavingOut: index, sources: chosen.sources,
                    weights: weights
                ).score
            }
            self.patches = patches
            sources = chosen.sources
        }

        var scoreSum: Double { ownScores.reduce(0, +) }
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
