/// The percentile bootstrap over groups: how much a figure would vary on other cases like these.
///
/// Photos of one item or of one near-duplicate group are not independent, so whole groups are drawn
/// with replacement. A resample is told as a weight per case (how often it was drawn), so that a
/// statistic may sort its cases once and for all.
///
/// - SeeAlso: Efron 1979, doi 10.1214/aos/1176344552; Davison and Hinkley 1997, section 3.8.
public struct Bootstrap: Hashable, Sendable {
    /// How many resamples, at least 1.
    public let resampleCount: Int
    /// The confidence of the interval, above 0 and below 1.
    public let confidence: Double
    /// The same seed gives the same interval.
    public let seed: UInt64

    /// Creates a bootstrap.
    public init(resampleCount: Int = 1000, confidence: Double = 0.95, seed: UInt64 = 20_261_121) {
        precondition(
            resampleCount > 0 && confidence > 0 && confidence < 1,
            "bootstrap of \(resampleCount) resamples at \(confidence)")
        self.resampleCount = resampleCount
        self.confidence = confidence
        self.seed = seed
    }

    /// The interval of a statistic.
    ///
    /// - Parameters:
    ///   - groups: The group of each case, numbered from 0 without gaps; see
    ///     ``groupNumbers(of:)``.
    ///   - statistic: Given a weight per case; nil where it is not defined, as for an AUROC without
    ///     both classes. Such resamples are left out.
    /// - Returns: Nil if there are fewer than two groups, or if more than half of the resamples are
    ///   undefined: then nothing can be said.
    /// - Complexity: `resampleCount` evaluations of the statistic.
    public func interval(
        groups: [Int], statistic: (_ weights: [Int]) -> Double?
    ) -> Interval? {
        guard let last = groups.max(), last > 0 else { return nil }
        var generator = SeededGenerator(seed: seed)
        var drawn = [Int](repeating: 0, count: last + 1)
        var values: [Double] = []
        values.reserveCapacity(resampleCount)
        for _ in 0..<resampleCount {
            for index in drawn.indices { drawn[index] = 0 }
            for _ in drawn.indices { drawn[generator.index(below: drawn.count)] += 1 }
            if let value = statistic(groups.map { drawn[$0] }), value.isFinite {
                values.append(value)
            }
        }
        guard 2 * values.count > resampleCount else { return nil }
        values.sort()
        let tail = (1 - confidence) / 2
        return Interval(
            lower: quantile(tail, ofSorted: values), upper: quantile(1 - tail, ofSorted: values))
    }

    /// Numbers groups by name, from 0, in the order of their first appearance.
    ///
    /// An empty name is a group of its own: nothing is known that ties the case to another.
    public static func groupNumbers(of names: [String]) -> [Int] {
        var known: [String: Int] = [:]
        var count = 0
        return names.map { name in
            if let number = known[name], !name.isEmpty { return number }
            defer { count += 1 }
            known[name] = count
            return count
        }
    }
}

/// The quantile of ascending values, linear between neighbours (Hyndman and Fan's type 7).
///
/// - Parameters:
///   - share: 0…1.
///   - values: Ascending, not empty.
/// - SeeAlso: Hyndman and Fan 1996, doi 10.1080/00031305.1996.10473566.
public func quantile(_ share: Double, ofSorted values: [Double]) -> Double {
    precondition((0...1).contains(share) && !values.isEmpty, "quantile \(share) of \(values.count)")
    let position = share * Double(values.count - 1)
    let lower = Int(position)
    guard lower + 1 < values.count else { return values[values.count - 1] }
    return values[lower] + (position - Double(lower)) * (values[lower + 1] - values[lower])
}
