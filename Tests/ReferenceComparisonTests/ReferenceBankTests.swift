import Foundation
import ReferenceComparison
import ReturnsDomain
import Statistics
import Testing

/// What a bank says of photos that are like its references, and of others.
struct ReferenceBankTests {
    private static func bank(_ seeds: Range<UInt64>) throws -> ReferenceBank {
        try ReferenceBank(of: seeds.map { try Fixture.photo(seed: $0) })
    }

    @Test func aReferenceIsLikeItself() throws {
        let photo = try Fixture.photo(seed: 1)
        let comparison = try ReferenceBank(of: [photo]).compare(photo)
        #expect(comparison.score < 0.1)
        #expect(comparison.similarity > 0.99)
        #expect(comparison.isComparable)
        #expect(comparison.pValue == 1)
        #expect(comparison.calibrationCount == 0)
    }

    @Test func aStrangePatchIsFoundAtItsPlace() throws {
        let bank = try Self.bank(0..<30)
        let good = try Fixture.photo(seed: 77)
        var elements = good.elements
        let dimension = good.layout.dimension
        let place = 2 * good.layout.columnCount + 3
        for index in place * dimension..<(place + 1) * dimension { elements[index] *= -1 }
        let bad = try PatchFeatures(
            layout: good.layout, elements: elements, embedding: good.embedding)
        let comparison = try bank.compare(bad)
        #expect(abs(comparison.pValue - 1.0 / 31) < 1e-12)
        #expect(comparison.isComparable)
        #expect(try bank.compare(good).pValue > 1.0 / 31)
        let map = comparison.anomalyMap
        #expect(map.values.indices.max { map.values[$0] < map.values[$1] } == place)
        #expect(map.values[place] > 0.5)
        #expect((map.width, map.height) == (5, 6))
    }

    @Test func aStrangeCornerCountsLessWhereTheItemIsInTheMiddle() throws {
        let photos = try (0..<5).map { try Fixture.photo(seed: $0) }
        var elements = photos[0].elements
        for index in 0..<photos[0].layout.dimension { elements[index] *= -1 }
        let photo = try PatchFeatures(
            layout: photos[0].layout, elements: elements, embedding: photos[0].embedding)
        let everywhere = try ReferenceBank(of: photos).compare(photo)
        let middle = try ReferenceBank(of: photos, focus: .middle).compare(photo)
        // The centre of the corner's cell is 5/6 and 4/5 half sides from the middle.
        let weight = exp(-(25.0 / 36 + 16.0 / 25) / 2)
        #expect(abs(middle.score - everywhere.score * weight) < 1e-3)
        #expect(PhotoFocus(view: .front) == .middle && PhotoFocus(view: .damage) == .everywhere)
    }

    @Test func distancesMatchALoop() throws {
        let bank = try Self.bank(0..<4)
        let photo = try Fixture.photo(seed: 50)
        let others = try (0..<4).map { try Fixture.photo(seed: $0) }
        let dimension = photo.layout.dimension
        let distances = (0..<photo.layout.patchCount).map { patch in
            others.flatMap { other in
                (0..<other.layout.patchCount).map { place in
                    (0..<dimension).reduce(Float(0)) { sum, index in
                        let difference =
                            photo.elements[patch * dimension + index]
                            - other.elements[place * dimension + index]
                        return sum + difference * difference
                    }.squareRoot()
                }
            }.min() ?? 2
        }
        // The bank holds vectors rounded to a byte a number.
        #expect(abs(try bank.compare(photo).score - Double(distances.max() ?? 2)) < 0.02)
    }

    @Test func pValuesOfGoodPhotosAreUniform() throws {
        // 400 exchangeable draws: the references and the photo from one seeded source.
        let draws: [Double] = try stride(from: UInt64(1_000), to: 9_000, by: 20).map { first in
            try Self.bank(first..<first + 9).compare(Fixture.photo(seed: first + 10)).pValue
        }
        for level in [0.1, 0.2, 0.3, 0.5, 0.8] {
            let share = Double(draws.count { $0 <= level }) / Double(draws.count)
            // Four standard deviations of a share of 400 draws, and the step of 1/10.
            #expect(abs(share - level) <= 4 * (level * (1 - level) / 400).squareRoot() + 0.02)
        }
    }

    @Test func fewReferencesBorrowFromThePool() throws {
        let lenders: [ReferenceBank] = try stride(from: UInt64(0), to: 500, by: 50).map { first in
            try Self.bank(first..<first + 6)
        }
        let pool = ScorePool(ratios: lenders.flatMap(\.scoreRatios))
        #expect(pool.ratios.count == 60)
        let bank = try Self.bank(900..<904)
        let photo = try Fixture.photo(seed: 950)
        #expect(try !bank.compare(photo).isPooled)
        let pooled = try bank.compare(photo, pool: pool)
        #expect(pooled.isPooled)
        #expect(pooled.calibrationCount == 64)
        let strange = try Fixture.photo(seed: 951, noise: 3)
        #expect(try bank.compare(strange, pool: pool).pValue == 1 / 65)
        #expect(try Self.bank(0..<2).compare(photo, pool: pool).isPooled == false)
    }

    @Test func whatAnOwnReferenceScoredAsWellIsNotRare() throws {
        let bank = try Self.bank(900..<904)
        let pool = ScorePool(ratios: [Double](repeating: 0.01, count: 100))
        var kinds: Set<Bool> = []
        for seed in UInt64(950)..<980 {
            let photo = try Fixture.photo(seed: seed)
            let alone = try bank.compare(photo).pValue
            let pooled = try bank.compare(photo, pool: pool).pValue
            let isBeyondAllOwn = alone == 1 / 5
            #expect(isBeyondAllOwn ? pooled <= 5 / 105 : pooled == alone)
            kinds.insert(isBeyondAllOwn)
        }
        #expect(kinds.count == 2)
    }

    @Test func anotherThingIsNotComparable() throws {
        let bank = try Self.bank(0..<5)
        let photo = try Fixture.photo(seed: 3)
        let other = try PatchFeatures(
            layout: photo.layout, elements: photo.elements.map { -$0 },
            embedding: photo.embedding.map { -$0 })
        let comparison = try bank.compare(other)
        #expect(!comparison.isComparable)
        #expect(comparison.similarity < 0)
        #expect(try bank.similarity(to: photo) > 0.99)
    }

    @Test func refusesWhatCannotBeABank() throws {
        let photo = try Fixture.photo(seed: 1)
        let other = try Fixture.photo(seed: 1, layout: Fixture.layout(rowCount: 7))
        let limit = ReferenceBank.referenceCountLimit
        #expect(throws: ReferenceComparisonError.noReferences) { _ = try ReferenceBank(of: []) }
        #expect(throws: ReferenceComparisonError.tooManyReferences(count: limit + 1, limit: limit))
        {
            _ = try ReferenceBank(of: Array(repeating: photo, count: limit + 1))
        }
        let differ = ReferenceComparisonError.featuresDiffer(
            expected: photo.layout, found: other.layout)
        #expect(throws: differ) { _ = try ReferenceBank(of: [photo, other]) }
        #expect(throws: differ) { _ = try ReferenceBank(of: [photo]).compare(other) }
        #expect(throws: ReferenceComparisonError.notFinite) {
            _ = try PatchFeatures(
                layout: photo.layout, elements: photo.elements.map { _ in .nan },
                embedding: photo.embedding)
        }
    }

    @Test(arguments: [(0.02, 49), (0.05, 19), (0.5, 1), (0.01, 99)])
    func statesHowManyScoresALevelNeeds(level: Double, count: Int) {
        #expect(PhotoComparison.calibrationCountNeeded(level: level) == count)
    }
}
