public import Statistics

/// How wrong the surest answers are, for every share of cases that is answered.
///
/// Cases of equal confidence are taken together: nobody could have answered some and not others.
///
/// - SeeAlso: Geifman and El-Yaniv 2017, arXiv 1705.08500 (risk and coverage); Geifman et al. 2019,
///   arXiv 1805.08206 (AURC, E-AURC).
public struct SelectiveRisk: Hashable, Sendable {
    /// A threshold of confidence that answers so many cases.
    public struct Point: Hashable, Sendable {
        /// Cases at or above the threshold.
        public let answered: Proportion
        /// The share of all cases that is answered, above 0 and at most 1.
        public let coverage: Double

        /// The share of the answered cases that is wrong, 0…1.
        public var risk: Double { answered.share ?? 0 }
    }

    /// From the surest case on; the last point answers all cases.
    public let points: [Point]
    private let count: Int

    /// Sorts cases.
    ///
    /// - Parameters:
    ///   - confidences: How sure each answer is.
    ///   - isRight: Whether it was right.
    public init(confidences: [Double], isRight: [Bool]) {
        precondition(confidences.count == isRight.count, "\(confidences.count) confidences")
        let order = confidences.indices.sorted { confidences[$0] > confidences[$1] }
        var points: [Point] = []
        var errors = 0
        for (position, index) in order.enumerated() {
            if !isRight[index] { errors += 1 }
            let isTied =
                position + 1 < order.count
                && confidences[order[position + 1]] == confidences[index]
            guard !isTied else { continue }
            points.append(
                Point(
                    answered: Proportion(successCount: errors, count: position + 1),
                    coverage: Double(position + 1) / Double(order.count)))
        }
        self.points = points
        count = order.count
    }

    /// The first threshold that answers at least this share of the cases; nil without cases.
    public func point(atCoverage coverage: Double) -> Point? {
        points.first { $0.coverage >= coverage - 1e-12 }
    }

    /// The largest share of cases that can be answered with at most this risk, 0…1.
    public func coverage(atRisk risk: Double) -> Double {
        points.last { $0.risk <= risk }?.coverage ?? 0
    }

    /// The mean risk over all shares of cases, 0…1; nil without cases.
    public var areaUnderCurve: Double? {
        guard count > 0 else { return nil }
        var sum = 0.0
        var before = 0
        for point in points {
            sum += point.risk * Double(point.answered.count - before)
            before = point.answered.count
        }
        return sum / Double(count)
    }

    /// The area beyond that of the best possible order, in which all errors come last, 0…1.
    public var excessArea: Double? {
        guard let areaUnderCurve, let last = points.last else { return nil }
        let errors = last.answered.successCount
        let best = (0..<errors).reduce(0.0) { sum, number in
            sum + Double(number + 1) / Double(count - errors + number + 1)
        }
        return areaUnderCurve - best / Double(count)
    }
}
