public import Statistics

/// A mean with its large-sample interval.
public struct MeanEstimate: Hashable, Sendable {
    /// The mean; nil without values.
    public let value: Double?
    /// The standard error; nil with fewer than two values.
    public let standardError: Double?
    /// How many values there are.
    public let count: Int

    /// Estimates the mean of values, with a weight each if they stand for different numbers.
    public init(_ values: [Double], weights: [Double]? = nil) {
        let weights = weights ?? Array(repeating: 1, count: values.count)
        let sum = weights.reduce(0, +)
        count = values.count
        guard sum > 0 else {
            (value, standardError) = (nil, nil)
            return
        }
        let mean = zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / sum
        value = mean
        guard values.count > 1 else {
            standardError = nil
            return
        }
        // The linearised variance of a ratio estimate; with equal weights, s²/n.
        let residuals = zip(values, weights).reduce(0) { total, pair in
            let part = pair.1 * (pair.0 - mean) / sum
            return total + part * part
        }
        let n = Double(values.count)
        standardError = (residuals * n / (n - 1)).squareRoot()
    }

    /// The interval; nil with fewer than two values.
    public func interval(confidence: Double = 0.95) -> Interval? {
        guard let value, let standardError else { return nil }
        let z = NormalDistribution.quantile(1 - (1 - confidence) / 2)
        return Interval(lower: value - z * standardError, upper: value + z * standardError)
    }
}
