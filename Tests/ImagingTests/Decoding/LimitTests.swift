import Imaging
import Testing

/// Every limit one below, at, and one above what a photo has.
struct LimitTests {
    private static let picture = Pictures.gradient(PixelSize(width: 40, height: 30))

    /// A limit's name, the value that a photo has, that photo, and where the limit is set.
    struct Edge: CustomStringConvertible {
        let code: String
        let value: Int
        let setting: WritableKeyPath<DecodingLimits, Int>
        let bytes: [UInt8]

        var description: String { code }
    }

    private static func edges() throws -> [Edge] {
        let jpeg = try JPEGEncoder().encode(picture)
        let png = try PNGEncoder().encode(picture)
        let interlaced = try PNGEncoder(isInterlaced: true).encode(picture)
        let progressive = try JPEGEncoder(isProgressive: true).encode(picture)
        let comment = [UInt8](repeating: 32, count: 500)
        let commented = FileSurgery.jpeg(jpeg, inserting: comment, marker: 0xFE)
        // JFIF's own segment takes 18 bytes, the comment's marker and length four.
        let text = FileSurgery.png(png, inserting: "tEXt", comment)
        let animated = FileSurgery.png(
            png, inserting: "acTL", FileSurgery.bigEndian(3) + FileSurgery.bigEndian(0))
        return [
            Edge("photo_too_large", jpeg.count, \.byteCountLimit, jpeg),
            Edge("photo_too_large", png.count, \.byteCountLimit, png),
            Edge("too_many_pixels", 1200, \.pixelCountLimit, jpeg),
            Edge("too_many_pixels", 1200, \.pixelCountLimit, png),
            Edge("too_many_interlaced_pixels", 1200, \.interlacedPixelCountLimit, interlaced),
            Edge("side_too_long", 40, \.sideLimit, jpeg),
            Edge("side_too_long", 40, \.sideLimit, png),
            Edge("too_many_scans", 10, \.scanCountLimit, progressive),
            Edge("too_many_frames", 3, \.frameCountLimit, animated),
            Edge("metadata_too_large", 18 + 4 + 500, \.metadataByteCountLimit, commented),
            Edge("metadata_too_large", 12 + 500, \.metadataByteCountLimit, text),
            Edge("decoder_memory_limit", 1200 * 3, \.memoryByteCountLimit, png),
            Edge("decoder_memory_limit", 1200 * 7, \.memoryByteCountLimit, interlaced),
        ]
    }

    @Test func holdsAtItsEdge() throws {
        for edge in try Self.edges() {
            for (offset, passes) in [(-1, false), (0, true), (1, true)] {
                var limits = DecodingLimits()
                limits[keyPath: edge.setting] = edge.value + offset
                let decoder = PhotoDecoder(limits: limits)
                let result = Result { () throws(ImageDecodingError) in
                    try decoder.decode(edge.bytes)
                }
                switch result {
                case .success: #expect(passes, "\(edge) at \(edge.value + offset)")
                case .failure(let error):
                    #expect(
                        !passes && error.code == edge.code && error.isLimit, "\(edge): \(error)")
                }
            }
        }
    }

    @Test(arguments: [ImageFormat.jpeg, .png])
    func stopsAtTheProcessorTimeLimit(format: ImageFormat) throws {
        let bytes =
            format == .jpeg
            ? try JPEGEncoder().encode(Self.picture) : try PNGEncoder().encode(Self.picture)
        let decoder = PhotoDecoder(limits: DecodingLimits(processorTimeLimit: .zero))
        #expect(throws: ImageDecodingError.outOfTime(limit: .zero)) { try decoder.decode(bytes) }
    }

    /// A progressive file needs its coefficients: two bytes a sample, in blocks.
    @Test func countsTheCoefficientsOfAProgressiveFile() throws {
        let encoder = JPEGEncoder(chromaSampling: .full, isProgressive: true)
        let bytes = try encoder.encode(Self.picture)
        let samples = 40 * 32 * 3 * 2 + 40 * 30 * 3
        let tight = PhotoDecoder(limits: DecodingLimits(memoryByteCountLimit: samples))
        let error = #expect(throws: ImageDecodingError.self) { try tight.decode(bytes) }
        #expect(error?.code == "decoder_memory_limit")
        let roomy = PhotoDecoder(limits: DecodingLimits(memoryByteCountLimit: samples * 4))
        #expect(throws: Never.self) { try roomy.decode(bytes) }
    }

    /// The interface contract's figures, on headers that hold nothing else.
    @Test(arguments: [
        (8_000, 8_000, false, nil), (8_001, 8_000, false, "too_many_pixels"),
        (16_384, 1, false, nil), (1, 16_385, false, "side_too_long"),
        (4_000, 4_000, true, nil), (4_001, 4_000, true, "too_many_interlaced_pixels"),
    ])
    func defaultsAreTheContracts(width: Int, height: Int, interlaced: Bool, code: String?) {
        let bytes = FileSurgery.pngHeader(
            PixelSize(width: width, height: height), interlaced: interlaced)
        let result = Result { () throws(ImageDecodingError) in
            try PhotoDecoder().header(of: bytes)
        }
        switch result {
        case .success(let header): #expect(code == nil && header.storedSize.width == width)
        case .failure(let error): #expect(error.code == code)
        }
    }

    /// Without limits of ours those of the formats remain, and nothing overflows.
    @Test(arguments: [(65_536, 1), (1, 2_147_483_647), (2_147_483_647, 2_147_483_647)])
    func noLimitsAreStillSafe(width: Int, height: Int) {
        let limits = DecodingLimits(
            byteCountLimit: .max, pixelCountLimit: .max, interlacedPixelCountLimit: .max,
            sideLimit: .max, scanCountLimit: .max, frameCountLimit: .max,
            metadataByteCountLimit: .max, memoryByteCountLimit: .max,
            processorTimeLimit: .seconds(Int64.max))
        let size = PixelSize(width: width, height: height)
        for interlaced in [false, true] {
            let bytes = FileSurgery.pngHeader(size, interlaced: interlaced)
            let expected = ImageDecodingError.sideTooLong(side: max(width, height), limit: 65_535)
            #expect(throws: expected) { try PhotoDecoder(limits: limits).decode(bytes) }
        }
        let photo = Pictures.gradient(PixelSize(width: 40, height: 30))
        #expect(throws: Never.self) {
            let profile = Array("a\0\0".utf8) + FileSurgery.zlibStored([1, 2, 3])
            let file = try FileSurgery.png(
                PNGEncoder().encode(photo), inserting: "iCCP", profile)
            _ = try PhotoDecoder(limits: limits).decode(file)
        }
    }

    @Test func defaultsThatNoHeaderShows() {
        let limits = DecodingLimits()
        #expect(limits.byteCountLimit == 20_000_000)
        #expect(limits.scanCountLimit == 100)
        #expect(limits.frameCountLimit == 1)
        #expect(limits.metadataByteCountLimit == 1_000_000)
        #expect(limits.memoryByteCountLimit == 160_000_000)
        #expect(limits.processorTimeLimit == .seconds(1))
    }
}

extension LimitTests.Edge {
    init(
        _ code: String, _ value: Int, _ setting: WritableKeyPath<DecodingLimits, Int>,
        _ bytes: [UInt8]
    ) {
        self.init(code: code, value: value, setting: setting, bytes: bytes)
    }
}
