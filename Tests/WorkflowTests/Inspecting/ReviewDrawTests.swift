import DecisionPolicy
import ReturnsDomain
import Statistics
import Testing
import Workflow

/// The seeded draws behind the random audit sample and the cases of known answer.
struct ReviewDrawTests {
    private static let itemCount = 20_000

    /// Photos of an item that differs from every other item's.
    private static func photos(_ item: Int) -> [ContentHash] {
        var random = SeededGenerator(seed: UInt64(item))
        return [
            ContentHash(
                digest: (0..<32).map { _ in UInt8(truncatingIfNeeded: random.next()) })
        ]
    }

    private static func draws(seed: String) -> [ReviewDraws] {
        (0..<itemCount).map { ReviewDraws(seed: seed, photos: photos($0), orderID: "order-\($0)") }
    }

    /// The count of successes of a binomial draw, five standard deviations to each side: one in
    /// 1.7 million seeds is outside, and the seed is fixed.
    private static func interval(_ rate: Double, of count: Int) -> ClosedRange<Double> {
        let (mean, n) = (Double(count) * rate, Double(count))
        let spread = 5 * (n * rate * (1 - rate)).squareRoot()
        return mean - spread...mean + spread
    }

    /// Each outcome is a stratum with a rate of its own; the shipped policy states all three.
    @Test(arguments: Outcome.final)
    func theSampleHasTheRateOfItsOutcome(outcome: Outcome) throws {
        let policy = try LoadedPolicy.shipped().policy
        let rate = try #require(policy.review.auditSample[outcome])
        let decision = Decision(
            outcome: outcome, recommended: outcome, severity: .minor, confidence: 0.9,
            predictionSet: [outcome], reasons: [Reason(.damageVisible)], remedy: .repair,
            rule: "general")
        let tasks = Self.draws(seed: "a seed").compactMap {
            policy.reviewTaskDraft(
                for: decision, order: OrderData(), at: Timestamp(millisecondsSince1970: 0),
                draws: $0)
        }
        #expect(Self.interval(rate, of: Self.itemCount).contains(Double(tasks.count)))
        #expect(tasks.allSatisfy { $0.samplingProbability == rate && $0.purpose == .auditSample })
    }

    @Test(arguments: [0.02, 0.1, 0.5, 0.9])
    func drawsAreEven(rate: Double) {
        let draws = Self.draws(seed: "even")
        let expected = Self.interval(rate, of: draws.count)
        #expect(expected.contains(Double(draws.count { $0.auditSample < rate })))
        #expect(expected.contains(Double(draws.count { $0.gold < rate })))
        #expect(draws.allSatisfy { (0..<1).contains($0.auditSample) && (0..<1).contains($0.gold) })
    }

    @Test func theSameSeedDrawsTheSameSampleAndAnotherSeedAnother() {
        let (first, second) = (Self.draws(seed: "one"), Self.draws(seed: "two"))
        #expect(first == Self.draws(seed: "one"))
        // Two independent samples of a half agree on a half of the items.
        let agreeing = zip(first, second).count { ($0.auditSample < 0.5) == ($1.auditSample < 0.5) }
        #expect(Self.interval(0.5, of: first.count).contains(Double(agreeing)))
    }

    @Test func aCaseOfKnownAnswerIsNoneOfTheSampleMoreOften() {
        let draws = Self.draws(seed: "one")
        let both = draws.count { $0.auditSample < 0.5 && $0.gold < 0.5 }
        #expect(Self.interval(0.25, of: draws.count).contains(Double(both)))
    }

    @Test func theDrawDependsOnPhotosAndOrder() {
        let (photos, others) = (Self.photos(1), Self.photos(2))
        let draw = ReviewDraws(seed: "s", photos: photos, orderID: "4711")
        #expect(draw != ReviewDraws(seed: "s", photos: others, orderID: "4711"))
        #expect(draw != ReviewDraws(seed: "s", photos: photos, orderID: "4712"))
        #expect(draw != ReviewDraws(seed: "s", photos: photos, orderID: nil))
        #expect(draw == ReviewDraws(seed: "s", photos: photos, orderID: "4711"))
    }
}
