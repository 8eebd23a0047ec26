public import Statistics

/// How far two shares lie apart.
public struct ShareDifference: Hashable, Sendable {
    private let first: Proportion
    private let second: Proportion

    /// Compares two groups, each with at least one case.
    public init(_ first: Proportion, _ second: Proportion) {
        precondition(first.count > 0 && second.count > 0, "a group without cases")
        self.first = first
        self.second = second
    }

    /// The first share less the second, −1…1.
    public var value: Double { (first.share ?? 0) - (second.share ?? 0) }

    /// The interval made of the two score intervals.
    ///
    /// - SeeAlso: Newcombe 1998, Statistics in Medicine 17:873-890, method 10.
    public func interval(confidence: Double = 0.95) -> Interval {
        let (one, two) = (
            first.wilson(confidence: confidence), second.wilson(confidence: confidence)
        )
        let (p, q) = (first.share ?? 0, second.share ?? 0)
        func root(_ a: Double, _ b: Double) -> Double { (a * a + b * b).squareRoot() }
        return Interval(
            lower: value - root(p - one.lower, two.upper - q),
            upper: value + root(one.upper - p, q - two.lower))
    }

    /// How likely a difference at least this large is if there is none, two-sided, 0…1: the score
    /// test with the pooled share.
    public var pValue: Double {
        let (n, m) = (Double(first.count), Double(second.count))
        let pooled = Double(first.successCount + second.successCount) / (n + m)
        let variance = pooled * (1 - pooled) * (1 / n + 1 / m)
        guard variance > 0 else { return 1 }
        return 2 * NormalDistribution.cumulative(-abs(value) / variance.squareRoot())
    }
}

/// P values of many tests, corrected so that of those called a discovery only a stated share is
/// expected to be none.
///
/// - Parameter pValues: 0…1 each.
/// - Returns: In the same order; compare each with the accepted share.
/// - SeeAlso: Benjamini and Hochberg 1995, doi 10.1111/j.2517-6161.1995.tb02031.x.
public func falseDiscoveryRates(ofPValues pValues: [Double]) -> [Double] {
    let order = pValues.indices.sorted { pValues[$0] > pValues[$1] }
    var corrected = pValues
    var least = 1.0
    for (position, index) in order.enumerated() {
        let rank = Double(pValues.count - position)
        least = min(least, pValues[index] * Double(pValues.count) / rank)
        corrected[index] = least
    }
    return corrected
}
