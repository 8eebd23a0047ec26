import Foundation
public import ReturnsDomain

/// Inspects all items of a source, records them and resumes where an earlier run stopped.
///
/// Items are inspected side by side, one per worker, and recorded in groups: one durable
/// transaction for several items, written while the workers go on. An item counts as done only once
/// its transaction is durable, so a kill at any moment costs at most two groups and the items in
/// flight, and starting again repeats no recorded one. Memory does not grow with the number of
/// items: the source is walked a page at a time, and whether an item has a result is asked a page
/// at a time.
public struct BatchRunner: Sendable {
    private let inspector: Inspector
    private let casebook: Casebook
    private let keepsPhotos: Bool
    private let reusesAssessments: Bool

    /// Entries looked up in the casebook at once.
    private static let pageCount = 256

    /// Creates a runner.
    ///
    /// - Parameter reusesAssessments: Whether a photo that the same engine has assessed before is
    ///   taken as it was, instead of being computed again.
    public init(
        inspector: Inspector, casebook: Casebook, keepsPhotos: Bool, reusesAssessments: Bool = true
    ) {
        self.inspector = inspector
        self.casebook = casebook
        self.keepsPhotos = keepsPhotos
        self.reusesAssessments = reusesAssessments
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
        let totalCount = try await source.itemCount()
        try Task.checkCancellation(orThrow: Self.interrupted)
        let run = try await casebook.startRun(key: key(of: source))
        let state = BatchState(run: run, totalCount: totalCount)
        report(state.progress)
        try await inspectAll(source, state, report)
        try Task.checkCancellation(orThrow: Self.interrupted)
        let counts = try await casebook.counts(of: run)
        return (
            run,
            BatchSummary(
                run: run.id.description, progress: state.progress, counts: counts,
                peakMemoryByteCount: ProcessMemory.peakByteCount)
        )
    }

    private static let interrupted = Failure(
        .tryAgain, code: "interrupted",
        "the batch was interrupted; run the same command again and it goes on where it stopped")

    private func inspectAll(
        _ source: BatchSource, _ state: BatchState, _ report: (BatchProgress) -> Void
    ) async throws {
        let switches = try await casebook.automationSwitches()
        let shelf = try casebook.assessmentShelf(for: inspector)
        let recorder = BatchRecorder(casebook: casebook, shelf: shelf)
        // The disk is waited for only once the next group has come together.
        func record() async throws {
            try await recorder.wait()
            state.settle()
            report(state.progress)
            recorder.start(state.takePending())
        }
        do {
            try await inspectEach(source, state, switches, shelf, record)
        } catch {
            // What is being written is whole, or not there, before anybody closes the record.
            try? await recorder.wait()
            throw error
        }
        try await record()
        try await recorder.wait()
        state.settle()
        report(state.progress)
    }

    /// Inspects all items that have no result yet, side by side.
    ///
    /// - Parameter record: Called when what is pending should be recorded.
    private func inspectEach(
        _ source: BatchSource, _ state: BatchState, _ switches: [AutomationSwitch],
        _ shelf: AssessmentShelf, _ record: () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: BatchResult.self) { group in
            var runningCount = 0
            func collect() async throws {
                guard let result = try await group.next() else { return }
                runningCount -= 1
                state.add(result)
                if state.isDue { try await record() }
            }
            func start(_ page: [BatchEntry]) async throws {
                for (entry, item) in try await itemsToInspect(page, state) {
                    try Task.checkCancellation()
                    // Twice as many as workers, so that no worker waits for the recorder.
                    if runningCount >= 2 * inspector.workerCount { try await collect() }
                    runningCount += 1
                    group.addTask { try await result(of: entry, item, switches, shelf) }
                }
            }
            do {
                var page: [BatchEntry] = []
                try await source.forEachEntry { entry in
                    page.append(entry)
                    if page.count == Self.pageCount {
                        try await start(page)
                        page.removeAll(keepingCapacity: true)
                    }
                }
                try await start(page)
            } catch is CancellationError {
                // What is in flight is finished and recorded; the caller says it was interrupted.
            }
            while runningCount > 0 { try await collect() }
        }
    }

    /// The entries that have no result for the files as they are now.
    private func itemsToInspect(
        _ page: [BatchEntry], _ state: BatchState
    ) async throws -> [(BatchEntry, BatchItem)] {
        try Task.checkCancellation()
        let run = state.run
        // In a task of its own, because a look-up that is cancelled half-way would be a failure.
        let recorded = try await Task { [casebook] in
            try await casebook.recordedFingerprints(of: run, page.map(\.item))
        }.value
        return zip(page, recorded).compactMap { entry, recorded in
            let fingerprint = BatchFingerprint.fingerprint(of: entry.submission)
            guard fingerprint != recorded else {
                state.resume()
                return nil
            }
            return (
                entry,
                BatchItem(
                    run: run.id, item: entry.item, fingerprint: fingerprint, paths: entry.paths)
            )
        }
    }

    private func result(
        of entry: BatchEntry, _ item: BatchItem, _ switches: [AutomationSwitch],
        _ shelf: AssessmentShelf
    ) async throws -> BatchResult {
        do {
            return .inspected(
                try await inspector.inspect(
                    entry.submission, switches: switches, keepsBytes: keepsPhotos, batchItem: item,
                    shelf: reusesAssessments ? shelf : nil, comparedWith: casebook))
        } catch let failure as Failure where failure.isAboutTheInput {
            return .unreadable(item, failure)
        }
    }

    private func key(of source: BatchSource) -> ContentHash {
        Digest.contentHash(
            of: Array(
                [source.kind, source.resolvedPath, inspector.versionKey]
                    .joined(separator: "\n").utf8))
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

    var computed: [PhotoAssessment] {
        if case .inspected(let item) = self { item.computed } else { [] }
    }

    var keptByteCount: Int {
        record?.photos.reduce(0) { $0 + ($1.keptBytes?.count ?? 0) } ?? 0
    }
}

extension Task where Success == Never, Failure == Never {
    /// Throws the error given if the task was cancelled.
    static func checkCancellation(orThrow error: some Error) throws {
        if isCancelled { throw error }
    }
}
