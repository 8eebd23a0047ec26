/// Turns a photo's bytes into an upright sRGB picture, within limits.
///
/// One decoder belongs to one thread: it blocks that thread, measures its processor time and keeps
/// colour conversions from photo to photo, since pictures of one phone embed one profile.
///
/// ```swift
/// let decoder = PhotoDecoder()
/// let photo = try decoder.decode(bytes, covering: PixelSize(width: 256, height: 256))
/// ```
public final class PhotoDecoder {
    /// What a photo may cost.
    public let limits: DecodingLimits

    private let converters: ColorConverterCache

    /// Creates a decoder for the calling thread.
    public init(limits: DecodingLimits = DecodingLimits()) {
        self.limits = limits
        converters = ColorConverterCache()
    }

    /// Reads a photo's header and checks all limits that it can tell, without decoding a pixel.
    ///
    /// - Throws: ``ImageDecodingError``, as ``decode(_:covering:)`` does for the header.
    /// - Complexity: O(segments or chunks of the file).
    public func header(of bytes: [UInt8]) throws(ImageDecodingError) -> PhotoHeader {
        try ParsedPhoto(bytes, limits: limits).header
    }

    /// Decodes a photo at the smallest scale whose upright picture is at least as large as `target`
    /// on both sides.
    ///
    /// - Parameters:
    ///   - bytes: The whole file. Its first bytes decide the format, never its name.
    ///   - target: What the upright picture must cover, in pixels; nil for full size. A photo
    ///     smaller than that comes at its full size.
    /// - Returns: The picture: orientation applied, on white where it was transparent, converted to
    ///   sRGB where an RGB profile says otherwise.
    /// - Throws: ``ImageDecodingError``. Limits are checked before pixels are allocated, and while
    ///   decoding; a file with codec warnings passes if ``DamagedFileRule`` admits it.
    public func decode(
        _ bytes: [UInt8], covering target: PixelSize? = nil
    ) throws(ImageDecodingError) -> DecodedPhoto {
        let deadline = ThreadProcessorTime.after(limits.processorTimeLimit)
        let parsed = try ParsedPhoto(bytes, limits: limits)
        let header = parsed.header
        let reduction = parsed.reduction(covering: target)
        let memory = parsed.memoryByteCount(reduction: reduction)
        if memory > limits.memoryByteCountLimit {
            throw .tooMuchMemory(byteCount: memory, limit: limits.memoryByteCountLimit)
        }
        let call = CodecCall(format: header.format, limits: limits, deadline: deadline)
        let output = DecodingTarget(
            storedSize: header.storedSize, orientation: header.orientation, reduction: reduction)
        var raw =
            switch header.format {
            case .jpeg: try JPEGDecoder.decode(bytes, to: output, call: call)
            case .png: try PNGDecoder.decode(bytes, to: output, call: call)
            }
        let rowCount = header.storedSize.height
        if raw.warningCount > 0
            && !DamagedFileRule.admits(rowCount: raw.realRowCount, of: rowCount)
        {
            throw .truncated(
                format: header.format, rowCount: raw.realRowCount, rowCountExpected: rowCount)
        }
        let profile = try converters.convertToSRGB(
            &raw.pixels, from: parsed.profile, colorModel: header.colorModel
        ) { () throws(ImageDecodingError) in
            if deadline.hasPassed { throw .outOfTime(limit: limits.processorTimeLimit) }
        }
        return DecodedPhoto(
            image: RGBImage(
                width: output.size.width, height: output.size.height, pixels: raw.pixels),
            header: header, reduction: reduction, colorProfile: profile,
            codecWarningCount: raw.warningCount, codecWarning: raw.warning,
            realRowCount: raw.realRowCount)
    }
}
