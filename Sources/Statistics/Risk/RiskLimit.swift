/// "At most this share is wrong", to be shown by counting errors, and how surely.
///
/// The hypothesis that the risk exceeds the limit is rejected when so few errors among so many
/// independent cases would be too unlikely under it: the exact binomial test, the p-value of Learn
/// then Test for a loss that is 0 or 1.
///
/// - SeeAlso: Angelopoulos et al. 2021, arXiv 2110.01052.
public struct RiskLimit: Hashable, Sendable {
    /// The accepted share of wrong decisions, above 0 and below 1.
    public let errorRate: Double
    /// The accepted chance of a wrong statement, above 0 and below 1: 1 − confidence, divided by
    /// how many statements are made.
    public let significance: Double

    /// Creates a limit.
    public init(errorRate: Double, significance: Double) {
        precondition(
            errorRate > 0 && errorRate < 1 && significance > 0 && significance < 1,
            "risk \(errorRate) at significance \(significance)")
        self.errorRate = errorRate
        self.significance = significance
    }

    /// How likely at most so many errors are if the risk is exactly at the limit, 0…1.
    public func pValue(_ errors: Proportion) -> Double {
        BinomialDistribution(trialCount: errors.count, probability: errorRate)
            .cumulative(errors.successCount)
    }

    /// Whether so few errors show that the limit is held.
    public func isHeld(by errors: Proportion) -> Bool { pValue(errors) <= significance }

    /// The fewest cases that show it in spite of so many errors.
    ///
    /// - Parameter errorCount: At least 0.
    /// - Returns: 299 for no error, 1 % and 0.05; 45 for no error, 5 % and 0.1.
    public func leastCaseCount(errorCount: Int = 0) -> Int {
        func holds(_ count: Int) -> Bool {
            isHeld(by: Proportion(successCount: errorCount, count: count))
        }
        var upper = errorCount + 1
        while !holds(upper) { upper *= 2 }
        var lower = errorCount
        while upper - lower > 1 {
            let middle = lower + (upper - lower) / 2
            if holds(middle) { upper = middle } else { lower = middle }
        }
        return upper
    }
}
