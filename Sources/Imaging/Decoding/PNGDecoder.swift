internal import CImageCodecs

/// PNG files: header and metadata, then pixels.
enum PNGDecoder {
    static func parse(
        _ bytes: [UInt8], limits: DecodingLimits
    ) throws(ImageDecodingError) -> ParsedPhoto {
        guard let stored = PNGHeader(bytes) else {
            throw .malformed(format: .png, codecMessage: "no IHDR chunk at its start")
        }
        try limits.check(stored.size, isInterlaced: stored.isInterlaced)
        let metadata = PNGMetadata(bytes, profileByteCountLimit: limits.metadataByteCountLimit)
        try limits.check(metadataByteCount: metadata.byteCount)
        if metadata.frameCount > limits.frameCountLimit {
            throw .tooManyFrames(
                frameCount: metadata.frameCount, limit: limits.frameCountLimit)
        }
        return ParsedPhoto(
            header: PhotoHeader(
                format: .png,
                storedSize: stored.size,
                orientation: Orientation(tag: metadata.orientationTag ?? 1),
                bitDepth: stored.bitDepth,
                componentCount: stored.componentCount,
                colorModel: stored.colorModel,
                isInterlaced: stored.isInterlaced,
                isProgressive: false,
                isArithmetic: false),
            profile: metadata.profile,
            // Adam7 holds the whole picture as R, G, B, A.
            codecByteCount: stored.isInterlaced ? stored.size.pixelCount * 4 : 0)
    }

    /// Decodes to upright RGB on white in the file's own colour space.
    static func decode(
        _ bytes: [UInt8], to target: DecodingTarget, call: CodecCall
    ) throws(ImageDecodingError) -> RawPhoto {
        let (pixels, status, report) = unsafe target.filled { target, report in
            unsafe bytes.withUnsafeBufferPointer { buffer in
                unsafe withUnsafePointer(to: call.codecLimits) { codecLimits in
                    unsafe codec_png_decode(
                        buffer.baseAddress, buffer.count, codecLimits, &target, &report)
                }
            }
        }
        if let error = call.error(status: status, report: report) { throw error }
        return RawPhoto(pixels: pixels, report: report)
    }
}

/// The IHDR chunk: PNG third edition, section 11.2.1.
struct PNGHeader {
    let size: PixelSize
    let bitDepth: Int
    let colorType: UInt8
    let isInterlaced: Bool

    /// Nil where the file does not start with a complete IHDR of at least one pixel.
    ///
    /// Whether depth and colour type go together is the codec's to say.
    init?(_ bytes: [UInt8]) {
        var chunks = PNGChunkReader(bytes)
        guard let first = chunks.next(), first.type == "IHDR", first.payload.count == 13 else {
            return nil
        }
        let start = first.payload.lowerBound
        let reader = ByteReader(bytes: bytes, isLittleEndian: false)
        guard let width = reader.uint32(at: start), let height = reader.uint32(at: start + 4),
            width > 0, height > 0
        else { return nil }
        size = PixelSize(width: width, height: height)
        bitDepth = Int(bytes[start + 8])
        colorType = bytes[start + 9]
        isInterlaced = bytes[start + 12] != 0
    }

    var componentCount: Int {
        switch colorType {
        case 2: 3
        case 4: 2
        case 6: 4
        default: 1
        }
    }

    var colorModel: PhotoHeader.ColorModel {
        switch colorType {
        case 0: .gray
        case 2: .rgb
        case 3: .palette
        case 4: .grayAlpha
        case 6: .rgba
        default: .unknown
        }
    }
}
