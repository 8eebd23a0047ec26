import Statistics
import Testing

/// Empty, one-class, tied and tiny inputs have defined answers.
struct DefinedAnswerTests {
    @Test func nothingIsSaidOfNothing() {
        #expect(RankedScores(scores: [], isPositive: []).areaUnderCurve() == nil)
        #expect(ConfusionTable(classCount: 4).accuracy == nil)
        #expect(ConfusionTable(classCount: 4).quadraticKappa == nil)
        #expect(
            Reliability(confidences: [], isRight: []).expectedCalibrationError == nil)
        #expect(ProperScore.brier([], truths: []) == nil)
        #expect(ProperScore.logLoss([], truths: []) == nil)
        let risk = SelectiveRisk(confidences: [], isWrong: [])
        #expect(risk.area == nil && risk.excessArea == nil && risk.point(atCoverage: 0.5) == nil)
        #expect(TemperatureFit(logits: [], isTrue: []) == .undetermined(.oneClass))
        #expect(ConformalThreshold.leastProbability(truthProbabilities: [], coverage: 0.9) == 0)
        #expect(Bootstrap().interval(groups: []) { _ in 1 } == nil)
    }

    @Test func oneClassHasNoRankingAndNoKappa() {
        #expect(RankedScores(scores: [1, 2], isPositive: [true, true]).areaUnderCurve() == nil)
        let table = ConfusionTable(classCount: 2, truths: [1, 1], answers: [1, 1])
        #expect(table.accuracy == 1 && table.kappa == nil)
        #expect(
            TemperatureFit(logits: [1, 2], isTrue: [true, true]) == .undetermined(.oneClass))
    }

    @Test func tiesCountHalfInTheArea() {
        #expect(
            RankedScores(scores: [3, 3, 3], isPositive: [true, false, true]).areaUnderCurve()
                == 0.5)
        #expect(
            RankedScores(scores: [1, 2, 2], isPositive: [false, false, true]).areaUnderCurve()
                == 0.75)
    }

    @Test func tiesAreOnePointOfTheRiskCurve() {
        let risk = SelectiveRisk(
            confidences: [0.9, 0.5, 0.5, 0.5], isWrong: [false, true, false, false])
        #expect(risk.points.map(\.count) == [1, 4])
        #expect(risk.point(atCoverage: 0.5)?.coverage == 1)
        #expect(risk.point(atRisk: 0.1)?.count == 1)
        // (1 · 0 + 3 · 0.25) / 4
        #expect(risk.area == 0.1875)
    }

    @Test func noRiskIsLowEnoughIfTheSurestIsWrong() {
        let risk = SelectiveRisk(confidences: [0.9, 0.5], isWrong: [true, false])
        #expect(risk.point(atRisk: 0.4) == nil)
    }

    @Test func calibrationErrorDoesNotDependOnTheOrderOfTies() {
        let confidences = [0.5, 0.5, 0.5, 0.5, 0.8]
        let first = Reliability(
            confidences: confidences, isRight: [true, false, false, true, true], binCount: 3)
        let second = Reliability(
            confidences: confidences, isRight: [false, true, true, false, true], binCount: 3)
        #expect(first == second)
        #expect(first.bins.map(\.count) == [2, 2, 1])
    }

    @Test func aPerfectAnswerThatWasWrongCostsAFiniteAmount() throws {
        let loss = try #require(ProperScore.logLoss([[1, 0]], truths: [1]))
        #expect(loss.isFinite && loss > 20)
    }

    @Test(arguments: [
        ([-2.0, -1, 1, 2], [false, false, true, true], TemperatureFit.Reason.separable),
        ([-2.0, -1, 1, 2], [true, true, false, false], .contradicted),
        ([0.0, 0], [true, false], .contradicted),
    ])
    func labelsThatDoNotSayHowSureToBeAreNamed(
        logits: [Double], isTrue: [Bool], reason: TemperatureFit.Reason
    ) {
        #expect(TemperatureFit(logits: logits, isTrue: isTrue) == .undetermined(reason))
    }

    @Test func aSeparableRegressionStaysFinite() {
        let model = LogisticRegression(
            features: [[-1], [-2], [1], [2]], isPositive: [false, false, true, true])
        #expect(model.isConverged)
        #expect(model.weights.allSatisfy { $0.isFinite } && model.weights[0] > 0)
        let oneClass = LogisticRegression(features: [[1], [2]], isPositive: [true, true])
        #expect(oneClass.weights.allSatisfy { $0.isFinite })
    }

    @Test func tooFewCasesExcludeNoOutcome() {
        #expect(ConformalThreshold.leastCaseCount(coverage: 0.9) == 9)
        let eight = Array(repeating: 0.7, count: 8)
        #expect(
            ConformalThreshold.leastProbability(truthProbabilities: eight, coverage: 0.9) == 0)
        #expect(
            ConformalThreshold.leastProbability(
                truthProbabilities: eight + [0.6], coverage: 0.9) == 0.6)
    }

    @Test func tooFewCasesAdmitNoThreshold() {
        let limit = RiskLimit(errorRate: 0.01, significance: 0.05)
        #expect(limit.leastCaseCount() == 299)
        #expect(limit.leastCaseCount(errorCount: 1) == 473)
        let sure = Array(repeating: 0.999, count: 298)
        let right = Array(repeating: false, count: 298)
        let plan = ThresholdPlan(
            confidences: sure, isWrong: right, testCount: 298, limit: limit)
        #expect(plan.thresholds.isEmpty)
        let test = ThresholdTest(
            thresholds: [0.5], confidences: sure, isWrong: right, limit: limit)
        #expect(test.admitted == nil)
    }

    @Test func bootstrapRepeatsAndHoldsTheEstimate() throws {
        let values = (0..<200).map { Double($0 % 10) }
        let groups = values.indices.map { $0 / 2 }
        func mean(_ weights: [Int]) -> Double? {
            let count = weights.reduce(0, +)
            return zip(values, weights).reduce(0) { $0 + $1.0 * Double($1.1) } / Double(count)
        }
        let first = try #require(Bootstrap().interval(groups: groups, statistic: mean))
        let second = try #require(Bootstrap().interval(groups: groups, statistic: mean))
        #expect(first == second)
        // Pairs (0,1), (2,3), …: means 0.5 … 8.5, standard deviation √8 over 100 groups.
        let half = 1.96 * (8.0 / 100).squareRoot()
        #expect(abs(first.lower - (4.5 - half)) < 0.1 && abs(first.upper - (4.5 + half)) < 0.1)
        #expect(Bootstrap().interval(groups: [0, 0, 0], statistic: mean) == nil)
    }

    @Test func emptyGroupNamesAreGroupsOfTheirOwn() {
        #expect(Bootstrap.groupNumbers(of: ["a", "", "b", "", "a"]) == [0, 1, 2, 3, 0])
    }
}
