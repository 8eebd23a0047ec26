import Foundation
import Statistics
import Testing

/// The same numbers as SciPy, scikit-learn and MAPIE, on the same tables.
struct ReferenceTests {
    private let reference: ReferenceTable

    init() throws { reference = try ReferenceTable.read() }

    @Test func intervalsOfProportionsAreThoseOfSciPy() {
        for expected in reference.proportions {
            let found = Proportion(successCount: expected.successes, count: expected.n)
            let wilson = found.wilson(confidence: expected.confidence)
            let exact = found.clopperPearson(confidence: expected.confidence)
            let upper = found.upperBound(confidence: expected.confidence)
            #expect(agree(wilson.lower, expected.wilson[0], within: 1e-9), "\(expected)")
            #expect(agree(wilson.upper, expected.wilson[1], within: 1e-9), "\(expected)")
            #expect(agree(exact.lower, expected.clopper_pearson[0], within: 1e-9), "\(expected)")
            #expect(agree(exact.upper, expected.clopper_pearson[1], within: 1e-9), "\(expected)")
            #expect(agree(upper, expected.upper_bound, within: 1e-9), "\(expected)")
        }
    }

    @Test func incompleteBetaAndBinomialAreThoseOfSciPy() {
        for expected in reference.incomplete_beta {
            let found = regularizedIncompleteBeta(expected.x, expected.a, expected.b)
            #expect(agree(found, expected.value, within: 1e-9), "\(expected): \(found)")
        }
        for expected in reference.binomial {
            let found = BinomialDistribution(trialCount: expected.n, probability: expected.p)
            #expect(agree(found.cumulative(expected.k), expected.cumulative), "\(expected)")
            #expect(agree(found.atLeast(expected.k), expected.at_least), "\(expected)")
        }
    }

    @Test func rankingAndAgreementAreThoseOfScikitLearn() {
        let two = reference.two_classes
        let ranked = RankedScores(scores: two.scores, isPositive: two.positive)
        #expect(agree(ranked.areaUnderCurve(), two.auroc))
        #expect(agree(ranked.areaUnderCurve(weights: two.weights), two.weighted_auroc))
        let four = reference.ordered
        let table = ConfusionTable(classCount: 4, truths: four.truths, answers: four.guesses)
        #expect(table.counts == four.table)
        #expect(agree(table.kappa, four.kappa))
        #expect(agree(table.quadraticKappa, four.quadratic_kappa))
    }

    @Test func fitsAreThoseOfSciPyAndScikitLearn() {
        let expected = reference.temperature
        let fit = TemperatureFit(logits: expected.logits, isTrue: expected.true)
        #expect(agree(fit.temperature, expected.temperature, within: 1e-6))
        let linear = reference.regression
        let model = LogisticRegression(
            features: linear.features, isPositive: linear.positive, penalty: linear.penalty)
        #expect(model.isConverged)
        for (found, weight) in zip(model.weights, linear.weights) {
            #expect(agree(found, weight, within: 1e-5), "\(found) instead of \(weight)")
        }
    }

    @Test func scoresOfProbabilitiesAreThoseOfNumPyAndScikitLearn() {
        let expected = reference.outcomes
        let truths = expected.truths
        let confidences = expected.probabilities.map { $0.max() ?? 0 }
        let isRight = zip(expected.probabilities, truths).map { $0[$1] == ($0.max() ?? 0) }
        let reliability = Reliability(confidences: confidences, isRight: isRight)
        #expect(reliability.bins.count == 15)
        #expect(agree(reliability.expectedCalibrationError, expected.calibration_error))
        let brier = ProperScore.brier(expected.probabilities, truths: truths)
        #expect(agree(brier, expected.brier))
        let logLoss = ProperScore.logLoss(expected.probabilities, truths: truths)
        #expect(agree(logLoss, expected.log_loss))
    }

    @Test func predictionSetsAreThoseOfMAPIE() {
        let expected = reference.outcomes
        let ofTruth = zip(expected.probabilities, expected.truths).map { $0[$1] }
        let least = ConformalThreshold.leastProbability(
            truthProbabilities: ofTruth, coverage: expected.coverage)
        #expect(agree(least, expected.mapie.least_probability))
        let sets = expected.fresh.map { $0.map { $0 >= least } }
        #expect(sets == expected.mapie.sets)
        for (number, ofClass) in expected.mapie.by_class.enumerated() {
            let here = zip(ofTruth, expected.truths).filter { $0.1 == number }.map(\.0)
            let least = ConformalThreshold.leastProbability(
                truthProbabilities: here, coverage: expected.coverage)
            #expect(agree(least, ofClass.least_probability), "class \(number)")
            #expect(expected.fresh.map { $0[number] >= least } == ofClass.holds)
        }
    }

    @Test func riskControlIsThatOfMAPIE() {
        let expected = reference.thresholds
        let significance = 1 - expected.confidence
        let limit = RiskLimit(errorRate: expected.error_rate, significance: significance)
        func test(_ thresholds: [Double], _ limit: RiskLimit) -> ThresholdTest {
            ThresholdTest(
                thresholds: thresholds, confidences: expected.confidences,
                isWrong: expected.wrong, limit: limit)
        }
        for (index, threshold) in expected.thresholds.enumerated() {
            let step = test([threshold], limit).steps[0]
            #expect(agree(step.pValue, expected.p_values[index]), "at \(threshold)")
            // MAPIE 1.6.0 takes n times the observed risk and rounds up, so that where the product
            // lies a hair above a whole number it counts one error too many; never one too few.
            let oneMore = Proportion(
                successCount: step.errors.successCount + 1, count: step.errors.count)
            let mapie = expected.mapie.p_values[index]
            #expect(
                agree(step.pValue, mapie, within: 1e-9)
                    || agree(limit.pValue(oneMore), mapie, within: 1e-9), "at \(threshold)")
        }
        let sequence = test(expected.sequence, limit).steps.filter(\.isHeld).map(\.threshold)
        #expect(sequence == expected.mapie.split_fixed_sequence)
        let each = RiskLimit(
            errorRate: expected.error_rate,
            significance: significance / Double(expected.thresholds.count))
        let bonferroni = expected.thresholds.filter { test([$0], each).steps[0].isHeld }
        #expect(bonferroni == expected.mapie.bonferroni)
    }
}
