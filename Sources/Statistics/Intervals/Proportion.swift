/// How many of a number of cases have a property, with what that says of the unknown share.
public struct Proportion: Codable, Hashable, Sendable {
    /// The cases that have the property, 0…``count``.
    public let successCount: Int
    /// All cases, at least 0.
    public let count: Int

    /// Creates a proportion.
    ///
    /// - Precondition: `0 <= successCount <= count`.
    public init(successCount: Int, count: Int) {
        precondition(
            0 <= successCount && successCount <= count, "\(successCount) of \(count) cases")
        self.successCount = successCount
        self.count = count
    }

    private enum CodingKeys: String, CodingKey {
        case successCount = "successes"
        case count = "n"
    }

    /// The observed share, 0…1; nil without cases.
    public var share: Double? { count == 0 ? nil : Double(successCount) / Double(count) }

    /// Wilson's score interval: close to the stated confidence on average, also for small counts.
    ///
    /// - Parameter confidence: Above 0 and below 1.
    /// - Returns: Within 0…1; all of it without cases.
    /// - SeeAlso: Wilson 1927, doi 10.1080/01621459.1927.10502953.
    public func wilson(confidence: Double = 0.95) -> Interval {
        guard let share else { return Interval(lower: 0, upper: 1) }
        let z = NormalDistribution.quantile(1 - (1 - checked(confidence)) / 2)
        let n = Double(count)
        let scale = 1 + z * z / n
        let middle = (share + z * z / (2 * n)) / scale
        let half = z / scale * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
        return Interval(
            lower: successCount == 0 ? 0 : max(0, middle - half),
            upper: successCount == count ? 1 : min(1, middle + half))
    }

    /// The exact interval of Clopper and Pearson: never below the stated confidence.
    ///
    /// - Parameter confidence: Above 0 and below 1.
    /// - Returns: Within 0…1; all of it without cases.
    /// - SeeAlso: Clopper and Pearson 1934, doi 10.1093/biomet/26.4.404.
    public func clopperPearson(confidence: Double = 0.95) -> Interval {
        let oneSided = 1 - (1 - checked(confidence)) / 2
        return Interval(
            lower: lowerBound(confidence: oneSided), upper: upperBound(confidence: oneSided))
    }

    /// The largest share under which so few successes are not too unlikely: the exact upper bound.
    ///
    /// - Parameter confidence: One-sided, above 0 and below 1.
    /// - Returns: The p with P(Binomial(count, p) ≤ successCount) = 1 − confidence, rounded up by
    ///   at most one unit in the last place; 1 if all cases have the property or there are none.
    public func upperBound(confidence: Double) -> Double {
        let tail = 1 - checked(confidence)
        if successCount == count { return 1 }
        return bisection(lower: 0, upper: 1) { probability in
            BinomialDistribution(trialCount: count, probability: probability)
                .cumulative(successCount) > tail
        }
    }

    /// The smallest share under which so many successes are not too unlikely: the exact lower
    /// bound.
    ///
    /// - Parameter confidence: One-sided, above 0 and below 1.
    /// - Returns: 0 if no case has the property or there are none.
    public func lowerBound(confidence: Double) -> Double {
        let tail = 1 - checked(confidence)
        if successCount == 0 { return 0 }
        return bisection(lower: 0, upper: 1) { probability in
            BinomialDistribution(trialCount: count, probability: probability)
                .atLeast(successCount) < tail
        }
    }

    private func checked(_ confidence: Double) -> Double {
        precondition(confidence > 0 && confidence < 1, "confidence \(confidence)")
        return confidence
    }
}
