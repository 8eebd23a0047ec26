/// Where in a photo the evidence of damage lies.
public struct HeatMap: Hashable, Sendable {
    /// Cells per row, at least 1.
    public let width: Int
    /// Rows, at least 1.
    public let height: Int
    /// Probability of damage per cell, 0…1, row-major from the upper left of the upright photo.
    public let values: [Float]

    /// Creates a heat map.
    ///
    /// - Precondition: `values.count == width * height` and both sides are at least 1.
    public init(width: Int, height: Int, values: [Float]) {
        precondition(
            width > 0 && height > 0 && values.count == width * height,
            "heat map of \(width) x \(height) cells has \(values.count) values")
        self.width = width
        self.height = height
        self.values = values
    }

    /// The share of cells at or above a probability, 0…1: a measure of the damaged area.
    public func areaRatio(atLeast probability: Float) -> Double {
        Double(values.count { $0 >= probability }) / Double(values.count)
    }
}
