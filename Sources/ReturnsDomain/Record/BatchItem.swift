/// Which work a batch run is: the same key means the same work, which is resumed, not repeated.
public struct BatchRun: Hashable, Sendable {
    /// Which run.
    public let id: BatchRunID
    /// SHA-256 over the source (folder or manifest), grouping, model, calibration and policy.
    public let key: ContentHash
    /// When it was first started.
    public let startedAt: Timestamp

    /// Creates a run.
    public init(id: BatchRunID, key: ContentHash, startedAt: Timestamp) {
        self.id = id
        self.key = key
        self.startedAt = startedAt
    }
}

/// One item of a batch run.
public struct BatchItem: Hashable, Sendable {
    /// The run it belongs to.
    public let run: BatchRunID
    /// What names the item in its run: the relative path, folder or manifest item.
    public let item: String
    /// What tells whether it changed: sizes and modification times of its files.
    public let fingerprint: String
    /// The paths of its photos, relative to the source, in order.
    public let paths: [String]

    /// Creates an item.
    public init(run: BatchRunID, item: String, fingerprint: String, paths: [String]) {
        self.run = run
        self.item = item
        self.fingerprint = fingerprint
        self.paths = paths
    }
}

/// What became of one item of a batch run.
public enum BatchItemResult: Hashable, Sendable {
    /// It was inspected; the stored adjudication document with its audit position added.
    case inspected(Adjudication)
    /// It could not be inspected: a stable code and a sentence.
    case unreadable(code: String, message: String)
}
