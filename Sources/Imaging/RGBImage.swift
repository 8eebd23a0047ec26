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

    /// The picture as a mirror shows it, left for right.
    public func mirrored() -> RGBImage {
        var mirrored = pixels
        for row in 0..<height {
            for column in 0..<width {
                let from = (row * width + column) * 3
                let to = (row * width + width - 1 - column) * 3
                for channel in 0..<3 { mirrored[to + channel] = pixels[from + channel] }
            }
        }
        return RGBImage(width: width, height: height, pixels: mirrored)
    }
}
