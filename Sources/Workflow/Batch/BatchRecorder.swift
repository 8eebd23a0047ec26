/// Records what a batch has gathered, one transaction at a time, while the workers go on; used by
/// the one task that collects results.
final class BatchRecorder {
    private let casebook: Casebook
    private let shelf: AssessmentShelf
    private var running: Task<Void, any Error>?

    init(casebook: Casebook, shelf: AssessmentShelf) {
        self.casebook = casebook
        self.shelf = shelf
    }

    /// Begins to record; what was begun before must have been waited for.
    ///
    /// In a task of its own, because what was inspected is recorded even if the batch is cancelled
    /// meanwhile.
    func start(_ results: [BatchResult]) {
        guard !results.isEmpty else { return }
        let records = results.compactMap(\.record)
        let unreadable = results.compactMap(\.unreadable)
        let computed = results.flatMap(\.computed)
        running = Task { [casebook, shelf] in
            try await shelf.keep(computed)
            if !records.isEmpty { _ = try await casebook.record(records) }
            if !unreadable.isEmpty { try await casebook.recordUnreadable(unreadable) }
        }
    }

    /// Waits until what was begun is durable.
    ///
    /// - Throws: Why it could not be recorded.
    func wait() async throws {
        try await running?.value
        running = nil
    }
}
