import Foundation
public import ReturnsDomain

/// Inspects all items of a source, records them and resumes where an earlier run stopped.
///
/// Items are inspected side by side, one per worker, and recorded in groups: one durable
/// transaction for several items. An item counts as done only once its transaction is durable, so a
/// kill at any moment costs at most the items in flight, and starting again repeats no recorded
/// one.
public struct BatchRunner: Sendable {
    private let inspector: Inspector
    private let casebook: Casebook
    private let keepsPhotos: Bool

    /// The items recorded in one transaction: enough to share the cost of a sync, few enough that a
    /// kill costs less than a second's work.
    private static let groupCount = 16

    /// Creates a runner.
    public init(inspector: Inspector, casebook: Casebook, keepsPhotos: Bool) {
        self.inspector = inspector
        self.casebook = casebook
        self.keepsPhotos = keepsPhotos
    }

    /// Runs a batch to its end, or until the task is cancelled.
    ///
    /// - Parameters:
    ///   - source: Where the items come from.
    ///   - report: Called after every group of items.
    /// - Returns: What the whole run came to, earlier parts included.
    /// - Throws: ``Failure`` of kind `tryAgain` after cancellation; what was done until then is
    ///   recorded.
    public func run(
        _ source: BatchSource, report: @Sendable (BatchProgress) -> Void
    ) async throws -> (run: BatchRun, summary: BatchSummary) {
        let run = try await casebook.startRun(key: key(of: source))
        let state = try await BatchState(
            run: run, totalCount: count(source), recorded: casebook.recordedItems(of: run))
        report(state.progress)
        try await inspectAll(source, state, report)
        try Task.checkCancellation(orThrow: Self.interrupted)
        return (run, try await summary(of: run, state.progress))
    }

    private static let interrupted = Failure(
        .tryAgain, code: "interrupted",
        "the batch was interrupted; run the same command again and it goes on where it stopped")

    private func inspectAll(
        _ source: BatchSource, _ state: BatchState, _ report: (BatchProgress) -> Void
    ) async throws {
        let switches = try await casebook.automationSwitches()
        try await withThrowingTaskGroup(of: BatchResult.self) { group in
            var runningCount = 0
            func collect() async throws {
                guard let result = try await group.next() else { return }
                runningCount -= 1
                state.pending.append(result)
                if state.pending.count >= Self.groupCount {
                    try await record(state)
                    report(state.progress)
                }
            }
            try await source.forEachEntry { entry in
                guard !Task.isCancelled else { return }
                guard let item = state.itemToInspect(entry) else { return }
                // Twice as many as workers, so that no worker waits for the recorder.
                if runningCount >= 2 * inspector.workerCount { try await collect() }
                runningCount += 1
                group.addTask { try await result(of: entry, item, switches) }
            }
            while runningCount > 0 { try await collect() }
        }
        try await record(state)
        report(state.progress)
    }

    private func result(
        of entry: BatchEntry, _ item: BatchItem, _ switches: [AutomationSwitch]
    ) async throws -> BatchResult {
        do {
            return .inspected(
                try await inspector.inspect(
                    entry.submission, switches: switches, keepsBytes: keepsPhotos, batchItem: item))
        } catch let failure as Failure where failure.isAboutTheInput {
            return .unreadable(item, failure)
        }
    }

    private func record(_ state: BatchState) async throws {
        let pending = state.pending
        guard !pending.isEmpty else { return }
        let records = pending.compactMap(\.record)
        let unreadable = pending.compactMap(\.unreadable)
        // In a task of its own, because what was inspected is recorded even if the batch is
        // cancelled meanwhile.
        try await Task { [casebook] in
            if !records.isEmpty { _ = try await casebook.record(records) }
            if !unreadable.isEmpty { try await casebook.recordUnreadable(unreadable) }
        }.value
        state.settle(inspectedCount: records.count, unreadableCount: unreadable.count)
    }

    private func key(of source: BatchSource) -> ContentHash {
        Digest.contentHash(
            of: Array(
                [source.kind, source.resolvedPath, inspector.versionKey]
                    .joined(separator: "\n").utf8))
    }

    private func count(_ source: BatchSource) async throws -> Int {
        var count = 0
        try await source.forEachEntry { _ in count += 1 }
        return count
    }

    private func summary(
        of run: BatchRun, _ progress: BatchProgress
    ) async throws -> BatchSummary {
        var outcomes: [String: Int] = [:]
        var unreadable: [String: Int] = [:]
        try await casebook.forEachResult(of: run) { _, result in
            switch result {
            case .inspected(let document):
                outcomes[document.decision.outcome.rawValue, default: 0] += 1
            case .unreadable(let code, _): unreadable[code, default: 0] += 1
            }
        }
        return BatchSummary(
            run: run.id.description, progress: progress, outcomeCounts: outcomes,
            unreadableCounts: unreadable, peakMemoryByteCount: ProcessMemory.peakByteCount)
    }
}

/// What became of one item, before it is recorded.
enum BatchResult: Sendable {
    case inspected(InspectedItem)
    case unreadable(BatchItem, Failure)

    var record: InspectionRecord? {
        if case .inspected(let item) = self { item.record } else { nil }
    }

    var unreadable: (BatchItem, Failure)? {
        if case .unreadable(let item, let failure) = self { (item, failure) } else { nil }
    }
}

extension Task where Success == Never, Failure == Never {
    /// Throws the error given if the task was cancelled.
    static func checkCancellation(orThrow error: some Error) throws {
        if isCancelled { throw error }
    }
}
