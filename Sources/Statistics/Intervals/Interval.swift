/// A range that holds an unknown quantity with a stated confidence.
public struct Interval: Codable, Hashable, Sendable {
    /// The lower end.
    public let lower: Double
    /// The upper end, at least ``lower``.
    public let upper: Double

    /// Creates an interval.
    ///
    /// - Precondition: `lower <= upper`; neither is NaN.
    public init(lower: Double, upper: Double) {
        precondition(lower <= upper, "interval from \(lower) to \(upper)")
        self.lower = lower
        self.upper = upper
    }

    /// Whether a value lies in the interval, ends included.
    public func contains(_ value: Double) -> Bool { lower <= value && value <= upper }
}
