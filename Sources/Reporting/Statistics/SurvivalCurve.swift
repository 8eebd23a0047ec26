import Foundation
public import Statistics

/// How long things take when some of them are not done yet: the estimate of Kaplan and Meier.
///
/// Leaving open cases out would make a slow queue look quick, because the slow cases are those that
/// are still open.
///
/// - SeeAlso: Kaplan and Meier 1958, doi 10.1080/01621459.1958.10501452; Greenwood's variance with
///   the log-minus-log interval as in Kalbfleisch and Prentice 2002, section 1.4.
public struct SurvivalCurve: Hashable, Sendable {
    /// The share that is still open from a moment on.
    public struct Step: Hashable, Sendable {
        /// Since the beginning of each case.
        public let time: Double
        /// The share still open just after, 0…1.
        public let share: Double
        /// Where that share may lie.
        public let interval: Interval
    }

    /// One step for each time at which something was done, ascending.
    public let steps: [Step]
    /// How many cases there are, open ones included.
    public let count: Int

    /// Estimates the curve.
    ///
    /// - Parameters:
    ///   - times: How long each case has taken, at least 0.
    ///   - isDone: Whether it was done then; false for a case that is still open.
    ///   - confidence: Of the intervals, above 0 and below 1.
    public init(times: [Double], isDone: [Bool], confidence: Double = 0.95) {
        precondition(times.count == isDone.count, "\(times.count) times")
        let z = NormalDistribution.quantile(1 - (1 - confidence) / 2)
        let order = times.indices.sorted { times[$0] < times[$1] }
        var steps: [Step] = []
        var share = 1.0
        var variance = 0.0
        var position = 0
        while position < order.count {
            let time = times[order[position]]
            let atRisk = Double(order.count - position)
            var done = 0.0
            while position < order.count, times[order[position]] == time {
                if isDone[order[position]] { done += 1 }
                position += 1
            }
            guard done > 0 else { continue }
            share *= 1 - done / atRisk
            variance += atRisk > done ? done / (atRisk * (atRisk - done)) : .infinity
            steps.append(
                Step(
                    time: time, share: share,
                    interval: Self.interval(share: share, variance: variance, z: z)))
        }
        self.steps = steps
        count = times.count
    }

    /// The time at which half of the cases are done; nil if so many never were.
    public var median: Double? { steps.first { $0.share <= 0.5 }?.time }

    /// Where the median may lie: the times at which the interval of the curve crosses a half.
    ///
    /// - Returns: The upper end is nil if the curve's upper bound never falls to a half.
    /// - SeeAlso: Brookmeyer and Crowley 1982, doi 10.2307/2530286.
    public var medianInterval: (lower: Double, upper: Double?)? {
        guard let lower = steps.first(where: { $0.interval.lower <= 0.5 })?.time else { return nil }
        return (lower, steps.first { $0.interval.upper <= 0.5 }?.time)
    }

    private static func interval(share: Double, variance: Double, z: Double) -> Interval {
        guard share > 0, share < 1 else { return Interval(lower: share, upper: share) }
        let logShare = log(share)
        let half = z * variance.squareRoot() / abs(logShare)
        return Interval(lower: exp(logShare * exp(half)), upper: exp(logShare * exp(-half)))
    }
}
