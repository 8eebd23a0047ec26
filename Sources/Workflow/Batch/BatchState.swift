import ReturnsDomain

/// What a running batch keeps in mind; used by the one task that collects results.
final class BatchState {
    let run: BatchRun
    /// Results that are not recorded yet.
    var pending: [BatchResult] = []

    private let totalCount: Int
    private let recorded: [String: String]
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var resumedCount = 0
    private var inspectedCount = 0
    private var unreadableCount = 0

    /// - Parameter recorded: The fingerprints of the items an earlier run recorded.
    init(run: BatchRun, totalCount: Int, recorded: [String: String]) {
        self.run = run
        self.totalCount = totalCount
        self.recorded = recorded
        start = clock.now
    }

    var progress: BatchProgress {
        BatchProgress(
            totalCount: totalCount, resumedCount: resumedCount, inspectedCount: inspectedCount,
            unreadableCount: unreadableCount, elapsed: start.duration(to: clock.now))
    }

    /// The work an entry means; nil if it is recorded and its files are unchanged.
    func itemToInspect(_ entry: BatchEntry) -> BatchItem? {
        let fingerprint = BatchFingerprint.fingerprint(of: entry.submission)
        if recorded[entry.item] == fingerprint {
            resumedCount += 1
            return nil
        }
        return BatchItem(
            run: run.id, item: entry.item, fingerprint: fingerprint, paths: entry.paths)
    }

    /// Counts the pending results as recorded.
    func settle(inspectedCount: Int, unreadableCount: Int) {
        pending.removeAll(keepingCapacity: true)
        self.inspectedCount += inspectedCount
        self.unreadableCount += unreadableCount
    }
}
