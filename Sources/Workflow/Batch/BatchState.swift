import ReturnsDomain

/// What a running batch keeps in mind; used by the one task that collects results.
///
/// Its size is bounded by twice ``pendingCountLimit`` and ``pendingByteCountLimit``, whatever the
/// number of items: while a group is being recorded, the next one gathers.
final class BatchState {
    /// The items recorded in one transaction at most; what the casebook takes.
    static let pendingCountLimit = 256
    /// Bytes of photos to keep that wait for their transaction, at most; one item more may wait.
    static let pendingByteCountLimit = 16 << 20
    /// How long an inspected item waits for company: what a kill costs, apart from what is in
    /// flight.
    static let patience = Duration.milliseconds(500)

    let run: BatchRun

    /// Not being recorded yet.
    private var pending: [BatchResult] = []
    /// Being recorded.
    private var leaving: [BatchResult] = []
    private let totalCount: Int
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var pendingByteCount = 0
    private var firstPendingAt: ContinuousClock.Instant?
    private var resumedCount = 0
    private var inspectedCount = 0
    private var unreadableCount = 0
    private var reusedPhotoCount = 0

    init(run: BatchRun, totalCount: Int) {
        self.run = run
        self.totalCount = totalCount
        start = clock.now
    }

    var progress: BatchProgress {
        BatchProgress(
            totalCount: totalCount, resumedCount: resumedCount, inspectedCount: inspectedCount,
            unreadableCount: unreadableCount, reusedPhotoCount: reusedPhotoCount,
            elapsed: start.duration(to: clock.now))
    }

    /// Whether what is pending should be recorded now.
    var isDue: Bool {
        guard let firstPendingAt else { return false }
        return pending.count >= Self.pendingCountLimit
            || pendingByteCount >= Self.pendingByteCountLimit
            || firstPendingAt.duration(to: clock.now) >= Self.patience
    }

    /// Counts an item that an earlier run recorded and whose files are unchanged.
    func resume() { resumedCount += 1 }

    /// Adds a result that is not recorded yet.
    func add(_ result: BatchResult) {
        firstPendingAt = firstPendingAt ?? clock.now
        pending.append(result)
        pendingByteCount += result.keptByteCount
    }

    /// The pending results, which the caller records; ``settle()`` follows once they are durable.
    func takePending() -> [BatchResult] {
        (leaving, pending) = (pending, [])
        pendingByteCount = 0
        firstPendingAt = nil
        return leaving
    }

    /// Counts the results that were taken as recorded.
    func settle() {
        for result in leaving {
            switch result {
            case .inspected(let item):
                inspectedCount += 1
                reusedPhotoCount += item.record.photos.count - item.computed.count
            case .unreadable: unreadableCount += 1
            }
        }
        leaving = []
    }
}
