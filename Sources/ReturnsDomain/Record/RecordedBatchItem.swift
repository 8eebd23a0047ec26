/// One item of a batch run with what became of it.
public struct RecordedBatchItem: Hashable, Sendable {
    /// The item.
    public let item: BatchItem
    /// What became of it.
    public let result: BatchItemResult

    /// Creates a result.
    public init(item: BatchItem, result: BatchItemResult) {
        self.item = item
        self.result = result
    }
}

/// An item of a batch run that could not be inspected.
public struct BatchItemFailure: Hashable, Sendable {
    /// The item.
    public let item: BatchItem
    /// The stable error code, such as `photo_truncated`.
    public let code: String
    /// The sentence for people.
    public let message: String

    /// Creates a failure.
    public init(item: BatchItem, code: String, message: String) {
        self.item = item
        self.code = code
        self.message = message
    }
}

/// What the items of a batch run came to.
public struct BatchCounts: Hashable, Sendable {
    /// Inspected items by outcome.
    public var outcomes: [Outcome: Int] = [:]
    /// Items that could not be inspected, by error code.
    public var unreadable: [String: Int] = [:]

    /// Creates counts of nothing.
    public init() {}

    /// How many items were inspected.
    public var inspectedCount: Int { outcomes.values.reduce(0, +) }
    /// How many could not be.
    public var unreadableCount: Int { unreadable.values.reduce(0, +) }
}
