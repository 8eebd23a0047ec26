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
