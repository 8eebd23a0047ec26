/// Something that happens more often with one product or category than its own past leads to
/// expect.
public struct EarlyWarning: Hashable, Sendable {
    /// What is counted.
    public enum Measure: String, CaseIterable, Hashable, Sendable {
        /// Items submitted.
        case submissions
        /// Items that ended in `retake`.
        case retakes
        /// Items that ended in `reject`.
        case rejects
    }

    /// What is counted.
    public let measure: Measure
    /// The product or category.
    public let segment: Segment
    /// How often in the recent window.
    public let recentCount: Int
    /// The recent window's length in hours.
    public let recentHours: Double
    /// How often in the time before.
    public let pastCount: Int
    /// The length of the time before, in hours.
    public let pastHours: Double
    /// How likely so many are if nothing changed, 0…1, before other segments are accounted for.
    public let probability: Double

    /// A product or a category.
    public enum Segment: Hashable, Sendable {
        /// Items of one SKU.
        case sku(String)
        /// Items of one category.
        case category(String)
    }

    /// Describes a rise.
    public init(
        measure: Measure, segment: Segment, recentCount: Int, recentHours: Double,
        pastCount: Int, pastHours: Double, probability: Double
    ) {
        self.measure = measure
        self.segment = segment
        self.recentCount = recentCount
        self.recentHours = recentHours
        self.pastCount = pastCount
        self.pastHours = pastHours
        self.probability = probability
    }
}

/// What happened with the items of one product or category, lately and before.
public struct SegmentCounts: Hashable, Sendable {
    /// The product or category.
    public let segment: EarlyWarning.Segment
    /// When its first item within the time before was submitted, or its first recent one.
    public let firstAt: Timestamp
    /// Counts in the recent window.
    public let recent: [EarlyWarning.Measure: Int]
    /// Counts in the time before.
    public let past: [EarlyWarning.Measure: Int]

    /// Creates counts; what is absent is 0.
    public init(
        segment: EarlyWarning.Segment, firstAt: Timestamp,
        recent: [EarlyWarning.Measure: Int], past: [EarlyWarning.Measure: Int]
    ) {
        self.segment = segment
        self.firstAt = firstAt
        self.recent = recent
        self.past = past
    }
}
