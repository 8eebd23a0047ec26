import Inspection
import ReferenceComparison
import ReturnsDomain
import Testing

@Suite struct ComparisonFusionTests {
    private func compared(
        _ index: Int, isIdentifying: Bool = false, product: PhotoComparison? = nil,
        own: PhotoComparison? = nil, other: Double? = nil
    ) -> ComparedPhoto {
        ComparedPhoto(
            index: index, isIdentifying: isIdentifying, product: product, own: own,
            otherSimilarity: other)
    }

    @Test func withoutAnythingToCompareWithThereIsNoComparison() {
        #expect(ItemComparison(fusing: [], sku: "s") == nil)
        #expect(ItemComparison(fusing: [compared(0)], sku: "s") == nil)
    }

    @Test func theLeastLikelyPhotoSpeaksTimesTheirNumber() throws {
        let photos = [
            compared(2, product: .fixture(score: 0.9, pValue: 0.02, hot: true)),
            compared(0, product: .fixture(score: 0.4, pValue: 0.6)),
            compared(1, product: .fixture(score: 2, pValue: 0.01, isComparable: false)),
        ]
        for order in [photos, photos.reversed()] {
            let item = try #require(ItemComparison(fusing: order, sku: "s"))
            #expect(item.photo == 2 && item.score == 0.9 && item.comparable)
            #expect(item.pValue == 0.04 && item.leastPValue == 0.04)
            #expect(item.region == PhotoRegion(x: 0.5, y: 0, width: 0.5, height: 0.5))
            #expect(item.isRightItem && item.sincePacking == nil)
        }
    }

    @Test func photosOfNoKnownViewAreSaidToBe() throws {
        let item = try #require(
            ItemComparison(
                fusing: [compared(0, product: .fixture(isComparable: false, hot: true))], sku: "s"))
        #expect(!item.comparable && item.region == nil)
    }

    @Test(arguments: [
        ([0.86], false), ([0.85], true), ([0.99, 0.5], true), ([0.99, 0.9], false), ([], true),
    ])
    func anItemIsAnotherOneOnlyIfEveryPhotoSaysSo(others: [Double], isRight: Bool) throws {
        var photos = others.enumerated().map { index, other in
            compared(index, product: .fixture(similarity: 0.8), other: other)
        }
        // Nothing was compared with others.
        photos.append(compared(9, product: .fixture()))
        #expect(try #require(ItemComparison(fusing: photos, sku: "s")).isRightItem == isRight)
    }

    @Test(
        arguments: [
            (sides: [false], labels: [true], isRight: false),
            (sides: [true], labels: [false], isRight: false),
            (sides: [false], labels: [true, false], isRight: true),
            (sides: [], labels: [true], isRight: false),
            (sides: [false], labels: [], isRight: true),
        ])
    func labelsTellByThemselvesWhichItemItIs(sides: [Bool], labels: [Bool], isRight: Bool) throws {
        let photos = (sides.map { (false, $0) } + labels.map { (true, $0) }).enumerated().map {
            compared(
                $0, isIdentifying: $1.0, product: .fixture(similarity: 0.8),
                other: $1.1 ? 0.9 : 0.5)
        }
        #expect(try #require(ItemComparison(fusing: photos, sku: "s")).isRightItem == isRight)
    }

    @Test func labelsSayNothingOfDamage() throws {
        let label = compared(
            0, isIdentifying: true, product: .fixture(score: 1, pValue: 0.01, hot: true),
            own: .fixture(hot: true))
        #expect(label.evidence == nil)
        let alone = try #require(ItemComparison(fusing: [label], sku: "s"))
        #expect(alone.pValue == 1 && alone.leastPValue == 1 && alone.comparable)
        #expect(alone.region == nil && alone.sincePacking == nil && alone.isRightItem)
        // Beside a side they do not count among the photos that were compared.
        let both = try #require(
            ItemComparison(
                fusing: [label, compared(1, product: .fixture(score: 0.4, pValue: 0.5))], sku: "s"))
        #expect(both.photo == 1 && both.pValue == 0.5 && both.region == nil)
        // A label is known from the item's own one alone; a side is not.
        for (isIdentifying, isRight) in [(true, false), (false, true)] {
            let own = compared(
                0, isIdentifying: isIdentifying, own: .fixture(similarity: 0.5), other: 0.9)
            #expect(try #require(ItemComparison(fusing: [own], sku: "s")).isRightItem == isRight)
        }
    }

    @Test func whatIsNewSincePackingIsToldWithItsPlace() throws {
        let changed = try #require(
            ItemComparison(
                fusing: [
                    compared(0, product: .fixture(), own: .fixture()),
                    compared(1, product: .fixture(), own: .fixture(hot: true)),
                ], sku: "s"))
        #expect(changed.sincePacking?.isChanged == true && changed.sincePacking?.photo == 1)
        #expect(changed.sincePacking?.region?.x == 0.5)
        let worn = try #require(
            ItemComparison(
                fusing: [compared(0, product: .fixture(pValue: 0.01, hot: true), own: .fixture())],
                sku: "s"))
        #expect(worn.sincePacking?.isChanged == false && worn.sincePacking?.region == nil)
        let other = try #require(
            ItemComparison(
                fusing: [
                    compared(0, product: .fixture(), own: .fixture(isComparable: false, hot: true))
                ], sku: "s"))
        #expect(other.sincePacking == nil)
        let alone = try #require(
            ItemComparison(fusing: [compared(0, own: .fixture(count: 1))], sku: "s"))
        #expect(alone.referenceCount == 1 && alone.comparable)
    }

    @Test func evidenceIsWhatIsMoreUnlikeThanReferencesAreOfOneAnother() throws {
        let photo = compared(0, product: .fixture(hot: true))
        #expect(try #require(photo.evidence).values == [0, 1, 0, 0])
        #expect(compared(0, product: .fixture(isComparable: false)).evidence == nil)
        // The item's own photo first.
        #expect(compared(0, product: .fixture(hot: true), own: .fixture()).evidence?.values[1] == 0)
    }
}

extension PhotoComparison {
    /// A comparison whose map has four cells, the upper right of which may be unlike.
    fileprivate static func fixture(
        score: Double = 0.3, pValue: Double = 0.5, isComparable: Bool = true,
        similarity: Double = 0.8, count: Int = 49, hot: Bool = false
    ) -> PhotoComparison {
        PhotoComparison(
            score: score, pValue: pValue, calibrationCount: 49, isPooled: false,
            isComparable: isComparable, similarity: similarity, referenceCount: count,
            anomalyMap: HeatMap(width: 2, height: 2, values: [0.2, hot ? 1 : 0.4, 0.3, 0.3]))
    }
}
