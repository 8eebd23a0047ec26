/// Which thresholds to test and in which order, from cases that are not tested.
///
/// Fixed-sequence testing stands or falls with its first step, so that is chosen where it is
/// likeliest to pass: enough cases must lie above it, and few of them may be wrong. Both are
/// guessed from the planning cases. A poor guess costs coverage, never the guarantee.
public struct ThresholdPlan: Hashable, Sendable {
    /// In the order of testing, descending; empty if there are too few cases to show anything.
    public let thresholds: [Double]

    /// How many errors each step is to withstand.
    private static let errorLadder = [0, 1, 2, 3, 5, 8, 12, 18, 27, 40, 60, 90]

    /// Plans a test.
    ///
    /// - Parameters:
    ///   - confidences: Of the planning cases.
    ///   - isWrong: As long as `confidences`.
    ///   - testCount: How many cases there are to test on.
    ///   - limit: What is to be shown.
    public init(confidences: [Double], isWrong: [Bool], testCount: Int, limit: RiskLimit) {
        precondition(confidences.count == isWrong.count, "\(confidences.count) confidences")
        let sorted = confidences.sorted()
        var candidates: [(threshold: Double, passChance: Double)] = []
        for errorCount in Self.errorLadder {
            let needed = limit.leastCaseCount(errorCount: errorCount)
            guard needed <= testCount, !sorted.isEmpty else { break }
            // A standard deviation more than needed, since the number above is random, too.
            let wanted = Double(needed) + Double(needed).squareRoot()
            let share = min(1, wanted / Double(testCount))
            let threshold = Self.rounded(share < 1 ? quantile(1 - share, ofSorted: sorted) : 0)
            guard candidates.last.map({ threshold < $0.threshold }) ?? true else { continue }
            let above = confidences.indices.filter { confidences[$0] >= threshold }
            let wrongShare =
                (Double(above.count { isWrong[$0] }) + 0.5) / (Double(above.count) + 1)
            let passChance = BinomialDistribution(trialCount: needed, probability: wrongShare)
                .cumulative(errorCount)
            candidates.append((threshold, passChance))
        }
        if let last = candidates.last, last.threshold > 0 {
            candidates.append((0, 0))
        }
        let start = candidates.indices.max {
            candidates[$0].passChance < candidates[$1].passChance
        }
        thresholds = start.map { candidates[$0...].map(\.threshold) } ?? []
    }

    /// Up to six digits, as the calibration file states them.
    private static func rounded(_ threshold: Double) -> Double {
        min(1, (threshold * 1e6).rounded(.up) / 1e6)
    }
}
