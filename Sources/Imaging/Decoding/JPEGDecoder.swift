internal import CImageCodecs

/// JPEG files: header and metadata, then pixels.
enum JPEGDecoder {
    static func parse(
        _ bytes: [UInt8], limits: DecodingLimits
    ) throws(ImageDecodingError) -> ParsedPhoto {
        let metadata = JPEGMetadata(bytes)
        try limits.check(metadataByteCount: metadata.byteCount)
        let call = CodecCall(
            format: .jpeg, limits: limits, deadline: .after(limits.processorTimeLimit))
        var header = codec_jpeg_header()
        var report = codec_report()
        let status = unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe withUnsafePointer(to: call.codecLimits) { codecLimits in
                unsafe codec_jpeg_probe(
                    buffer.baseAddress, buffer.count, codecLimits, &header, &report)
            }
        }
        let size = PixelSize(width: Int(header.width), height: Int(header.height))
        // A side beyond the codec's own bound is a limit of ours first, so sizes come before it.
        try limits.check(size, isInterlaced: false)
        if let error = call.error(status: status, report: report) { throw error }
        return ParsedPhoto(
            header: PhotoHeader(
                format: .jpeg,
                storedSize: size,
                orientation: Orientation(tag: metadata.orientationTag ?? 1),
                bitDepth: Int(header.bit_depth),
                componentCount: Int(header.component_count),
                colorModel: colorModel(header.color_model),
                isInterlaced: false,
                isProgressive: header.is_progressive != 0,
                isArithmetic: header.is_arithmetic != 0),
            profile: metadata.profile,
            codecByteCount: Int(clamping: header.coefficient_byte_count))
    }

    /// Decodes to upright RGB in the file's own colour space.
    static func decode(
        _ bytes: [UInt8], to target: DecodingTarget, call: CodecCall
    ) throws(ImageDecodingError) -> RawPhoto {
        let (pixels, status, report) = unsafe target.filled { target, report in
            unsafe bytes.withUnsafeBufferPointer { buffer in
                unsafe withUnsafePointer(to: call.codecLimits) { codecLimits in
                    unsafe codec_jpeg_decode(
                        buffer.baseAddress, buffer.count, codecLimits, &target, &report)
                }
            }
        }
        if let error = call.error(status: status, report: report) { throw error }
        return RawPhoto(pixels: pixels, report: report)
    }

    private static func colorModel(_ letter: UInt8) -> PhotoHeader.ColorModel {
        switch letter {
        case UInt8(ascii: "Y"): .gray
        case UInt8(ascii: "C"): .yCbCr
        case UInt8(ascii: "R"): .rgb
        case UInt8(ascii: "K"): .cmyk
        case UInt8(ascii: "A"): .ycck
        default: .unknown
        }
    }
}

/// What a codec put out, before colour management.
struct RawPhoto {
    var pixels: [UInt8]
    let warningCount: Int
    let warning: String?
    let realRowCount: Int

    init(pixels: [UInt8], report: codec_report) {
        self.pixels = pixels
        warningCount = Int(clamping: report.warning_count)
        warning = report.warning_count > 0 ? report.text : nil
        realRowCount = Int(report.decoded_row_count)
    }
}
