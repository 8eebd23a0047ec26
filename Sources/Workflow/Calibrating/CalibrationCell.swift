public import ReturnsDomain
public import Statistics

/// One outcome in one category: what was tested and what came of it.
public struct CalibrationCell: Codable, Hashable, Sendable {
    /// The category as the policy names it.
    public let category: String
    /// The outcome.
    public let outcome: Outcome
    /// The accepted share of wrong decisions.
    public let risk: Double
    /// Cases to test on that were recommended this outcome and whose label says whether rightly.
    public let n: Int
    /// How many of them were recommended it wrongly.
    public let errors: Int
    /// The fewest cases that could show the risk, without any error.
    public let neededCount: Int
    /// The steps of the test; empty if there were too few cases to begin.
    public let steps: [ThresholdTest.Step]
    /// The threshold from which a machine may decide; nil if people do.
    public let admitted: ThresholdTest.Step?

    private enum CodingKeys: String, CodingKey {
        case category, outcome, risk, n, errors, steps, admitted
        case neededCount = "needed"
    }

    /// The share of the cell's cases that the machine may decide, 0…1.
    public var coverage: Double {
        n == 0 ? 0 : Double(admitted?.errors.count ?? 0) / Double(n)
    }

    /// How many more cases are needed at least; 0 if there were enough.
    public var missingCount: Int { max(0, neededCount - n) }
}

/// The cases of one cell, before anything is tested.
struct CellCases {
    let category: String
    let outcome: Outcome
    let risk: Double
    var planning: (confidences: [Double], isWrong: [Bool]) = ([], [])
    var testing: (confidences: [Double], isWrong: [Bool]) = ([], [])

    /// The fewest test cases that could show the risk.
    func neededCount(significance: Double) -> Int {
        RiskLimit(errorRate: risk, significance: significance).leastCaseCount()
    }

    /// Tests thresholds, or says that there are too few cases to begin.
    func tested(significance: Double, isStated: Bool) -> CalibrationCell {
        let limit = RiskLimit(errorRate: risk, significance: significance)
        var steps: [ThresholdTest.Step] = []
        var admitted: ThresholdTest.Step?
        if isStated {
            let plan = ThresholdPlan(
                confidences: planning.confidences, isWrong: planning.isWrong,
                testCount: testing.confidences.count, limit: limit)
            let test = ThresholdTest(
                thresholds: plan.thresholds, confidences: testing.confidences,
                isWrong: testing.isWrong, limit: limit)
            steps = test.steps
            admitted = test.admitted
        }
        return CalibrationCell(
            category: category, outcome: outcome, risk: risk, n: testing.confidences.count,
            errors: testing.isWrong.count { $0 },
            neededCount: neededCount(significance: significance), steps: steps,
            admitted: admitted)
    }
}
