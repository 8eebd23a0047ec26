/// Agreement of any number of raters per case, some answers missing.
///
/// - SeeAlso: Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011,
///   <https://repository.upenn.edu/handle/20.500.14332/2089>; Krippendorff, "Content Analysis", 4th
///   edition, 2019, chapter 12.
public struct KrippendorffAlpha: Hashable, Sendable {
    /// What the distance of two categories counts as.
    public enum Level: String, CaseIterable, Codable, Sendable {
        /// Different is different.
        case nominal
        /// Categories are ranked; what lies between two counts by how often it was chosen.
        case ordinal
    }

    private let level: Level
    private let categoryCount: Int
    /// Per case with at least two answers, how many raters chose each category.
    private let counts: [[Int]]

    /// Takes the answers to each case, categories numbered from 0 (in their order, if ordinal).
    ///
    /// Cases with fewer than two answers say nothing of agreement and are left out.
    ///
    /// - Precondition: Answers are in `0..<categoryCount`.
    public init(answers: [[Int]], categoryCount: Int, level: Level) {
        self.level = level
        self.categoryCount = categoryCount
        counts = answers.filter { $0.count >= 2 }.map { answers in
            answers.reduce(into: [Int](repeating: 0, count: categoryCount)) { $0[$1] += 1 }
        }
    }

    /// How many cases have at least two answers.
    public var caseCount: Int { counts.count }

    /// 1 for full agreement, 0 for chance; nil if nothing was ever chosen but one category.
    public var value: Double? { value(weights: Array(repeating: 1, count: counts.count)) }

    /// The percentile-bootstrap interval over cases; see ``Bootstrap``.
    public func interval(_ bootstrap: Bootstrap = Bootstrap()) -> Interval? {
        bootstrap.interval(groups: Array(counts.indices)) { value(weights: $0) }
    }

    private func value(weights: [Int]) -> Double? {
        var coincidences = [[Double]](
            repeating: [Double](repeating: 0, count: categoryCount), count: categoryCount)
        for (row, weight) in zip(counts, weights) where weight > 0 {
            let pairable = Double(row.reduce(0, +) - 1)
            for first in 0..<categoryCount {
                for second in 0..<categoryCount {
                    let pairs = row[first] * (first == second ? row[second] - 1 : row[second])
                    coincidences[first][second] += Double(weight * pairs) / pairable
                }
            }
        }
        let totals = coincidences.map { $0.reduce(0, +) }
        let total = totals.reduce(0, +)
        guard total > 1 else { return nil }
        var observed = 0.0
        var expected = 0.0
        for first in 0..<categoryCount {
            for second in 0..<categoryCount {
                let distance = squaredDistance(first, second, totals: totals)
                observed += coincidences[first][second] * distance
                expected += totals[first] * totals[second] * distance
            }
        }
        return expected > 0 ? 1 - (total - 1) * observed / expected : nil
    }

    private func squaredDistance(_ first: Int, _ second: Int, totals: [Double]) -> Double {
        guard first != second else { return 0 }
        switch level {
        case .nominal: return 1
        case .ordinal:
            let between = totals[min(first, second)...max(first, second)].reduce(0, +)
            let distance = between - (totals[first] + totals[second]) / 2
            return distance * distance
        }
    }
}
