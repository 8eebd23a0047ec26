import Foundation
import Statistics
import Testing

/// Do the promises hold? Two thousand calibrations of a world whose truth is known.
///
/// The world: a logit z, normal about 4 with a spread of 3; an answer of confidence σ(z) that
/// is right with the chance σ(z / 1.6), so that raw confidences are too high, as networks' are.
struct RiskGuaranteeTests {
    private static let calibrationCount = 2000
    private static let overconfidence = 1.6

    private struct World {
        var generator: SeededGenerator

        /// Box and Muller 1958, doi 10.1214/aoms/1177706645.
        mutating func logit() -> Double {
            let radius = (-2 * log(1 - generator.unit())).squareRoot()
            return 4 + 3 * radius * cos(2 * .pi * generator.unit())
        }

        mutating func cases(_ count: Int) -> (logits: [Double], isRight: [Bool]) {
            let logits = (0..<count).map { _ in logit() }
            return (
                logits,
                logits.map { generator.unit() < logistic($0 / RiskGuaranteeTests.overconfidence) }
            )
        }
    }

    /// The risk above a logit, from a dense grid of the world's own density.
    private struct TrueRisk {
        private static let step = 0.001
        private static let highest = 22.0
        private let risks: [Double]

        init() {
            var risks: [Double] = []
            var mass = 0.0
            var wrong = 0.0
            var logit = Self.highest
            while logit > -15 {
                let density = exp(-(logit - 4) * (logit - 4) / (2 * 3 * 3))
                mass += density
                wrong += density * (1 - logistic(logit / RiskGuaranteeTests.overconfidence))
                risks.append(wrong / mass)
                logit -= Self.step
            }
            self.risks = risks
        }

        func above(_ logit: Double) -> Double {
            let index = Int((Self.highest - logit) / Self.step)
            return risks[min(max(index, 0), risks.count - 1)]
        }
    }

    /// One calibration as Regrade makes it: 30 % fit and plan, 70 % test.
    private func threshold(
        _ cases: (logits: [Double], isRight: [Bool]), _ limit: RiskLimit,
        temperature: Double? = nil
    ) -> (step: ThresholdTest.Step, temperature: Double)? {
        let cut = cases.logits.count * 3 / 10
        let fit = TemperatureFit(
            logits: Array(cases.logits[..<cut]), isTrue: Array(cases.isRight[..<cut]))
        guard let temperature = temperature ?? fit.temperature else { return nil }
        let confidences = cases.logits.map { logistic($0 / temperature) }
        let isWrong = cases.isRight.map { !$0 }
        let plan = ThresholdPlan(
            confidences: Array(confidences[..<cut]), isWrong: Array(isWrong[..<cut]),
            testCount: confidences.count - cut, limit: limit)
        return ThresholdTest(
            thresholds: plan.thresholds, confidences: Array(confidences[cut...]),
            isWrong: Array(isWrong[cut...]), limit: limit
        ).admitted.map { ($0, temperature) }
    }

    @Test func theStatedRiskIsViolatedInAtMostTheStatedShare() {
        let limit = RiskLimit(errorRate: 0.05, significance: 0.1)
        let truth = TrueRisk()
        var world = World(generator: SeededGenerator(seed: 20_261_121))
        var admittedCount = 0
        var violationCount = 0
        for _ in 0..<Self.calibrationCount {
            guard let found = threshold(world.cases(500), limit) else { continue }
            admittedCount += 1
            let threshold = found.step.threshold
            let logit = threshold > 0 ? log(threshold / (1 - threshold)) * found.temperature : -15
            if truth.above(logit) > limit.errorRate { violationCount += 1 }
        }
        let share = Double(violationCount) / Double(Self.calibrationCount)
        print(
            "risk guarantee: 5 % stated at 90 %: violated in \(violationCount) of "
                + "\(Self.calibrationCount) calibrations, admitted in \(admittedCount)")
        // Three standard deviations of a binomial share of 0.1.
        let slack = 3 * (0.1 * 0.9 / Double(Self.calibrationCount)).squareRoot()
        #expect(share <= limit.significance + slack)
        #expect(admittedCount > Self.calibrationCount / 2, "a promise that is never made")
    }

    /// The hardest world: the risk is just beyond the limit wherever a threshold lies, so that each
    /// admission is a violation.
    @Test func aRiskJustBeyondTheLimitIsRarelyAdmitted() {
        let limit = RiskLimit(errorRate: 0.05, significance: 0.1)
        var world = World(generator: SeededGenerator(seed: 5))
        let violationCount = (0..<Self.calibrationCount).count { _ in
            let logits = (0..<300).map { _ in world.logit() }
            let isRight = logits.map { _ in world.generator.unit() >= 0.0501 }
            return threshold((logits, isRight), limit, temperature: 1) != nil
        }
        let share = Double(violationCount) / Double(Self.calibrationCount)
        print(
            "risk guarantee: 5 % stated at 90 %, true risk 5.01 %: admitted in "
                + "\(violationCount) of \(Self.calibrationCount) calibrations")
        let slack = 3 * (0.1 * 0.9 / Double(Self.calibrationCount)).squareRoot()
        #expect(share <= limit.significance + slack)
        // It bites: the bound is nearly used up, less what whole numbers of errors cost.
        #expect(share > 0.03)
    }

    /// The tests above can fail: what looks right, the largest coverage whose observed risk is at
    /// the limit, breaks the promise about half of the time.
    @Test func choosingByTheObservedRiskBreaksThePromise() {
        let truth = TrueRisk()
        var world = World(generator: SeededGenerator(seed: 7))
        let violationCount = (0..<200).count { _ in
            let (logits, isRight) = world.cases(500)
            let risk = SelectiveRisk(confidences: logits, isWrong: isRight.map { !$0 })
            guard let point = risk.point(atRisk: 0.05) else { return false }
            return truth.above(point.threshold) > 0.05
        }
        #expect(violationCount > 60)
    }

    @Test(arguments: [0.8, 0.9])
    func setsHoldTheTruthInThePromisedShareOfEachClass(coverage: Double) {
        var world = World(generator: SeededGenerator(seed: 11))
        var held = [0, 0]
        var counts = [0, 0]
        for _ in 0..<Self.calibrationCount {
            // Class 0 is rare: "wrong" answers; each class has its own threshold.
            let (logits, isRight) = world.cases(300)
            for number in [0, 1] {
                func ofTruth(_ logit: Double) -> Double { logistic(number == 1 ? logit : -logit) }
                let own = logits.indices.filter { isRight[$0] == (number == 1) }
                let least = ConformalThreshold.leastProbability(
                    truthProbabilities: own.dropLast().map { ofTruth(logits[$0]) },
                    coverage: coverage)
                // The last of the class is the new case.
                guard let new = own.last else { continue }
                counts[number] += 1
                if ofTruth(logits[new]) >= least { held[number] += 1 }
            }
        }
        for number in [0, 1] {
            let share = Double(held[number]) / Double(counts[number])
            let slack = 3 * (coverage * (1 - coverage) / Double(counts[number])).squareRoot()
            #expect(share >= coverage - slack, "class \(number): \(share)")
            // Not by excluding nothing: n is about 35 and 265, which costs at most 1 / (n + 1).
            #expect(share <= coverage + 0.05 + slack, "class \(number): \(share)")
        }
    }

    @Test func temperaturesFindTheOverconfidence() {
        var world = World(generator: SeededGenerator(seed: 3))
        let (logits, isRight) = world.cases(20_000)
        let fit = TemperatureFit(logits: logits, isTrue: isRight)
        #expect(abs((fit.temperature ?? 0) - Self.overconfidence) < 0.1)
    }
}
