public import Statistics

/// A share in everything that a random sample was drawn from, when not all were drawn equally
/// likely.
///
/// Each case of the sample stands for 1/π cases, where π is how likely it was to be drawn.
///
/// - SeeAlso: Hájek 1971 (the ratio estimate); Kish 1965, section 11.7 (the effective size).
public struct WeightedShare: Hashable, Sendable {
    /// The estimated share, 0…1; nil without cases.
    public let value: Double?
    /// How many cases were drawn.
    public let count: Int
    /// How many equally likely ones would say as much: (Σw)² / Σw².
    public let effectiveCount: Double

    /// Estimates a share.
    ///
    /// - Parameters:
    ///   - hits: Whether each case counts.
    ///   - probabilities: How likely each was to be drawn, above 0 and at most 1.
    public init(hits: [Bool], probabilities: [Double]) {
        precondition(hits.count == probabilities.count, "\(hits.count) cases")
        precondition(probabilities.allSatisfy { $0 > 0 && $0 <= 1 }, "no probability of drawing")
        let weights = probabilities.map { 1 / $0 }
        let sum = weights.reduce(0, +)
        let squares = weights.reduce(0) { $0 + $1 * $1 }
        count = hits.count
        effectiveCount = squares > 0 ? sum * sum / squares : 0
        value =
            sum > 0 ? zip(hits, weights).reduce(0) { $0 + ($1.0 ? $1.1 : 0) } / sum : nil
    }

    /// Wilson's score interval at the effective size.
    ///
    /// - Parameter confidence: Above 0 and below 1.
    public func interval(confidence: Double = 0.95) -> Interval {
        guard let value, effectiveCount > 0 else { return Interval(lower: 0, upper: 1) }
        let z = NormalDistribution.quantile(1 - (1 - confidence) / 2)
        let n = effectiveCount
        let scale = 1 + z * z / n
        let middle = (value + z * z / (2 * n)) / scale
        let half = z / scale * (value * (1 - value) / n + z * z / (4 * n * n)).squareRoot()
        return Interval(
            lower: value == 0 ? 0 : max(0, middle - half),
            upper: value == 1 ? 1 : min(1, middle + half))
    }
}
