import Imaging
import Testing

struct ColorProfileTests {
    private static let size = PixelSize(width: 16, height: 16)

    /// 8-bit rounding before and after, and curves kept as tables.
    private static let tolerance = 2.0

    private static let colors: [[UInt8]] = [
        [128, 128, 128], [255, 255, 255], [0, 0, 0], [180, 120, 90], [90, 140, 200], [60, 160, 90],
    ]

    @Test(arguments: [ProfileFixture.displayP3, .adobeRGB], colors)
    func wideColoursBecomeSRGB(profile: ProfileFixture, color: [UInt8]) throws {
        let flat = Pictures.flat(Self.size, color[0], color[1], color[2])
        let file = try png(flat, profile: profile.icc())
        let photo = try PhotoDecoder().decode(file)
        #expect(photo.colorProfile?.treatment == .converted)
        #expect(photo.colorProfile?.name == "Test profile")
        for (sample, expected) in zip(photo.image.pixels, profile.sRGB(color)) {
            #expect(abs(Double(sample) - expected) <= Self.tolerance, "\(color)")
        }
    }

    /// Segments in any order, as the specification numbers them.
    @Test func jpegProfileIsPutTogetherFromItsSegments() throws {
        let file = try JPEGEncoder(quality: 100, chromaSampling: .full)
            .encode(Pictures.flat(Self.size, 180, 120, 90))
        let icc = ProfileFixture.adobeRGB.icc()
        let parts = [
            Array(icc.prefix(100)), Array(icc.dropFirst(100).prefix(200)),
            Array(icc.dropFirst(300)),
        ]
        let inOrder = withProfile(file, parts: [(1, parts[0]), (2, parts[1]), (3, parts[2])])
        let shuffled = withProfile(file, parts: [(3, parts[2]), (1, parts[0]), (2, parts[1])])
        let photo = try PhotoDecoder().decode(inOrder)
        #expect(photo.colorProfile?.treatment == .converted)
        #expect(try PhotoDecoder().decode(shuffled) == photo)
        for (sample, expected) in zip(
            photo.image.pixels, ProfileFixture.adobeRGB.sRGB([180, 120, 90]))
        {
            #expect(abs(Double(sample) - expected) <= Self.tolerance + 1)
        }
    }

    @Test(arguments: [[(1, 3), (2, 3)], [(1, 2), (1, 2)], [(0, 2), (1, 2)], [(1, 2), (2, 3)]])
    func incompleteProfileIsNotedAndIgnored(numbers: [(Int, Int)]) throws {
        let plain = try JPEGEncoder().encode(Pictures.gradient(Self.size))
        let icc = ProfileFixture.adobeRGB.icc()
        var file = plain
        for (number, count) in numbers.reversed() {
            let payload = Array("ICC_PROFILE\0".utf8) + [UInt8(number), UInt8(count)] + icc
            file = FileSurgery.jpeg(file, inserting: payload, marker: 0xE2)
        }
        let photo = try PhotoDecoder().decode(file)
        #expect(photo.colorProfile?.treatment == .ignored && !photo.isDamaged)
        #expect(photo.image == (try PhotoDecoder().decode(plain)).image)
    }

    /// A stream that is cut, that is no stream, and two profiles that are none.
    @Test func brokenPngProfileIsNotedAndIgnored() throws {
        let plain = try PNGEncoder().encode(Pictures.gradient(Self.size))
        let long = FileSurgery.zlibStored([UInt8](repeating: 0, count: 60_000))
        let name = Array("test\0\0".utf8)
        for stream in [
            Array(long.dropLast(9)), [1, 2, 3, 4], long, FileSurgery.zlibStored([1, 2, 3]),
        ] {
            let file = FileSurgery.png(plain, inserting: "iCCP", name + stream)
            let decoder = PhotoDecoder(
                limits: DecodingLimits(metadataByteCountLimit: file.count + 1))
            let photo = try decoder.decode(file)
            #expect(photo.colorProfile?.treatment == .ignored && photo.colorProfile?.name == "")
            #expect(photo.image == Pictures.gradient(Self.size) && !photo.isDamaged)
        }
    }

    @Test func photoWithoutProfileSaysSo() throws {
        let file = try PNGEncoder().encode(Pictures.gradient(Self.size))
        #expect(try PhotoDecoder().decode(file).colorProfile == nil)
    }

    /// iCCP: name, 0, method 0, a zlib stream.
    private func png(_ image: RGBImage, profile: [UInt8]) throws -> [UInt8] {
        let payload = Array("test\0\0".utf8) + FileSurgery.zlibStored(profile)
        return FileSurgery.png(try PNGEncoder().encode(image), inserting: "iCCP", payload)
    }

    private func withProfile(_ file: [UInt8], parts: [(Int, [UInt8])]) -> [UInt8] {
        parts.reversed().reduce(file) { file, part in
            let payload =
                Array("ICC_PROFILE\0".utf8) + [UInt8(part.0), UInt8(parts.count)] + part.1
            return FileSurgery.jpeg(file, inserting: payload, marker: 0xE2)
        }
    }
}
