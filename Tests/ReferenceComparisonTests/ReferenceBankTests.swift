import ReferenceComparison
import ReturnsDomain
import Statistics
import Testing

struct ReferenceBankTests {
    @Test func aStoredBankIsTheSameBank() throws {
        let bank = try ReferenceBank(of: (0..<3).map { try Fixture.photo(seed: $0) })
        let restored = try ReferenceBank(decoding: bank.encoded())
        #expect(restored == bank)
        let photo = try Fixture.photo(seed: 9)
        #expect(try restored.compare(photo) == bank.compare(photo))
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
}
