/// Width and height of a picture in pixels.
public struct PixelSize: Hashable, Sendable, Codable {
    /// Pixels in a row, not negative.
    public var width: Int

    /// Rows, not negative.
    public var height: Int

    /// Creates a size from its two sides, in pixels.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// The same size turned by a quarter.
    public var transposed: PixelSize { PixelSize(width: height, height: width) }

    /// `width * height`, or `Int.max` where that does not fit.
    public var pixelCount: Int {
        let (product, overflows) = width.multipliedReportingOverflow(by: height)
        return overflows ? Int.max : product
    }
}

extension PixelSize: CustomStringConvertible {
    /// Written as `4032x3024`.
    public var description: String { "\(width)x\(height)" }
}
