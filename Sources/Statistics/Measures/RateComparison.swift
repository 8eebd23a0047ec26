/// How often something happened lately, beside how often it happened before.
///
/// Counts are taken for Poisson with a rate each. If both rates are equal, then, of all that
/// happened, each event is as likely to be recent as the recent time is a share of all time: the
/// recent count is binomial, and the test is exact.
///
/// - SeeAlso: Przyborowski and Wilenski 1940, doi 10.1093/biomet/31.3-4.313.
public struct RateComparison: Hashable, Sendable {
    /// What happened in the recent time, at least 0.
    public let recentCount: Int
    /// How long the recent time is, above 0, in any unit.
    public let recentDuration: Double
    /// What happened in the time before, at least 0.
    public let pastCount: Int
    /// How long the time before is, above 0, in the same unit.
    public let pastDuration: Double

    /// Compares two times.
    ///
    /// - Precondition: Counts are at least 0, durations above 0.
    public init(
        recentCount: Int, recentDuration: Double, pastCount: Int, pastDuration: Double
    ) {
        precondition(
            min(recentCount, pastCount) >= 0 && min(recentDuration, pastDuration) > 0,
            "\(recentCount) in \(recentDuration) beside \(pastCount) in \(pastDuration)")
        self.recentCount = recentCount
        self.recentDuration = recentDuration
        self.pastCount = pastCount
        self.pastDuration = pastDuration
    }

    /// What would have happened recently at the rate of the time before.
    public var expectedCount: Double { Double(pastCount) / pastDuration * recentDuration }

    /// How likely at least the recent count is, 0…1, if the rate did not rise.
    public var riseProbability: Double {
        BinomialDistribution(
            trialCount: recentCount + pastCount,
            probability: recentDuration / (recentDuration + pastDuration)
        ).atLeast(recentCount)
    }
}
