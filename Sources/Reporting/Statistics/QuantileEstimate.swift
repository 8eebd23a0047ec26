public import Statistics

/// A quantile of durations with an interval that assumes nothing of how they are distributed.
///
/// - SeeAlso: David and Nagaraja 2003, "Order Statistics", section 7.1.
public struct QuantileEstimate: Hashable, Sendable {
    /// The quantile, linear between neighbours.
    public let value: Double
    /// Two of the values between which the quantile lies; nil if there are too few values.
    public let interval: Interval?

    /// Estimates a quantile.
    ///
    /// - Parameters:
    ///   - share: Above 0 and below 1.
    ///   - values: Ascending.
    ///   - confidence: At least this much, above 0 and below 1.
    /// - Returns: Nil without values.
    public init?(_ share: Double, ofSorted values: [Double], confidence: Double = 0.95) {
        guard !values.isEmpty else { return nil }
        value = quantile(share, ofSorted: values)
        let distribution = BinomialDistribution(trialCount: values.count, probability: share)
        let tail = (1 - confidence) / 2
        // The number of values below the quantile is binomial.
        let lower = Self.first(in: 0...values.count) { distribution.cumulative($0) > tail }
        let upper = Self.first(in: 0...values.count) { distribution.cumulative($0) >= 1 - tail }
        guard lower >= 1, upper < values.count else {
            interval = nil
            return
        }
        interval = Interval(lower: values[lower - 1], upper: values[upper])
    }

    /// The first number for which something holds that goes on holding.
    private static func first(
        in range: ClosedRange<Int>, where holds: (Int) -> Bool
    ) -> Int {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
