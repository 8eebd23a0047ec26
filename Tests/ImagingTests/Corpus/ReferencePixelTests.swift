import Imaging
import TestSupport
import Testing

/// Decoded pixels against reference decoders.
@Suite(.enabled(if: Corpus.isPresent))
struct ReferencePixelTests {
    @Test func everyPngSuiteFileIsExact() throws {
        let rows = try ExpectedTable.rows("pngsuite.tsv")
        #expect(rows.count == 161)
        let decoder = PhotoDecoder()
        for row in rows {
            let photo = try decoder.decode(Corpus.bytes("pngsuite/\(row[0])"))
            #expect("\(photo.image.width) \(photo.image.height)" == "\(row[1]) \(row[2])")
            #expect(ExpectedTable.hash(photo.image.pixels) == row[3], "\(row[0])")
            #expect(!photo.isDamaged)
        }
    }

    /// The references come from other decoders, which round the DCT and inks their own way.
    private static let jpegTolerance = 2

    @Test func jpegsAgreeWithThePngBesideThem() throws {
        let decoder = PhotoDecoder()
        let pairs = Corpus.entries(in: "jpeg-reftest").filter {
            $0.expectation == .decode && $0.name.hasSuffix(".jpg") && hasReference($0)
        }
        #expect(pairs.count > 20)
        for pair in pairs {
            let photo = try decoder.decode(Corpus.bytes(pair.path))
            let reference = try decoder.decode(Corpus.bytes(referencePath(pair)))
            let difference = try #require(photo.image.difference(from: reference.image), "\(pair)")
            #expect(difference.largest <= Self.jpegTolerance, "\(pair): \(difference)")
        }
    }

    private func referencePath(_ entry: Corpus.Entry) -> String {
        String(entry.path.dropLast("jpg".count)) + "png"
    }

    private func hasReference(_ entry: Corpus.Entry) -> Bool {
        Corpus.entries.contains { $0.path == referencePath(entry) }
    }

    /// Levels of 255 by which pictures of one family may differ in the mean.
    ///
    /// Each file was drawn and compressed on its own, with its number in the picture: Pillow finds
    /// the same mean differences, up to 3.7. A wrong turn gives 40 and more.
    private static let familyTolerance = 4.0

    @Test(arguments: ["Landscape", "Portrait"])
    func orientationFamiliesLookAlike(family: String) throws {
        let decoder = PhotoDecoder()
        let upright = try decoder.decode(Corpus.bytes("exif-orientation/\(family)_1.jpg"))
        for tag in 0...8 {
            let photo = try decoder.decode(Corpus.bytes("exif-orientation/\(family)_\(tag).jpg"))
            #expect(photo.header.orientation == Orientation(tag: tag))
            let difference = try #require(photo.image.difference(from: upright.image))
            #expect(difference.mean <= Self.familyTolerance, "\(family)_\(tag): \(difference)")
        }
    }

    /// Arithmetic coding is lossless on top of the same coefficients.
    @Test func arithmeticCodingGivesThePixelsOfHuffmanCoding() throws {
        let decoder = PhotoDecoder()
        let arithmetic = try decoder.decode(Corpus.bytes("libjpeg-turbo/testimgari.jpg"))
        let huffman = try decoder.decode(Corpus.bytes("libjpeg-turbo/testimgint.jpg"))
        #expect(arithmetic.header.isArithmetic)
        #expect(arithmetic.image == huffman.image)
    }

    @Test func brokenIccSegmentsAndNonsenseProfilesAreNotedAndIgnored() throws {
        for entry in Corpus.entries(in: "jpeg-icc") {
            let photo = try PhotoDecoder().decode(Corpus.bytes(entry.path))
            #expect(photo.colorProfile?.treatment == .ignored, "\(entry)")
            #expect(!photo.isDamaged)
        }
    }
}
