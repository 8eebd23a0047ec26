/// Why bytes did not become a picture.
public enum ImageDecodingError: Error, Hashable, Sendable, Codable {
    /// No bytes at all.
    case empty
    /// A known format that is not read, named for people: `HEIC`, `WebP`, `GIF`, …
    case unsupportedFormat(name: String)
    /// The first bytes are no signature that is known.
    case unrecognizedFormat
    /// A legal kind of an accepted format that is not read, such as 12-bit or lossless JPEG.
    case unsupportedEncoding(format: ImageFormat, codecMessage: String)

    /// The file is longer than ``DecodingLimits/byteCountLimit``; nothing was read.
    case tooManyBytes(byteCount: Int, limit: Int)
    /// The header declares more than ``DecodingLimits/pixelCountLimit``.
    case tooManyPixels(pixelCount: Int, limit: Int)
    /// An interlaced PNG declares more than ``DecodingLimits/interlacedPixelCountLimit``.
    case tooManyInterlacedPixels(pixelCount: Int, limit: Int)
    /// The header declares a side beyond ``DecodingLimits/sideLimit``.
    case sideTooLong(side: Int, limit: Int)
    /// A JPEG went on beyond ``DecodingLimits/scanCountLimit`` scans.
    case tooManyScans(limit: Int)
    /// An animated PNG declares more than ``DecodingLimits/frameCountLimit`` frames.
    case tooManyFrames(frameCount: Int, limit: Int)
    /// Metadata takes more than ``DecodingLimits/metadataByteCountLimit``.
    case metadataTooLarge(byteCount: Int, limit: Int)
    /// Decoding would hold more than ``DecodingLimits/memoryByteCountLimit``. `byteCount` is the
    /// estimate from the header; it is nil if the codec itself met the limit.
    case tooMuchMemory(byteCount: Int?, limit: Int)
    /// Decoding took more than ``DecodingLimits/processorTimeLimit`` of processor time.
    case outOfTime(limit: Duration)

    /// Fewer than ``DamagedFileRule/realRowRatioRequired`` of the rows are in the file.
    case truncated(format: ImageFormat, rowCount: Int, rowCountExpected: Int)
    /// The codec gave up; `codecMessage` is its own sentence.
    case malformed(format: ImageFormat, codecMessage: String)
    /// The helper process that decoded the photo gave no picture; see ``IsolatedPhotoDecoder``.
    case decoderFailed(DecoderFailure)
}

extension ImageDecodingError {
    /// Stable name for machines, snake_case; the same in HTTP answers, in `--json` and in metrics.
    public var code: String {
        switch self {
        case .empty: "photo_empty"
        case .unsupportedFormat, .unrecognizedFormat: "unsupported_format"
        case .unsupportedEncoding: "unsupported_encoding"
        case .tooManyBytes: "photo_too_large"
        case .tooManyPixels: "too_many_pixels"
        case .tooManyInterlacedPixels: "too_many_interlaced_pixels"
        case .sideTooLong: "side_too_long"
        case .tooManyScans: "too_many_scans"
        case .tooManyFrames: "too_many_frames"
        case .metadataTooLarge: "metadata_too_large"
        case .tooMuchMemory: "decoder_memory_limit"
        case .outOfTime: "decoding_deadline"
        case .truncated: "photo_truncated"
        case .malformed: "photo_undecodable"
        case .decoderFailed: "decoder_failed"
        }
    }

    /// Whether one of ``DecodingLimits`` refused the photo.
    public var isLimit: Bool {
        switch self {
        case .tooManyBytes, .tooManyPixels, .tooManyInterlacedPixels, .sideTooLong, .tooManyScans,
            .tooManyFrames, .metadataTooLarge, .tooMuchMemory, .outOfTime:
            true
        case .empty, .unsupportedFormat, .unrecognizedFormat, .unsupportedEncoding, .truncated,
            .malformed, .decoderFailed:
            false
        }
    }
}

extension ImageDecodingError: CustomStringConvertible {
    /// One sentence for people: what is wrong, the value, the bound, the setting.
    public var description: String {
        switch self {
        case .empty:
            "photo is empty; \(Self.accepted)"
        case .unsupportedFormat(let name):
            "photo is \(name), which is not read; \(Self.accepted)"
        case .unrecognizedFormat:
            "photo is no picture of a known format; \(Self.accepted)"
        case .unsupportedEncoding(let format, let message):
            "\(format.label) of a kind that is not read: \(message); save it as 8-bit baseline JPEG"
        case .tooManyBytes(let count, let limit):
            "photo has \(count) bytes, more than the \(limit) of byteCountLimit"
        case .tooManyPixels(let count, let limit):
            "photo declares \(count) pixels, more than the \(limit) of pixelCountLimit"
        case .tooManyInterlacedPixels(let count, let limit):
            "interlaced PNG declares \(count) pixels, more than the \(limit) of "
                + "interlacedPixelCountLimit; save it without interlacing"
        case .sideTooLong(let side, let limit):
            "photo declares a side of \(side) pixels, more than the \(limit) of sideLimit"
        case .tooManyScans(let limit):
            "JPEG has more scans than the \(limit) of scanCountLimit"
        case .tooManyFrames(let count, let limit):
            "PNG is an animation of \(count) frames, more than the \(limit) of frameCountLimit"
        case .metadataTooLarge(let count, let limit):
            "photo carries \(count) bytes of metadata, more than the \(limit) of "
                + "metadataByteCountLimit"
        case .tooMuchMemory(let count, let limit):
            "decoding the photo needs \(count.map { "\($0) bytes of memory, " } ?? "")"
                + "more than the \(limit) bytes of memoryByteCountLimit"
        case .outOfTime(let limit):
            "decoding the photo takes more processor time than the \(limit) of processorTimeLimit"
        case .truncated(let format, let count, let expected):
            "\(format.label) holds \(count) of its \(expected) rows, fewer than "
                + "\(Int(DamagedFileRule.realRowRatioRequired * 100)) %; send the photo again"
        case .malformed(let format, let message):
            "\(format.label) cannot be decoded: \(message)"
        case .decoderFailed(let failure):
            "the process that decodes photos gave no picture: \(failure); save the photo anew"
        }
    }

    private static let accepted = "JPEG and PNG are accepted"
}

extension ImageFormat {
    /// The name for people.
    var label: String {
        switch self {
        case .jpeg: "JPEG"
        case .png: "PNG"
        }
    }
}
