/// How much each part of a picture speaks for damage.
public struct HeatMap: Hashable, Sendable {
    /// Cells in a row, at least 1.
    public let width: Int

    /// Rows of cells, at least 1.
    public let height: Int

    /// Rows from the top, `width * height` values in 0...1.
    public let values: [Float]

    /// Creates a map; values outside 0...1 are taken as the nearest, and what is not a number as 0.
    ///
    /// - Precondition: The count of values fits the size.
    public init(width: Int, height: Int, values: [Float]) {
        precondition(
            width > 0 && height > 0 && values.count == width * height,
            "\(values.count) values do not make a map of \(width)x\(height)")
        self.width = width
        self.height = height
        self.values = values.map { $0.isNaN ? 0 : min(max($0, 0), 1) }
    }

    /// The value at a point by bilinear interpolation between cell centres.
    ///
    /// - Parameters:
    ///   - x: From 0 (left edge) to 1 (right edge).
    ///   - y: From 0 (top edge) to 1 (bottom edge).
    /// - Returns: A value in 0...1; beyond the outer centres the nearest cell's.
    public func value(x: Float, y: Float) -> Float {
        let column = Self.neighbours(of: x, count: width)
        let row = Self.neighbours(of: y, count: height)
        let above = mix(row.low, column)
        let below = mix(row.high, column)
        return above + (below - above) * row.share
    }

    private struct Neighbours {
        var low: Int
        var high: Int
        /// How much of `high` there is, 0...1.
        var share: Float
    }

    private static func neighbours(of position: Float, count: Int) -> Neighbours {
        let cell = min(max(position * Float(count) - 0.5, 0), Float(count - 1))
        let low = Int(cell)
        return Neighbours(low: low, high: min(low + 1, count - 1), share: cell - Float(low))
    }

    private func mix(_ row: Int, _ column: Neighbours) -> Float {
        let left = values[row * width + column.low]
        return left + (values[row * width + column.high] - left) * column.share
    }
}
