internal import CImageCodecs

/// Writes pictures as JPEG (JFIF, YCbCr, Huffman).
public struct JPEGEncoder: Hashable, Sendable {
    /// How many brightness samples share one colour sample.
    public enum ChromaSampling: CaseIterable, Hashable, Sendable {
        /// 4:4:4, one each.
        case full
        /// 4:2:2, two side by side.
        case halfWidth
        /// 4:4:0, two on top of each other.
        case halfHeight
        /// 4:2:0, four.
        case quarter
    }

    /// The longest side that libjpeg writes, in pixels.
    public static let sideLimit = 65_500

    /// libjpeg's scale, 1...100; values outside are taken as the nearest.
    public var quality: Int

    /// Whether colour is stored at a lower resolution than brightness.
    public var chromaSampling: ChromaSampling

    /// Whether the picture is stored in several scans of rising quality.
    public var isProgressive: Bool

    /// MCUs between restart markers, 0...65,535; 0 writes none.
    public var restartInterval: Int

    /// Creates an encoder; the defaults suit pictures for people.
    public init(
        quality: Int = 90, chromaSampling: ChromaSampling = .quarter,
        isProgressive: Bool = false, restartInterval: Int = 0
    ) {
        self.quality = quality
        self.chromaSampling = chromaSampling
        self.isProgressive = isProgressive
        self.restartInterval = restartInterval
    }

    /// The picture as the bytes of a JPEG file, without metadata.
    ///
    /// - Throws: ``ImageEncodingError``, for a side beyond ``sideLimit``.
    public func encode(_ image: RGBImage) throws(ImageEncodingError) -> [UInt8] {
        let longer = max(image.width, image.height)
        if longer > Self.sideLimit {
            throw .sideTooLong(format: .jpeg, side: longer, limit: Self.sideLimit)
        }
        var options = codec_jpeg_options(
            quality: Int32(min(max(quality, 1), 100)),
            chroma_step_x: chromaSampling == .halfWidth || chromaSampling == .quarter ? 2 : 1,
            chroma_step_y: chromaSampling == .halfHeight || chromaSampling == .quarter ? 2 : 1,
            is_progressive: isProgressive ? 1 : 0,
            restart_interval: UInt32(min(max(restartInterval, 0), 65_535)))
        return try unsafe encodedBytes(format: .jpeg) { output, report in
            unsafe image.pixels.withUnsafeBufferPointer { pixels in
                unsafe codec_jpeg_encode(
                    pixels.baseAddress, UInt32(image.width), UInt32(image.height), &options,
                    &output, &report)
            }
        }
    }
}

/// Runs an encoding call of the C fence and takes over the bytes that it allocated.
func encodedBytes(
    format: ImageFormat,
    by encode: (inout codec_bytes, inout codec_report) -> codec_status
) throws(ImageEncodingError) -> [UInt8] {
    var output = unsafe codec_bytes()
    var report = codec_report()
    let status = unsafe encode(&output, &report)
    defer { unsafe codec_release(&output) }
    guard status == .CODEC_OK else {
        throw .codecFailed(format: format, codecMessage: report.text)
    }
    // The C fence fills both members on success, and the bytes live until they are released.
    return unsafe Array(UnsafeBufferPointer(start: output.bytes, count: output.byte_count))
}
