import Imaging
import TestSupport
import Testing

/// Mutants of photos that are all metadata: EXIF, XMP and colour profiles in small pictures.
struct ParserFuzzTests {
    private static let picture = Pictures.gradient(PixelSize(width: 16, height: 9))
    private static let blocks =
        [ExifFixture.block(orientation: 6)]
        + [true, false].map { littleEndian in
            StatedExif(
                software: "Photoshop", modified: "2026:11:21 10:00:00",
                taken: "2026:11:20 10:00:00", digitized: "2026:11:20 10:00:00",
                satelliteDate: "2026:11:20", satelliteHour: 9, littleEndian: littleEndian
            ).block()
        }
    private static let words = [
        "Exif\0\0", "II*\0", "MM\0*", "ICC_PROFILE\0", "http://ns.adobe.com/xap/1.0/\0", "MPF\0",
        "<xmp:CreatorTool>", "XML:com.adobe.xmp", "eXIf", "iCCP", "iTXt", "acsp", "rTRC", "para",
        "curv", "\u{1}\u{12}", "IDAT",
    ]

    /// Photos with one such block each, of both formats.
    private static func photos() throws -> [[UInt8]] {
        let jpeg = try JPEGEncoder().encode(picture)
        let png = try PNGEncoder().encode(picture)
        let tool = "<x><xmp:CreatorTool>GIMP 2.10</xmp:CreatorTool></x>"
        let xmp = Array(("http://ns.adobe.com/xap/1.0/\0" + tool).utf8)
        let text = Array(("XML:com.adobe.xmp\0\0\0\0\0" + tool).utf8)
        return blocks.flatMap { block in
            [
                FileSurgery.jpeg(jpeg, inserting: Array("Exif\0\0".utf8) + block, marker: 0xE1),
                FileSurgery.png(png, inserting: "eXIf", block),
            ]
        } + [
            FileSurgery.jpeg(jpeg, inserting: xmp, marker: 0xE1),
            FileSurgery.png(png, inserting: "iTXt", text),
        ]
    }

    private static func profiledPhotos() throws -> [[UInt8]] {
        let jpeg = try JPEGEncoder().encode(picture)
        return [ProfileFixture.displayP3, .adobeRGB].map { profile in
            let payload = Array("ICC_PROFILE\0\u{1}\u{1}".utf8) + profile.icc()
            return FileSurgery.jpeg(jpeg, inserting: payload, marker: 0xE2)
        }
    }

    @Test func metadataIsAnsweredWithoutACrash() async throws {
        let fuzzing = ParserFuzzing("metadata", seeds: try Self.photos(), words: Self.words)
        try await fuzzing.run { bytes in
            _ = MetadataSign.signs(in: bytes)
            let once = try MetadataStripping.stripped(bytes)
            let twice = try MetadataStripping.stripped(once.bytes)
            let personal: Set<RemovedMetadata> = [.gps, .makerNote, .thumbnail, .xmp, .iptc]
            #expect(personal.isDisjoint(with: twice.removed), "left: \(twice.removed)")
            _ = try PhotoDecoder().header(of: bytes)
        }
    }

    @Test func colorProfilesAreAnsweredWithoutACrash() async throws {
        let fuzzing = ParserFuzzing(
            "profiles", seeds: try Self.profiledPhotos(), words: Self.words)
        let decoder = PhotoDecoder()
        try await fuzzing.run { _ = try decoder.decode($0) }
    }
}
