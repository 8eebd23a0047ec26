/// Agreement of a fixed number of raters per case, who need not be the same ones.
///
/// - SeeAlso: Fleiss 1971, doi 10.1037/h0031619.
public struct FleissKappa: Hashable, Sendable {
    /// How many raters chose each category, per case.
    private let counts: [[Int]]
    /// Raters per case, at least 2.
    private let raterCount: Int

    /// Takes counts: one row per case, one column per category.
    ///
    /// - Returns: Nil without cases, or unless every row sums to the same number, at least 2.
    public init?(counts: [[Int]]) {
        guard let first = counts.first?.reduce(0, +), first >= 2,
            counts.allSatisfy({ $0.reduce(0, +) == first && $0.count == counts[0].count })
        else { return nil }
        self.counts = counts
        raterCount = first
    }

    /// Agreement beyond chance, at most 1; nil if all raters always chose one category.
    public var value: Double? { value(weights: Array(repeating: 1, count: counts.count)) }

    /// The percentile-bootstrap interval over cases; see ``Bootstrap``.
    public func interval(_ bootstrap: Bootstrap = Bootstrap()) -> Interval? {
        bootstrap.interval(groups: Array(counts.indices)) { value(weights: $0) }
    }

    private func value(weights: [Int]) -> Double? {
        let raters = Double(raterCount)
        let caseCount = Double(weights.reduce(0, +))
        var observed = 0.0
        var chosen = [Double](repeating: 0, count: counts[0].count)
        for (row, weight) in zip(counts, weights) {
            let pairs = row.reduce(0) { $0 + $1 * ($1 - 1) }
            observed += Double(weight * pairs) / (raters * (raters - 1))
            for (category, count) in row.enumerated() {
                chosen[category] += Double(weight * count)
            }
        }
        observed /= caseCount
        let expected = chosen.reduce(0) { sum, count in
            let share = count / (caseCount * raters)
            return sum + share * share
        }
        return expected < 1 ? (observed - expected) / (1 - expected) : nil
    }
}
