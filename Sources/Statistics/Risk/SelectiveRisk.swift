/// How often the surest answers are wrong: the risk–coverage curve.
///
/// Cases of equal confidence belong together: no threshold could separate them, so the curve has
/// one point for each confidence that occurs.
///
/// - SeeAlso: El-Yaniv and Wiener 2010, JMLR 11; Geifman et al. 2019, arXiv 1805.08206 (the areas).
public struct SelectiveRisk: Sendable {
    /// All cases at or above one confidence.
    public struct Point: Codable, Hashable, Sendable {
        /// The least confidence among them.
        public let threshold: Double
        /// How many they are.
        public let count: Int
        /// How many of them are wrong.
        public let errorCount: Int
        /// Their share of all cases, above 0, at most 1.
        public let coverage: Double
        /// The share of them that is wrong, 0…1.
        public let risk: Double

        private enum CodingKeys: String, CodingKey {
            case threshold, coverage, risk
            case count = "n"
            case errorCount = "errors"
        }
    }

    /// From the surest case to all cases; empty without cases.
    public let points: [Point]

    /// Orders cases by confidence.
    ///
    /// - Parameters:
    ///   - confidences: Any finite values; higher is surer.
    ///   - isWrong: As long as `confidences`.
    public init(confidences: [Double], isWrong: [Bool]) {
        precondition(confidences.count == isWrong.count, "\(confidences.count) confidences")
        let order = confidences.indices.sorted { confidences[$0] > confidences[$1] }
        var points: [Point] = []
        var errorCount = 0
        for (position, index) in order.enumerated() {
            if isWrong[index] { errorCount += 1 }
            let next = position + 1
            if next < order.count, confidences[order[next]] == confidences[index] { continue }
            points.append(
                Point(
                    threshold: confidences[index], count: next, errorCount: errorCount,
                    coverage: Double(next) / Double(order.count),
                    risk: Double(errorCount) / Double(next)))
        }
        self.points = points
    }

    /// The first point that covers at least this share of the cases; nil without cases.
    public func point(atCoverage coverage: Double) -> Point? {
        // A share such as 0.7 is not exact in binary: 70 of 100 cases must reach it.
        points.first { $0.coverage >= coverage - 1e-12 } ?? points.last
    }

    /// The point of the largest coverage whose observed risk is at most this; nil if none is.
    ///
    /// Chosen with the errors in view, so the risk on other cases is higher: no guarantee.
    public func point(atRisk risk: Double) -> Point? {
        points.last { $0.risk <= risk }
    }

    /// The mean risk over all coverages (AURC), 0…1; nil without cases.
    public var area: Double? {
        guard let last = points.last else { return nil }
        var area = 0.0
        var before = 0
        for point in points {
            area += point.risk * Double(point.count - before)
            before = point.count
        }
        return area / Double(last.count)
    }

    /// The part of ``area`` that a perfect order of the same errors would not have (E-AURC), at
    /// least 0; nil without cases.
    public var excessArea: Double? {
        guard let area, let last = points.last else { return nil }
        let rightCount = last.count - last.errorCount
        let best = (0..<last.errorCount).reduce(0.0) { sum, index in
            sum + Double(index + 1) / Double(rightCount + index + 1)
        }
        return max(0, area - best / Double(last.count))
    }
}
