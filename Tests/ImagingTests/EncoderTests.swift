import Imaging
import Testing

struct EncoderTests {
    private static let sizes = [(1, 1), (7, 3), (64, 48), (129, 65)].map {
        PixelSize(width: $0.0, height: $0.1)
    }

    @Test(arguments: sizes, [false, true])
    func pngGivesBackTheSamePixels(size: PixelSize, interlaced: Bool) throws {
        let image = Pictures.noise(size)
        for level in [0, 1, 9] {
            let encoder = PNGEncoder(compressionLevel: level, isInterlaced: interlaced)
            let photo = try PhotoDecoder().decode(encoder.encode(image))
            #expect(photo.image == image && photo.header.isInterlaced == interlaced)
            #expect(photo.header.colorModel == .rgb && photo.header.bitDepth == 8)
        }
    }

    /// Smooth pictures at high quality: rounding of colour conversion and of small coefficients.
    @Test(arguments: JPEGEncoder.ChromaSampling.allCases, [false, true])
    func jpegGivesBackAlmostTheSamePixels(
        sampling: JPEGEncoder.ChromaSampling, progressive: Bool
    ) throws {
        let image = Pictures.gradient(PixelSize(width: 129, height: 65))
        let encoder = JPEGEncoder(
            quality: 98, chromaSampling: sampling, isProgressive: progressive, restartInterval: 3)
        let photo = try PhotoDecoder().decode(encoder.encode(image))
        let difference = try #require(photo.image.difference(from: image))
        #expect(difference.mean < 1.5 && difference.largest < 16, "\(difference)")
        #expect(photo.header.isProgressive == progressive && photo.header.colorModel == .yCbCr)
    }

    @Test func lowerQualityIsSmaller() throws {
        let image = Pictures.noise(PixelSize(width: 64, height: 64))
        let counts = try [-5, 10, 50, 95, 500].map {
            try JPEGEncoder(quality: $0).encode(image).count
        }
        #expect(counts == counts.sorted() && Set(counts).count == counts.count)
    }

    @Test func sidesBeyondTheFormatAreRefused() {
        let long = Pictures.flat(PixelSize(width: 65_536, height: 1), 0, 0, 0)
        #expect(
            throws: ImageEncodingError.sideTooLong(format: .jpeg, side: 65_536, limit: 65_500)
        ) { try JPEGEncoder().encode(long) }
        #expect(throws: ImageEncodingError.sideTooLong(format: .png, side: 65_536, limit: 65_535)) {
            try PNGEncoder().encode(long)
        }
    }
}
