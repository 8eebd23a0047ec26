/// One item that a batch inspects, before anything of it is read.
public struct BatchEntry: Sendable, Hashable {
    /// What names the item in its run: relative path, folder or manifest item.
    public let item: String
    /// The photos' paths as results show them: relative to the source.
    public let paths: [String]
    /// The photos' files and the order data.
    public let submission: ItemSubmission

    /// Creates an entry.
    public init(item: String, paths: [String], submission: ItemSubmission) {
        self.item = item
        self.paths = paths
        self.submission = submission
    }
}
