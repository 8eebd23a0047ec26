import ReferenceComparison
import ReturnsDomain
import Testing

/// A stored bank is read as it was written, or refused.
struct EncodingTests {
    private static func bank(
        _ count: Int = 3, focus: PhotoFocus = .everywhere
    ) throws -> ReferenceBank {
        try ReferenceBank(
            of: (0..<count).map { try Fixture.photo(seed: UInt64($0)) }, focus: focus)
    }

    @Test(arguments: [1, 2, 7], PhotoFocus.allCases)
    func aStoredBankIsTheSameBank(photoCount: Int, focus: PhotoFocus) throws {
        let bank = try Self.bank(photoCount, focus: focus)
        let restored = try ReferenceBank(decoding: bank.encoded())
        #expect(restored == bank)
        let photo = try Fixture.photo(seed: 9)
        #expect(try restored.compare(photo) == bank.compare(photo))
    }

    @Test func everyTruncationIsRefused() throws {
        let bytes = try Self.bank().encoded()
        for count in 0..<bytes.count {
            #expect(throws: ReferenceComparisonError.self) {
                _ = try ReferenceBank(decoding: Array(bytes.prefix(count)))
            }
        }
        #expect(throws: ReferenceComparisonError.self) {
            _ = try ReferenceBank(decoding: bytes + [0])
        }
    }

    @Test func everyFlippedBitIsRefused() throws {
        let bytes = try Self.bank(2).encoded()
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1 << (index % 8)
            #expect(throws: ReferenceComparisonError.self) {
                _ = try ReferenceBank(decoding: changed)
            }
        }
    }

    @Test func moreThanTheLimitIsRefusedUnread() {
        let limit = ReferenceBank.encodedByteLimit
        #expect(throws: ReferenceComparisonError.tooLarge(byteCount: limit + 1, limit: limit)) {
            _ = try ReferenceBank(decoding: [UInt8](repeating: 0, count: limit + 1))
        }
    }

    /// The widest features and the most photos still fit.
    @Test(arguments: [(200, 1024, 4096), (200, 128, 1280), (8, 1024, 64)])
    func theLargestBankStaysWithinItsLimit(
        photoCount: Int, dimension: Int, embeddingDimension: Int
    ) throws {
        let layout = FeatureLayout(
            model: ContentHash(digest: [UInt8](repeating: 1, count: 32)), recipe: 1, rowCount: 4,
            columnCount: 4, dimension: dimension, embeddingDimension: embeddingDimension)
        let photos = try (0..<photoCount).map {
            try Fixture.photo(seed: UInt64($0), layout: layout)
        }
        #expect(try ReferenceBank(of: photos).encoded().count <= ReferenceBank.encodedByteLimit)
    }
}
