/// How often each truth met each answer.
public struct ConfusionTable: Codable, Hashable, Sendable {
    /// Counts: the row is the truth, the column the answer.
    public private(set) var counts: [[Int]]

    /// Creates an empty table of so many classes.
    public init(classCount: Int) {
        counts = Array(repeating: Array(repeating: 0, count: classCount), count: classCount)
    }

    /// Counts pairs of truth and answer, each numbered from 0, with a weight per pair.
    ///
    /// - Precondition: The lists are equally long and hold numbers below `classCount`.
    public init(classCount: Int, truths: [Int], answers: [Int], weights: [Int]? = nil) {
        self.init(classCount: classCount)
        precondition(truths.count == answers.count, "\(truths.count) truths")
        for index in truths.indices {
            counts[truths[index]][answers[index]] += weights?[index] ?? 1
        }
    }

    /// Counts a pair once more.
    public mutating func add(truth: Int, answer: Int) { counts[truth][answer] += 1 }

    /// All pairs.
    public var count: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

    /// Pairs that agree.
    public var agreementCount: Int { counts.indices.reduce(0) { $0 + counts[$1][$1] } }

    /// The share of pairs that agree, 0…1; nil without pairs.
    public var accuracy: Double? {
        Proportion(successCount: agreementCount, count: count).share
    }

    /// Cohen's kappa: agreement beyond what the marginals give by chance, −1…1.
    ///
    /// - Returns: Nil without pairs, or if chance alone agrees always (one class on both sides).
    /// - SeeAlso: Cohen 1960, doi 10.1177/001316446002000104.
    public var kappa: Double? { kappa { $0 == $1 ? 0 : 1 } }

    /// Kappa with the squared distance as the price of a disagreement, for ordered classes.
    ///
    /// - Returns: As for ``kappa``.
    /// - SeeAlso: Cohen 1968, doi 10.1037/h0026256.
    public var quadraticKappa: Double? { kappa { Double(($0 - $1) * ($0 - $1)) } }

    private func kappa(price: (Int, Int) -> Double) -> Double? {
        let total = Double(count)
        guard total > 0 else { return nil }
        let rows = counts.map { Double($0.reduce(0, +)) }
        let columns = counts.indices.map { column in
            Double(counts.reduce(0) { $0 + $1[column] })
        }
        var observed = 0.0
        var expected = 0.0
        for row in counts.indices {
            for column in counts.indices {
                let weight = price(row, column)
                observed += weight * Double(counts[row][column])
                expected += weight * rows[row] * columns[column] / total
            }
        }
        return expected > 0 ? 1 - observed / expected : nil
    }
}
