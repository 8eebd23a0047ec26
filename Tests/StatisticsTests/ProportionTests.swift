import Statistics
import Testing

struct ProportionTests {
    @Test func nothingIsKnownWithoutCases() {
        let empty = Proportion(successCount: 0, count: 0)
        #expect(empty.share == nil)
        #expect(empty.wilson() == Interval(lower: 0, upper: 1))
        #expect(empty.clopperPearson() == Interval(lower: 0, upper: 1))
        #expect(empty.upperBound(confidence: 0.95) == 1)
    }

    /// Zero errors: the bound is 1 − (1 − confidence)^(1/n), the rule that asks for 299 and 45.
    @Test(arguments: [(299, 0.95, 0.01), (45, 0.90, 0.05)])
    func zeroErrorsNeedTheKnownNumberOfCases(count: Int, confidence: Double, rate: Double) {
        let enough = Proportion(successCount: 0, count: count)
        let fewer = Proportion(successCount: 0, count: count - 1)
        #expect(enough.upperBound(confidence: confidence) <= rate)
        #expect(fewer.upperBound(confidence: confidence) > rate)
    }

    @Test func boundsHoldTheirTail() {
        for (errors, count) in [(0, 1), (3, 40), (7, 7), (999, 1000), (12, 100_000)] {
            let upper = Proportion(successCount: errors, count: count).upperBound(confidence: 0.9)
            let tail = BinomialDistribution(trialCount: count, probability: upper)
                .cumulative(errors)
            #expect(errors == count ? upper == 1 : abs(tail - 0.1) < 1e-9, "\(errors) of \(count)")
        }
    }

    @Test func tailsOfTheBinomialAddUpToOne() {
        for count in [1, 2, 17, 400] {
            let distribution = BinomialDistribution(trialCount: count, probability: 0.3)
            for errors in stride(from: 0, through: count, by: max(1, count / 7)) {
                let sum = distribution.cumulative(errors) + distribution.atLeast(errors + 1)
                #expect(abs(sum - 1) < 1e-12, "\(errors) of \(count)")
            }
        }
    }
}
