/// How often something happens in a number of independent trials.
public struct BinomialDistribution: Hashable, Sendable {
    /// How many trials, at least 0.
    public let trialCount: Int
    /// How likely it is in each, 0…1.
    public let probability: Double

    /// Creates a distribution.
    ///
    /// - Precondition: `trialCount` is at least 0 and `probability` in 0…1.
    public init(trialCount: Int, probability: Double) {
        precondition(
            trialCount >= 0 && (0...1).contains(probability),
            "binomial of \(trialCount) trials at \(probability)")
        self.trialCount = trialCount
        self.probability = probability
    }

    /// P(X ≤ count), 0…1.
    public func cumulative(_ count: Int) -> Double {
        if count < 0 { return 0 }
        if count >= trialCount { return 1 }
        return regularizedIncompleteBeta(
            1 - probability, Double(trialCount - count), Double(count + 1))
    }

    /// P(X ≥ count), 0…1; exact in the upper tail, where 1 − P(X < count) would cancel.
    public func atLeast(_ count: Int) -> Double {
        if count <= 0 { return 1 }
        if count > trialCount { return 0 }
        return regularizedIncompleteBeta(
            probability, Double(count), Double(trialCount - count + 1))
    }
}
