/// A picture in memory: 8-bit sRGB, three samples a pixel, no transparency.
public struct RGBImage: Hashable, Sendable {
    /// Pixels in a row, at least 1.
    public let width: Int

    /// Rows, at least 1.
    public let height: Int

    /// Samples in the order height, width, channel (R, G, B), rows from the top:
    /// the pixel in column `x` and row `y` starts at `(y * width + x) * 3`.
    public let pixels: [UInt8]

    /// Creates a picture from its samples.
    ///
    /// - Parameters:
    ///   - width: At least 1.
    ///   - height: At least 1.
    ///   - pixels: Exactly `width * height * 3` samples, in the layout of ``pixels``.
    /// - Precondition: The count of samples fits the size.
    public init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(
            width > 0 && height > 0 && pixels.count == width * height * 3,
            "\(pixels.count) samples do not make a picture of \(width)x\(height)")
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// The picture's sides.
    public var size: PixelSize { PixelSize(width: width, height: height) }
}
