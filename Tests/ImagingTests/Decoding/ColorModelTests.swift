import Imaging
import Testing

/// What stored samples become, without files from outside.
struct ColorModelTests {
    /// libjpeg's colour conversion rounds once more than the formula.
    private static let tolerance = 1

    /// Y, Cb, Cr to red, green, blue: JFIF 1.02.
    private static func rgb(_ y: Double, _ blue: Double, _ red: Double) -> [UInt8] {
        [
            y + 1.402 * (red - 128), y - 0.344136 * (blue - 128) - 0.714136 * (red - 128),
            y + 1.772 * (blue - 128),
        ].map { UInt8(min(max($0, 0), 255).rounded()) }
    }

    private static let jpegs: [(FlatJPEG, PhotoHeader.ColorModel, [UInt8])] = [
        (FlatJPEG(samples: [77]), .gray, [77, 77, 77]),
        (FlatJPEG(samples: [100, 90, 160]), .yCbCr, rgb(100, 90, 160)),
        (FlatJPEG(samples: [10, 200, 30], adobeTransform: 0), .rgb, [10, 200, 30]),
        // Without Adobe's marker 0 is no ink; with it 255 is.
        (FlatJPEG(samples: [0, 255, 100, 0]), .cmyk, [255, 0, 155]),
        (FlatJPEG(samples: [0, 255, 100, 55]), .cmyk, [200, 0, 122]),
        (FlatJPEG(samples: [255, 0, 100, 200], adobeTransform: 0), .cmyk, [200, 0, 78]),
        // YCCK keeps 255 - red as "cyan", which Adobe then inverts again.
        (FlatJPEG(samples: [60, 128, 128, 255], adobeTransform: 2), .ycck, [195, 195, 195]),
    ]

    @Test(arguments: jpegs.indices)
    func jpegModelBecomesRGB(index: Int) throws {
        let (file, model, color) = Self.jpegs[index]
        let photo = try PhotoDecoder().decode(file.bytes())
        #expect(photo.header.colorModel == model && !photo.isDamaged)
        #expect(photo.header.componentCount == file.samples.count)
        let expected = Pictures.flat(file.size, color[0], color[1], color[2])
        let difference = try #require(photo.image.difference(from: expected))
        #expect(difference.largest <= Self.tolerance, "\(photo.image.pixels.prefix(3))")
    }

    @Test(arguments: [(1, 1), (2, 1), (1, 2), (2, 2), (4, 1), (1, 4), (4, 2), (3, 1), (3, 2)])
    func everySamplingOfColourIsRead(horizontal: Int, vertical: Int) throws {
        let file = FlatJPEG(samples: [100, 90, 160], sampling: (horizontal, vertical))
        let photo = try PhotoDecoder().decode(file.bytes())
        let color = Self.rgb(100, 90, 160)
        let expected = Pictures.flat(file.size, color[0], color[1], color[2])
        let difference = try #require(photo.image.difference(from: expected))
        #expect(difference.largest <= Self.tolerance)
    }

    @Test(arguments: [
        FlatJPEG(samples: [1, 2]), FlatJPEG(samples: [1, 2, 3], frameMarker: 0xC1, precision: 12),
        FlatJPEG(samples: [1], frameMarker: 0xC3), FlatJPEG(samples: [1], frameMarker: 0xC5),
    ])
    func otherKindsAreRefusedAsSuch(file: FlatJPEG) {
        let error = #expect(throws: ImageDecodingError.self) {
            try PhotoDecoder().decode(file.bytes())
        }
        #expect(error?.code == "unsupported_encoding")
    }

    private static let two = PixelSize(width: 2, height: 1)

    /// 8-bit results by hand; transparency lies on white.
    private static let pngs: [(RawPNG, PhotoHeader.ColorModel, [UInt8])] = [
        (
            RawPNG(size: two, bitDepth: 1, colorType: 0, rows: [[0b0100_0000]]), .gray,
            [0, 0, 0, 255, 255, 255]
        ),
        (
            RawPNG(size: two, bitDepth: 4, colorType: 0, rows: [[0x1F]]), .gray,
            [17, 17, 17, 255, 255, 255]
        ),
        (
            // 0x0180 / 257 = 1.49, 0x0181 / 257 = 1.498; 0x0182 rounds up.
            RawPNG(size: two, bitDepth: 16, colorType: 0, rows: [[0x01, 0x81, 0x01, 0x82]]), .gray,
            [1, 1, 1, 2, 2, 2]
        ),
        (
            RawPNG(
                size: two, bitDepth: 8, colorType: 3, rows: [[1, 0]],
                palette: [10, 20, 30, 40, 50, 60], transparency: [0]), .palette,
            [40, 50, 60, 255, 255, 255]
        ),
        (
            RawPNG(
                size: two, bitDepth: 8, colorType: 2, rows: [[1, 2, 3, 4, 5, 6]],
                transparency: [0, 4, 0, 5, 0, 6]), .rgb,
            [1, 2, 3, 255, 255, 255]
        ),
        (
            RawPNG(size: two, bitDepth: 8, colorType: 4, rows: [[100, 255, 100, 51]]), .grayAlpha,
            [100, 100, 100, 224, 224, 224]
        ),
        (
            RawPNG(size: two, bitDepth: 8, colorType: 6, rows: [[0, 90, 255, 128, 9, 9, 9, 0]]),
            .rgba,
            [127, 172, 255, 255, 255, 255]
        ),
    ]

    @Test(arguments: pngs.indices)
    func pngModelBecomesRGBOnWhite(index: Int) throws {
        let (file, model, pixels) = Self.pngs[index]
        let photo = try PhotoDecoder().decode(file.bytes())
        #expect(photo.image.pixels == pixels)
        #expect(photo.header.colorModel == model && photo.header.bitDepth == Int(file.bitDepth))
        #expect(!photo.isDamaged)
    }
}
