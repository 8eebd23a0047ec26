import DecisionPolicy
import ReturnsDomain
import Testing

@Suite struct ComparisonGateTests {
    private static let packed = ItemComparison.SincePacking(
        photoCount: 1, isChanged: true, photo: 0, region: nil)

    /// What a comparison says, and which reasons it gives for an item that seems intact.
    @Test(
        arguments: [
            (.fixture(), []),
            (.fixture(pValue: 0.021), []),
            (.fixture(pValue: 0.02), [.unlikeReferences, .comparisonDisagrees]),
            (.fixture(pValue: .nan), [.unlikeReferences, .comparisonDisagrees]),
            (.fixture(pValue: 0.01, comparable: false), [.viewNotComparable]),
            (.fixture(isRightItem: false), [.itemDoesNotMatch]),
            (.fixture(sincePacking: packed), [.newSinceShipping]),
            (.fixture(leastPValue: 0.5), []),
        ] as [(ItemComparison, [ReasonCode])])
    func eachFindingIsAReasonToLook(comparison: ItemComparison, expected: [ReasonCode]) throws {
        var world = World()
        world.comparison = comparison
        #expect(try world.gates() == expected)
        #expect(try world.decision().outcome == (expected.isEmpty ? .resell : .humanReview))
    }

    /// The classifier sees damage and the comparison, with references enough, none.
    @Test(arguments: [(0.5, 0.01, true), (0.5, 0.05, false), (0.01, 0.01, false)])
    func damageThatNoComparisonSeesIsLookedAt(
        pValue: Double, leastPValue: Double, disagrees: Bool
    ) throws {
        var world = World.recommending(.refurbish)
        world.comparison = .fixture(pValue: pValue, leastPValue: leastPValue)
        #expect(try world.gates().contains(.comparisonDisagrees) == disagrees)
    }

    @Test func aComparisonAloneDecidesNothingUnlessThePolicyLetsIt() throws {
        var world = World()
        world.order.category = "box"
        world.novelty = 0.99
        world.comparison = .fixture()
        #expect(try world.gates() == [.categoryNotCalibrated, .unfamiliarItem])
        world.policy.comparison = ComparisonTerms(level: 0.02, mayDecide: true)
        #expect(try world.decision().outcome == .resell)
    }

    /// Where it may decide, it still settles only what the classifier does not know.
    @Test(
        arguments: [
            (.fixture(leastPValue: 0.021), .tooFewReferences),
            (.fixture(pValue: 0.02), .unlikeReferences),
            (.fixture(comparable: false), .viewNotComparable),
            (.fixture(isRightItem: false), .itemDoesNotMatch),
            (.fixture(sincePacking: packed), .newSinceShipping),
        ] as [(ItemComparison, ReasonCode)])
    func aDoubtfulComparisonSettlesNothing(
        comparison: ItemComparison, reason: ReasonCode
    ) throws {
        var world = World()
        world.order.category = "box"
        world.policy.comparison = ComparisonTerms(level: 0.02, mayDecide: true)
        world.comparison = comparison
        let gates = try world.gates()
        #expect(gates.contains(.categoryNotCalibrated) && gates.contains(reason))
    }

    @Test func aComparisonNeverRefusesAndNeverOverrulesOtherGates() throws {
        var world = World.recommending(.reject, confidence: 0.99)
        world.order.category = "box"
        world.policy.comparison = ComparisonTerms(level: 0.02, mayDecide: true)
        world.comparison = .fixture()
        #expect(try world.decision().outcome == .humanReview)
        world = World()
        world.policy.comparison = ComparisonTerms(level: 0.02, mayDecide: true)
        world.comparison = .fixture()
        world.signals = [.photoSeenBefore]
        #expect(try world.gates() == [.photoSeenBefore])
    }
}

extension ItemComparison {
    /// An item that is like its references.
    fileprivate static func fixture(
        pValue: Double = 0.6, comparable: Bool = true, leastPValue: Double = 0.01,
        isRightItem: Bool = true, sincePacking: SincePacking? = nil
    ) -> ItemComparison {
        ItemComparison(
            sku: "sku-1", referenceCount: 99, score: 0.3, pValue: pValue, comparable: comparable,
            photo: 0, leastPValue: leastPValue, region: nil, isRightItem: isRightItem,
            sincePacking: sincePacking)
    }
}
