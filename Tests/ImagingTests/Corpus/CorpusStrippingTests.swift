import Imaging
import TestSupport
import Testing

/// Real files without their metadata.
@Suite(.enabled(if: Corpus.isPresent))
struct CorpusStrippingTests {
    private static let decodable = Corpus.entries.filter {
        $0.expectation == .decode || $0.expectation == .decodeFlagged
    }

    @Test(arguments: decodable)
    func strippedFileDecodesToTheSamePixels(entry: Corpus.Entry) throws {
        let bytes = try Corpus.bytes(entry.path)
        let result = try MetadataStripping.stripped(bytes)
        #expect(result.bytes.count <= bytes.count)
        let before = try PhotoDecoder().decode(bytes)
        let after = try PhotoDecoder().decode(result.bytes)
        #expect(after.image.pixels == before.image.pixels, "\(entry)")
        #expect(after.header == before.header && after.isDamaged == before.isDamaged, "\(entry)")
        let again = try MetadataStripping.stripped(result.bytes)
        #expect(again.bytes == result.bytes)
        #expect(Set(again.removed).isSubset(of: [.exif]), "\(entry): \(again.removed)")
    }

    @Test func phonePhotosLoseTheirPosition() throws {
        for name in ["Apple_iPhone_5.jpg", "Apple_iPhone_6.jpg"] {
            let bytes = try Corpus.bytes("photos-full-size/\(name)")
            let removed = try MetadataStripping.stripped(bytes).removed
            #expect(removed.contains(.gps) && removed.contains(.exif))
        }
    }

    /// Whatever the bytes are, stripping ends and adds nothing.
    @Test func noFileOfTheCorpusGrows() throws {
        for entry in Corpus.entries {
            let bytes = try Corpus.bytes(entry.path)
            guard let result = try? MetadataStripping.stripped(bytes) else { continue }
            #expect(result.bytes.count <= bytes.count + 2, "\(entry)")
        }
    }
}
