public import ReturnsDomain

/// Where a batch is.
public struct BatchProgress: Sendable, Hashable {
    /// How many items the source has.
    public let totalCount: Int
    /// Items that an earlier run had recorded.
    public let resumedCount: Int
    /// Items inspected and recorded now.
    public let inspectedCount: Int
    /// Items that could not be read or decoded.
    public let unreadableCount: Int
    /// Photos among those inspected now whose assessment was known before.
    public let reusedPhotoCount: Int
    /// Since this run started.
    public let elapsed: Duration

    /// Items that need nothing more.
    public var doneCount: Int { resumedCount + inspectedCount + unreadableCount }

    /// Share of the items that need nothing more, 0…1.
    public var share: Double { totalCount == 0 ? 1 : Double(doneCount) / Double(totalCount) }

    /// How fast items are done now; nil before the first one.
    public var itemsPerSecond: Double? {
        let count = inspectedCount + unreadableCount
        let seconds = elapsed.milliseconds / 1000
        return count > 0 && seconds > 0 ? Double(count) / seconds : nil
    }

    /// How long the rest takes at this rate; nil before the first item.
    public var secondsLeft: Double? {
        itemsPerSecond.map { Double(totalCount - doneCount) / $0 }
    }
}

/// What a batch came to.
public struct BatchSummary: Sendable, Hashable {
    /// The run in the casebook.
    public let run: String
    /// The last state of its progress.
    public let progress: BatchProgress
    /// What the items of the whole run came to.
    public let counts: BatchCounts
    /// The most memory the process ever held, in bytes.
    public let peakMemoryByteCount: Int
}
