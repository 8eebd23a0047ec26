import ReturnsDomain

extension ReferenceBank {
    /// Compares a photo with the references; blocks for some milliseconds.
    ///
    /// The p-value is the rank of the photo's score among the references' own, each scored against
    /// the others: p = (1 + how many score at least as high) / (n + 1). If the pool holds more
    /// scores than the bank, the ratio to the mean of the own scores is ranked among the pool's
    /// ratios and the bank's own instead; but what an own reference scored as well is never rarer
    /// than its rank among these.
    ///
    /// - Parameters:
    ///   - photo: Features of the layout of the references'.
    ///   - pool: Of the shop's other items; empty if there is none.
    /// - Throws: ``ReferenceComparisonError/featuresDiffer(expected:found:)``.
    public func compare(
        _ photo: PatchFeatures, pool: ScorePool = ScorePool()
    ) throws(ReferenceComparisonError) -> PhotoComparison {
        try requireLayout(of: photo)
        let nearest = NearestPatches(
            to: photo, among: patches, sources: sources,
            weights: focus.weights(rowCount: layout.rowCount, columnCount: layout.columnCount))
        let score = nearest.score
        let similarity = embeddings.largestProduct(with: photo.embedding)
        let rank = rank(of: score, pool: pool)
        let own = ownRank(of: score)
        return PhotoComparison(
            score: score, pValue: own.atLeast > 0 ? max(rank.pValue, own.pValue) : rank.pValue,
            calibrationCount: rank.count, isPooled: pool.isLent(to: self),
            isComparable: isComparable(similarity: similarity), similarity: similarity,
            referenceCount: referenceCount, anomalyMap: anomalyMap(nearest.distances))
    }

    /// How much the whole photo is like the most similar reference, −1…1: compare with the same of
    /// other SKUs' banks to tell whether it is the right item.
    ///
    /// - Throws: ``ReferenceComparisonError/featuresDiffer(expected:found:)``.
    public func similarity(
        to photo: PatchFeatures
    ) throws(ReferenceComparisonError) -> Double {
        try requireLayout(of: photo)
        return embeddings.largestProduct(with: photo.embedding)
    }

    /// Whether a photo of this ``similarity(to:)`` shows a view like the references' at all.
    public func isComparable(similarity: Double) -> Bool {
        similarity >= leastComparableSimilarity
    }

    /// What the bank lends to a ``ScorePool``: each own score as a multiple of the mean of the
    /// others; empty for fewer than ``ScorePool/ownCountNeeded``.
    public var scoreRatios: [Double] { ScorePool.ratios(of: ownScores) }

    private func requireLayout(of photo: PatchFeatures) throws(ReferenceComparisonError) {
        guard photo.layout == layout else {
            throw .featuresDiffer(expected: layout, found: photo.layout)
        }
    }

    /// The place of a score among those of good photos.
    private struct Rank {
        /// How many of them score at least as high.
        let atLeast: Int
        let count: Int

        /// What share of good photos scores at least as high, counting this one.
        var pValue: Double { Double(1 + atLeast) / Double(count + 1) }
    }

    private func ownRank(of score: Double) -> Rank {
        Rank(atLeast: ownScores.count { $0 >= score }, count: ownScores.count)
    }

    private func rank(of score: Double, pool: ScorePool) -> Rank {
        guard pool.isLent(to: self) else { return ownRank(of: score) }
        let ratio = score / (ownScores.reduce(0, +) / Double(ownScores.count))
        let atLeast = (scoreRatios + pool.ratios).count { $0 >= ratio }
        return Rank(atLeast: atLeast, count: scoreRatios.count + pool.ratios.count)
    }

    /// Below this a photo shows another view or thing: more unlike than the references are of one
    /// another, but never more than what damage alone does.
    private var leastComparableSimilarity: Double {
        let own = ownSimilarities.min() ?? Self.greatestLeastSimilarity
        return min(own - Self.similarityMargin, Self.greatestLeastSimilarity)
    }

    private static let greatestLeastSimilarity = 0.5
    private static let similarityMargin = 0.1
    /// What good photos of one item score at most, where there is no second reference to tell.
    private static let scoreOfGoodPhotos = 1.2

    /// Photos of the same minute may be so alike that the noise between them would pass for damage.
    private static let leastScore = 0.3

    private func anomalyMap(_ distances: [Float]) -> HeatMap {
        let greatest = Float(max(ownScores.max() ?? Self.scoreOfGoodPhotos, Self.leastScore))
        return HeatMap(
            width: layout.columnCount, height: layout.rowCount,
            values: distances.map { min($0 / (2 * greatest), 1) })
    }
}
