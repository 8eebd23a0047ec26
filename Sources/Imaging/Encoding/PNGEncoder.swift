internal import CImageCodecs

/// Writes pictures as PNG (8-bit RGB).
public struct PNGEncoder: Hashable, Sendable {
    /// The longest side that is written, in pixels.
    public static let sideLimit = 65_535

    /// zlib's level from 0 (stored) to 9 (smallest); values outside are taken as the nearest.
    public var compressionLevel: Int

    /// Whether the picture is stored in the seven passes of Adam7.
    public var isInterlaced: Bool

    /// Creates an encoder; the defaults suit pictures that are served.
    public init(compressionLevel: Int = 6, isInterlaced: Bool = false) {
        self.compressionLevel = compressionLevel
        self.isInterlaced = isInterlaced
    }

    /// The picture as the bytes of a PNG file, without metadata.
    ///
    /// - Throws: ``ImageEncodingError``, for a side beyond ``sideLimit``.
    public func encode(_ image: RGBImage) throws(ImageEncodingError) -> [UInt8] {
        let longer = max(image.width, image.height)
        if longer > Self.sideLimit {
            throw .sideTooLong(format: .png, side: longer, limit: Self.sideLimit)
        }
        let level = Int32(min(max(compressionLevel, 0), 9))
        return try unsafe encodedBytes(format: .png) { output, report in
            unsafe image.pixels.withUnsafeBufferPointer { pixels in
                unsafe codec_png_encode(
                    pixels.baseAddress, UInt32(image.width), UInt32(image.height), level,
                    isInterlaced ? 1 : 0, &output, &report)
            }
        }
    }
}
