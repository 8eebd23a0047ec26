import Reporting
import Statistics
import Testing

private func isClose(_ left: Double, _ right: Double, within tolerance: Double = 1e-9) -> Bool {
    abs(left - right) <= tolerance
}

struct SurvivalCurveTests {
    /// Weeks to relapse under 6-mercaptopurine, as in every textbook (Freireich and others 1963).
    ///
    /// Expected by scipy 1.17.1: `ecdf(CensoredData.right_censored(t, ~d)).sf` and its
    /// `confidence_interval(0.95, method='log-log')`.
    @Test func theLeukaemiaTrialComesOutAsPublished() throws {
        let times: [Double] = [
            6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35,
        ]
        let open: Set<Int> = [3, 5, 7, 8, 11, 12, 13, 16, 17, 18, 19, 20]
        let curve = SurvivalCurve(
            times: times, isDone: times.indices.map { !open.contains($0) })
        let expected: [(Double, Double, Double, Double)] = [
            (6, 0.8571428571428571, 0.6197179552659838, 0.951551747646997),
            (7, 0.8067226890756302, 0.5631465646222333, 0.9228090192028804),
            (10, 0.7529411764705881, 0.5031995107999564, 0.8893618351692655),
            (13, 0.6901960784313724, 0.43161022248618397, 0.8490659633494507),
            (16, 0.6274509803921567, 0.36751085598750205, 0.8049121894718412),
            (22, 0.53781512605042, 0.26777893676713505, 0.7467907176353944),
            (23, 0.4481792717086834, 0.18805200595923235, 0.6801426284952414),
        ]
        #expect(curve.steps.count == expected.count)
        for (step, (time, share, lower, upper)) in zip(curve.steps, expected) {
            #expect(step.time == time)
            #expect(isClose(step.share, share))
            #expect(isClose(step.interval.lower, lower))
            #expect(isClose(step.interval.upper, upper))
        }
        #expect(curve.median == 23)
        let ends = try #require(curve.medianInterval)
        #expect(ends.lower == 13)
        #expect(ends.upper == nil)
    }

    @Test func withoutOpenCasesItIsTheShareLeft() {
        let curve = SurvivalCurve(times: [4, 1, 3, 2], isDone: [true, true, true, true])
        #expect(curve.steps.map(\.time) == [1, 2, 3, 4])
        #expect(zip(curve.steps, [0.75, 0.5, 0.25, 0]).allSatisfy { isClose($0.share, $1) })
        #expect(curve.median == 2)
    }

    @Test func withoutADoneCaseThereIsNoMedian() {
        #expect(SurvivalCurve(times: [1, 2], isDone: [false, false]).median == nil)
        #expect(SurvivalCurve(times: [], isDone: []).steps.isEmpty)
    }
}

struct QuantileEstimateTests {
    /// Of ten values the second and the ninth hold the median with 97.9 %: the sign test's table.
    @Test func theMedianOfTenLiesBetweenTheSecondAndTheNinth() throws {
        let estimate = try #require(QuantileEstimate(0.5, ofSorted: (1...10).map(Double.init)))
        #expect(estimate.value == 5.5)
        #expect(estimate.interval == Interval(lower: 2, upper: 9))
    }

    @Test func tooFewValuesHaveNoInterval() throws {
        #expect(try #require(QuantileEstimate(0.99, ofSorted: [1, 2, 3])).interval == nil)
        #expect(QuantileEstimate(0.5, ofSorted: []) == nil)
    }

    /// The interval holds what it promises, in the exact binomial sense.
    @Test(arguments: [(20, 0.5), (100, 0.9), (500, 0.99), (1000, 0.9)])
    func theIntervalHoldsItsConfidence(count: Int, share: Double) throws {
        let values = (1...count).map(Double.init)
        let interval = try #require(
            QuantileEstimate(share, ofSorted: values)?.interval)
        let below = BinomialDistribution(trialCount: count, probability: share)
        let held =
            below.cumulative(Int(interval.upper) - 1) - below.cumulative(Int(interval.lower) - 1)
        #expect(held >= 0.95 && held < 0.985, "\(held)")
    }
}

struct WeightedShareTests {
    @Test func equalWeightsAreAPlainShareWithWilson() {
        let share = WeightedShare(
            hits: [true, false, false, false], probabilities: Array(repeating: 0.2, count: 4))
        let plain = Proportion(successCount: 1, count: 4)
        #expect(share.value == 0.25)
        #expect(isClose(share.effectiveCount, 4))
        #expect(isClose(share.interval().lower, plain.wilson().lower))
        #expect(isClose(share.interval().upper, plain.wilson().upper))
    }

    /// By hand: weights 2, 10, 10; hits 1 and 3: 12/22; (22)²/(4 + 100 + 100) = 484/204.
    @Test func aCaseStandsForThoseThatWereNotDrawn() {
        let share = WeightedShare(hits: [true, false, true], probabilities: [0.5, 0.1, 0.1])
        #expect(isClose(share.value ?? 0, 12.0 / 22))
        #expect(isClose(share.effectiveCount, 484.0 / 204))
    }

    @Test func nothingDrawnSaysNothing() {
        let share = WeightedShare(hits: [], probabilities: [])
        #expect(share.value == nil)
        #expect(share.interval() == Interval(lower: 0, upper: 1))
    }
}

struct ShareDifferenceTests {
    /// 56 of 70 against 48 of 80: Newcombe 1998, table II, contrast (a), method 10.
    @Test func theIntervalIsTheOneInThePaper() {
        let difference = ShareDifference(
            Proportion(successCount: 56, count: 70), Proportion(successCount: 48, count: 80))
        #expect(isClose(difference.value, 0.2))
        #expect(isClose(difference.interval().lower, 0.0524, within: 5e-5))
        #expect(isClose(difference.interval().upper, 0.3339, within: 5e-5))
        // scipy: 2 * norm.sf((p - q) / sqrt(pooled * (1 - pooled) * (1 / 70 + 1 / 80)))
        #expect(isClose(difference.pValue, 0.00804508136819656, within: 1e-12))
    }

    /// The example of Benjamini and Hochberg 1995, section 3.2; scipy 1.17.1
    /// `stats.false_discovery_control` gives the corrected values.
    @Test func theExampleOfThePaperIsCorrectedAsThere() {
        let pValues = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
            0.5719, 0.6528, 0.7590, 1.0,
        ]
        let expected = [
            0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.06385714285714286, 0.06385714285714286,
            0.0645, 0.0765, 0.486, 0.5811818181818181, 0.714875, 0.7532307692307693,
            0.8132142857142857, 1,
        ]
        let corrected = falseDiscoveryRates(ofPValues: pValues)
        #expect(zip(corrected, expected).allSatisfy { isClose($0, $1, within: 1e-12) })
        #expect(corrected.count { $0 <= 0.05 } == 4)
        let reversed = falseDiscoveryRates(ofPValues: pValues.reversed())
        #expect(Array(reversed.reversed()) == corrected)
        #expect(falseDiscoveryRates(ofPValues: []).isEmpty)
    }
}

struct SelectiveRiskTests {
    /// By hand: right, wrong, right, wrong from the surest on.
    @Test func riskIsTheShareOfErrorsAmongTheSurest() throws {
        let risk = SelectiveRisk(
            confidences: [0.6, 0.9, 0.7, 0.8], isRight: [false, true, true, false])
        #expect(risk.points.map(\.coverage) == [0.25, 0.5, 0.75, 1])
        #expect(risk.points.map(\.answered.successCount) == [0, 1, 1, 2])
        #expect(try #require(risk.point(atCoverage: 0.5)).risk == 0.5)
        #expect(try #require(risk.point(atCoverage: 0.7)).coverage == 0.75)
        #expect(risk.coverage(atRisk: 0.01) == 0.25)
        #expect(risk.coverage(atRisk: 0.4) == 0.75)
        // (0 + 1/2 + 1/3 + 2/4) / 4, and the best order has (1/3 + 2/4) / 4.
        #expect(isClose(risk.areaUnderCurve ?? 0, 1.0 / 3))
        #expect(isClose(risk.excessArea ?? 0, 1.0 / 3 - (1.0 / 3 + 0.5) / 4))
    }

    @Test func tiesAreAnsweredTogether() throws {
        let risk = SelectiveRisk(
            confidences: [0.9, 0.9, 0.9, 0.5], isRight: [true, false, true, true])
        #expect(risk.points.map(\.coverage) == [0.75, 1])
        #expect(try #require(risk.point(atCoverage: 0.5)).coverage == 0.75)
    }

    @Test func thePerfectOrderHasNoExcess() {
        let risk = SelectiveRisk(
            confidences: [0.9, 0.8, 0.7, 0.6], isRight: [true, true, false, false])
        #expect(isClose(risk.excessArea ?? 1, 0))
    }
}

struct MeanEstimateTests {
    @Test func aPlainMeanHasTheUsualError() throws {
        let mean = MeanEstimate([1, 2, 4, 7])
        #expect(mean.value == 3.5)
        // numpy: std(ddof=1) / sqrt(4)
        #expect(isClose(try #require(mean.standardError), 1.3228756555322954))
    }

    @Test func weightsCount() throws {
        let mean = MeanEstimate([0, 5, 1], weights: [1, 2, 4])
        #expect(mean.value == 2)
        #expect(isClose(try #require(mean.standardError), 1.3093073414159542))
        #expect(MeanEstimate([]).value == nil)
        #expect(MeanEstimate([3]).interval() == nil)
    }
}
