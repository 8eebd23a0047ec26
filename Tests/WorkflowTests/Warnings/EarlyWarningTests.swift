import Foundation
import ReturnsDomain
import Statistics
import Testing
import Workflow

/// When a rise is worth a warning.
struct EarlyWarningTests {
    private let now = Timestamp(millisecondsSince1970: 1_790_000_000_000)
    private let terms = EarlyWarningTerms()

    private func segment(
        _ name: String, recent: Int, past: Int, ageInDays days: Int = 29,
        measure: EarlyWarning.Measure = .submissions
    ) -> SegmentCounts {
        SegmentCounts(
            segment: .sku(name), firstAt: now.advanced(by: .seconds(-86_400 * days)),
            recent: [measure: recent], past: [measure: past])
    }

    @Test
    func aRiseAgainstItsOwnPastIsTold() throws {
        let warnings = terms.warnings(
            in: [segment("up", recent: 30, past: 140), segment("same", recent: 5, past: 140)],
            until: now)
        let warning = try #require(warnings.first)
        #expect(warnings.count == 1 && warning.segment == .sku("up"))
        #expect(warning.recentHours == 24 && warning.pastHours == 672)
        #expect(warning.probability < 1e-10)
    }

    @Test(arguments: EarlyWarning.Measure.allCases)
    func eachMeasureIsLookedAt(measure: EarlyWarning.Measure) {
        let warnings = terms.warnings(
            in: [segment("a", recent: 30, past: 14, measure: measure)], until: now)
        #expect(warnings.map(\.measure) == [measure])
    }

    @Test
    func theFewestThatAreWorthIt() {
        #expect(terms.warnings(in: [segment("a", recent: 9, past: 0)], until: now).isEmpty)
        #expect(terms.warnings(in: [segment("a", recent: 10, past: 0)], until: now).count == 1)
    }

    @Test
    func aSureButSmallRiseIsNotTold() {
        // 28,000 in 28 days lead to expect 1,000 in one.
        #expect(terms.warnings(in: [segment("a", recent: 1_499, past: 28_000)], until: now).isEmpty)
        #expect(
            terms.warnings(in: [segment("a", recent: 1_501, past: 28_000)], until: now).count == 1)
    }

    @Test
    func aNewProductHasNoPastToRiseAgainst() {
        let young = segment("new", recent: 50, past: 0, ageInDays: 3)
        #expect(terms.warnings(in: [young], until: now).isEmpty)
        let older = segment("new", recent: 50, past: 3, ageInDays: 4)
        #expect(terms.warnings(in: [older], until: now).first?.pastHours == 72)
    }

    @Test
    func moreSegmentsNeedStrongerEvidence() {
        // 10 beside 40: a probability of 7e-6, below 0.01 / 24 and above 0.01 / 24 / 100.
        let rising = segment("a", recent: 10, past: 40)
        #expect(terms.warnings(in: [rising], until: now).count == 1)
        let others = (0..<99).map { segment("b\($0)", recent: 0, past: 1) }
        #expect(terms.warnings(in: [rising] + others, until: now).isEmpty)
    }

    /// The bound holds on data without a rise: at most one check in 2,400 warns; in 2,400 checks
    /// of 20 products at most 4 warnings (the bound says one, and 5 have a probability of 0.4 %).
    @Test
    func falseAlarmsKeepWithinTheirBound() {
        var generator = SeededGenerator(seed: 20_261_121)
        func poisson(_ mean: Double) -> Int {
            var (count, product) = (0, generator.unit())
            while product > exp(-mean) {
                count += 1
                product *= generator.unit()
            }
            return count
        }
        var terms = terms
        terms.countMinimum = 1
        let alarms = (0..<2_400).reduce(0) { sum, _ in
            let counts = (0..<20).map { number in
                segment("p\(number)", recent: poisson(8), past: poisson(8 * 28))
            }
            return sum + terms.warnings(in: counts, until: now).count
        }
        #expect(alarms <= 4)
    }
}
