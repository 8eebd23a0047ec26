import Imaging
import Testing

struct MetadataStrippingTests {
    private static let picture = Pictures.gradient(PixelSize(width: 48, height: 31))

    @Test(arguments: [UInt8(1), 6, 9], [false, true])
    func jpegKeepsPixelsAndOrientationAndLosesTheRest(tag: UInt8, progressive: Bool) throws {
        let plain = try JPEGEncoder(isProgressive: progressive).encode(Self.picture)
        let exif = Array("Exif\0\0".utf8) + ExifFixture.block(orientation: tag)
        var file = FileSurgery.jpeg(plain, inserting: exif, marker: 0xE1)
        file = FileSurgery.jpeg(file, inserting: Array("Secret Camera".utf8), marker: 0xFE)
        let xmp = Array("http://ns.adobe.com/xap/1.0/\0<x>N51E007</x>".utf8)
        file = FileSurgery.jpeg(file, inserting: xmp, marker: 0xE1)
        file = FileSurgery.jpeg(file, inserting: Array("Photoshop 3.0\0".utf8), marker: 0xED)
        file = FileSurgery.jpeg(file, inserting: Array("MPF\0".utf8), marker: 0xE2)
        file += Array("serial 4711".utf8)
        let result = try MetadataStripping.stripped(file)
        #expect(
            result.removed == [
                .exif, .gps, .makerNote, .thumbnail, .xmp, .iptc, .comment, .applicationData,
                .trailingData,
            ])
        expectNoSecrets(result.bytes)
        let before = try PhotoDecoder().decode(file)
        let after = try PhotoDecoder().decode(result.bytes)
        #expect(after.image == before.image && after.header == before.header)
        #expect(result.bytes.count <= plain.count + 36)
    }

    @Test func pngKeepsPixelsAndOrientationAndLosesTheRest() throws {
        let plain = try PNGEncoder(isInterlaced: true).encode(Self.picture)
        var file = FileSurgery.png(plain, inserting: "eXIf", ExifFixture.block(orientation: 8))
        for (type, text) in [
            ("tEXt", "Author\0Secret Camera"), ("zTXt", "Raw"), ("tIME", "1234567"),
            ("iTXt", "XML:com.adobe.xmp\0\0\0\0\0N51E007"), ("prVt", "serial 4711"),
        ] {
            file = FileSurgery.png(file, inserting: type, Array(text.utf8))
        }
        file += Array("serial 4711".utf8)
        let result = try MetadataStripping.stripped(file)
        #expect(
            result.removed == [
                .exif, .gps, .makerNote, .thumbnail, .xmp, .text, .time, .ancillaryChunk,
                .trailingData,
            ])
        expectNoSecrets(result.bytes)
        let before = try PhotoDecoder().decode(file)
        let after = try PhotoDecoder().decode(result.bytes)
        #expect(after.image == before.image && after.header == before.header && !after.isDamaged)
        #expect(after.header.orientation == .leftBottom)
    }

    @Test func profileStays() throws {
        let plain = try JPEGEncoder().encode(Self.picture)
        let payload = Array("ICC_PROFILE\0\u{1}\u{1}".utf8) + ProfileFixture.displayP3.icc()
        let file = FileSurgery.jpeg(plain, inserting: payload, marker: 0xE2)
        let result = try MetadataStripping.stripped(file)
        #expect(result.removed == [])
        #expect(try PhotoDecoder().decode(result.bytes) == PhotoDecoder().decode(file))
    }

    @Test func photoWithoutMetadataStaysAsItIs() throws {
        for file in [
            try JPEGEncoder().encode(Self.picture), try PNGEncoder().encode(Self.picture),
            try JPEGEncoder(isProgressive: true, restartInterval: 2).encode(Self.picture),
        ] {
            let result = try MetadataStripping.stripped(file)
            #expect(result.removed == [] && result.bytes == file)
        }
    }

    @Test func strippingTwiceChangesNothing() throws {
        let exif = Array("Exif\0\0".utf8) + ExifFixture.block(orientation: 3)
        let plain = try JPEGEncoder().encode(Self.picture)
        let once = try MetadataStripping.stripped(
            FileSurgery.jpeg(plain, inserting: exif, marker: 0xE1))
        let twice = try MetadataStripping.stripped(once.bytes)
        #expect(twice.bytes == once.bytes && twice.removed == [.exif])
    }

    @Test func otherFormatsAreRefused() {
        #expect(throws: ImageDecodingError.unsupportedFormat(name: "GIF")) {
            try MetadataStripping.stripped(Array("GIF89a".utf8))
        }
    }

    private func expectNoSecrets(_ bytes: [UInt8]) {
        for secret in ExifFixture.secrets {
            #expect(!contains(bytes, Array(secret.utf8)), "\(secret) is still there")
        }
    }

    private func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        (0...bytes.count - part.count).contains { bytes[$0...].starts(with: part) }
    }
}
