/// Scores of two classes in order, from which the area under the ROC curve follows.
///
/// Sorted once, so that a bootstrap costs one pass a resample.
public struct RankedScores: Sendable {
    /// The cases from the lowest score up, each with whether a tie with the next one goes on.
    private let order: [(index: Int, isPositive: Bool, tiesWithNext: Bool)]

    /// Ranks cases.
    ///
    /// - Parameters:
    ///   - scores: Higher speaks for positive; any finite or infinite value, no NaN.
    ///   - isPositive: The truth, as long as `scores`.
    public init(scores: [Double], isPositive: [Bool]) {
        precondition(scores.count == isPositive.count, "\(scores.count) scores")
        let sorted = scores.indices.sorted { scores[$0] < scores[$1] }
        order = sorted.enumerated().map { position, index in
            let next = position + 1
            return (
                index, isPositive[index],
                next < sorted.count && scores[sorted[next]] == scores[index]
            )
        }
    }

    /// The chance that a positive case scores above a negative one, ties counting half, 0…1.
    ///
    /// - Parameter weights: How often each case counts; once if nil.
    /// - Returns: Nil unless both classes are there.
    /// - SeeAlso: Hanley and McNeil 1982, doi 10.1148/radiology.143.1.7063747.
    public func areaUnderCurve(weights: [Int]? = nil) -> Double? {
        var negativesBelow = 0
        var positives = 0
        var tiedPositives = 0
        var tiedNegatives = 0
        // Twice the area, so that everything stays whole: exact up to 3 · 10⁹ pairs squared.
        var doubledPairs = 0.0
        for (index, isPositive, tiesWithNext) in order {
            let weight = weights?[index] ?? 1
            if isPositive { tiedPositives += weight } else { tiedNegatives += weight }
            if tiesWithNext { continue }
            doubledPairs += Double(tiedPositives) * Double(2 * negativesBelow + tiedNegatives)
            negativesBelow += tiedNegatives
            positives += tiedPositives
            tiedPositives = 0
            tiedNegatives = 0
        }
        guard positives > 0, negativesBelow > 0 else { return nil }
        return doubledPairs / 2 / (Double(positives) * Double(negativesBelow))
    }
}
