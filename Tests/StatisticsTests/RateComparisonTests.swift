import Statistics
import Testing

struct RateComparisonTests {
    /// `scipy.stats.binomtest(k, n, t1 / (t1 + t2), alternative="greater").pvalue`, scipy 1.17.1.
    @Test(arguments: [
        (10, 1.0, 28, 28.0, 4.621946410732575e-07), (3, 1.0, 84, 28.0, 0.5807447779921515),
        (0, 1.0, 5, 28.0, 1.0),
        (12, 1.0, 0, 28.0, 2.8263375287495407e-18), (40, 24.0, 560, 672.0, 7.734093210948452e-05),
    ])
    func theTestIsTheBinomialOne(
        recent: Int, recentDuration: Double, past: Int, pastDuration: Double, probability: Double
    ) {
        let comparison = RateComparison(
            recentCount: recent, recentDuration: recentDuration, pastCount: past,
            pastDuration: pastDuration)
        #expect(abs(comparison.riseProbability - probability) <= 1e-9 * probability)
    }

    @Test
    func whatIsExpectedIsThePastsRate() {
        let comparison = RateComparison(
            recentCount: 10, recentDuration: 24, pastCount: 56, pastDuration: 672)
        #expect(comparison.expectedCount == 2)
    }
}
