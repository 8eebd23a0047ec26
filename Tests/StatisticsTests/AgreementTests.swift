import Statistics
import Testing

/// Agreement against worked examples that were published.
@Suite struct AgreementTests {
    // MARK: - Cohen

    /// Fleiss, Levin and Paik, "Statistical Methods for Rates and Proportions", 3rd edition, table
    /// 18.1: two raters, three diagnoses, 100 subjects; kappa is 0.68 there.
    @Test func cohensKappaOfThreeDiagnoses() throws {
        let table = table([[75, 1, 4], [5, 4, 1], [0, 0, 10]])
        let kappa = try #require(table.kappa)
        #expect(abs(kappa - 0.676) < 0.0005)
        let interval = try #require(table.kappaInterval())
        #expect(interval.contains(kappa))
        #expect(interval.upper - interval.lower < 0.4)
    }

    /// The example of the article "Cohen's kappa" in Wikipedia: 50 proposals, kappa 0.4.
    @Test func cohensKappaOfTwoReaders() throws {
        #expect(abs(try #require(table([[20, 5], [10, 15]]).kappa) - 0.4) < 1e-12)
    }

    /// For two categories that each rater chose half of the time, the standard error of Fleiss,
    /// Cohen and Everitt is 2 × √(p(1 − p) ÷ n) with p the observed agreement: kappa is 2p − 1.
    @Test(arguments: [(40, 10), (30, 20), (45, 5)])
    func theStandardErrorOfASymmetricTable(same: Int, other: Int) throws {
        let table = table([[same, other], [other, same]])
        let count = Double(2 * (same + other))
        let agreement = Double(2 * same) / count
        let expected = 2 * (agreement * (1 - agreement) / count).squareRoot()
        #expect(abs(try #require(table.kappaStandardError) - expected) < 1e-12)
    }

    @Test func kappaIsUndefinedWhereNobodyEverDisagreesOnOneCategory() {
        #expect(table([[9, 0], [0, 0]]).kappaInterval() == nil)
        #expect(FleissKappa(counts: [[3, 0], [3, 0]])?.value == nil)
        let alpha = KrippendorffAlpha(
            answers: [[0, 0], [0, 0]], categoryCount: 2, level: .nominal)
        #expect(alpha.value == nil)
    }

    // MARK: - Fleiss

    /// The example of the article "Fleiss' kappa" in Wikipedia: 10 subjects, 14 raters, 5
    /// categories; 0.210.
    @Test func fleissKappaOfFourteenRaters() throws {
        let kappa = try #require(
            FleissKappa(counts: [
                [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0],
                [2, 2, 8, 1, 1], [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2],
                [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
            ]))
        let value = try #require(kappa.value)
        #expect(abs(value - 0.210) < 0.0005)
        #expect(try #require(kappa.interval()).contains(value))
    }

    @Test func fleissKappaNeedsTheSameNumberOfRaters() {
        #expect(FleissKappa(counts: [[2, 0], [2, 1]]) == nil)
        #expect(FleissKappa(counts: [[1, 0], [0, 1]]) == nil)
        #expect(FleissKappa(counts: []) == nil)
    }

    // MARK: - Krippendorff

    /// Krippendorff 2011, example C and D: four observers, twelve units, missing data.
    private static let units: [[Int]] = [
        [1, 1, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4],
        [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [5, 5, 5], [1, 1], [3],
    ].map { $0.map { $0 - 1 } }

    @Test(arguments: [(KrippendorffAlpha.Level.nominal, 0.743), (.ordinal, 0.815)])
    func krippendorffsAlphaWithMissingData(
        level: KrippendorffAlpha.Level, expected: Double
    ) throws {
        let alpha = KrippendorffAlpha(answers: Self.units, categoryCount: 5, level: level)
        let value = try #require(alpha.value)
        #expect(abs(value - expected) < 0.0005)
        #expect(alpha.caseCount == 11)
        let interval = try #require(alpha.interval())
        #expect(interval.contains(value) && interval.upper <= 1)
    }

    /// Krippendorff 2011, example A: two observers, ten units, two categories; 0.095.
    @Test func krippendorffsAlphaOfTwoObservers() throws {
        let first = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
        let second = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
        let alpha = KrippendorffAlpha(
            answers: zip(first, second).map { [$0, $1] }, categoryCount: 2, level: .nominal)
        #expect(abs(try #require(alpha.value) - 0.095) < 0.0005)
    }

    private func table(_ counts: [[Int]]) -> ConfusionTable {
        var table = ConfusionTable(classCount: counts.count)
        for (truth, row) in counts.enumerated() {
            for (answer, count) in row.enumerated() {
                for _ in 0..<count { table.add(truth: truth, answer: answer) }
            }
        }
        return table
    }
}
