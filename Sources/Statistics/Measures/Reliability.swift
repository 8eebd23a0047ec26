import Foundation

/// How far stated confidences and what happened lie apart.
///
/// Cases are sorted by confidence and cut into bins of equal size (15 by default; sizes differ by
/// at most one, the larger ones first). Cases of equal confidence share their mean correctness, so
/// that the result does not depend on the order in which ties arrive.
///
/// - SeeAlso: Naeini et al. 2015 (ECE); Nixon et al. 2019, arXiv 1904.01685 (equal-mass bins).
public struct Reliability: Codable, Hashable, Sendable {
    /// The cases whose confidences lie next to each other.
    public struct Bin: Codable, Hashable, Sendable {
        /// How many, at least 1.
        public let count: Int
        /// Their mean confidence, 0…1.
        public let confidence: Double
        /// The share of them that was right, 0…1.
        public let accuracy: Double

        private enum CodingKeys: String, CodingKey {
            case confidence, accuracy
            case count = "n"
        }
    }

    /// From the least confident up; empty without cases.
    public let bins: [Bin]

    /// Sorts cases into bins.
    ///
    /// - Parameters:
    ///   - confidences: 0…1.
    ///   - isRight: Whether each was right, as long as `confidences`.
    ///   - binCount: At least 1; bins that would be empty are left out.
    public init(confidences: [Double], isRight: [Bool], binCount: Int = 15) {
        precondition(confidences.count == isRight.count && binCount > 0, "\(binCount) bins")
        let order = confidences.indices.sorted { confidences[$0] < confidences[$1] }
        let sorted = order.map { confidences[$0] }
        let rightness = tiedMeans(of: order.map { isRight[$0] ? 1 : 0 }, keys: sorted)
        var bins: [Bin] = []
        var start = 0
        for number in 0..<binCount {
            let size = sorted.count / binCount + (number < sorted.count % binCount ? 1 : 0)
            guard size > 0 else { break }
            let range = start..<start + size
            bins.append(
                Bin(
                    count: size, confidence: sorted[range].reduce(0, +) / Double(size),
                    accuracy: rightness[range].reduce(0, +) / Double(size)))
            start += size
        }
        self.bins = bins
    }

    /// The mean gap between confidence and accuracy, weighted by bin size, 0…1; nil without cases.
    ///
    /// 0 for a constant answer that is right as often as it says, so never to be read alone.
    public var expectedCalibrationError: Double? {
        let total = bins.reduce(0) { $0 + $1.count }
        guard total > 0 else { return nil }
        return bins.reduce(0) {
            $0 + Double($1.count) / Double(total) * abs($1.accuracy - $1.confidence)
        }
    }
}

/// Each value replaced by the mean of those with an equal key; keys are in order.
func tiedMeans(of values: [Double], keys: [Double]) -> [Double] {
    var means = values
    var start = 0
    while start < keys.count {
        var end = start + 1
        while end < keys.count, keys[end] == keys[start] { end += 1 }
        let mean = values[start..<end].reduce(0, +) / Double(end - start)
        for index in start..<end { means[index] = mean }
        start = end
    }
    return means
}

/// Scores that reward honest probabilities; lower is better.
public enum ProperScore {
    /// The least probability that counts; a certain answer that was wrong would cost infinitely
    /// much.
    public static let leastProbability = 1e-12

    /// The mean squared distance between probabilities and what happened, 0…2.
    ///
    /// - Parameters:
    ///   - probabilities: One distribution a case.
    ///   - truths: The number of the class that was true, as long as `probabilities`.
    /// - Returns: Nil without cases.
    /// - SeeAlso: Brier 1950, doi 10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2.
    public static func brier(_ probabilities: [[Double]], truths: [Int]) -> Double? {
        mean(probabilities, truths) { distribution, truth in
            distribution.enumerated().reduce(0) { sum, pair in
                let gap = pair.element - (pair.offset == truth ? 1 : 0)
                return sum + gap * gap
            }
        }
    }

    /// The mean negative logarithm of the probability of what happened, in nats.
    ///
    /// - Returns: Nil without cases; at most −log(``leastProbability``).
    public static func logLoss(_ probabilities: [[Double]], truths: [Int]) -> Double? {
        mean(probabilities, truths) { distribution, truth in
            -log(max(distribution[truth], leastProbability))
        }
    }

    private static func mean(
        _ probabilities: [[Double]], _ truths: [Int], _ loss: ([Double], Int) -> Double
    ) -> Double? {
        precondition(probabilities.count == truths.count, "\(truths.count) truths")
        guard !truths.isEmpty else { return nil }
        return zip(probabilities, truths).reduce(0) { $0 + loss($1.0, $1.1) }
            / Double(truths.count)
    }
}
