import CaseStore
import Foundation
public import ReturnsDomain
import Synchronization

/// The record of a data directory: inspections, reviews, automation, batch runs.
///
/// Every function that changes something is one durable transaction, after which the JSONL files
/// are brought up to date by whichever process is free to do it.
public final class Casebook: Sendable {
    let store: CaseStore
    /// Whether something was recorded, and the files followed, since the last checkpoint.
    private let needsCheckpoint = Mutex(false)
    /// Told what is wrong with the JSONL files; the record itself is durable then.
    let warn: @Sendable (String) -> Void

    init(store: CaseStore, warn: @escaping @Sendable (String) -> Void) {
        self.store = store
        self.warn = warn
    }

    /// Opens the casebook in a data directory.
    ///
    /// - Parameters:
    ///   - creating: Whether a missing directory is made, or an error.
    ///   - warn: Told when something was recorded but the JSONL files could not follow.
    /// - Throws: ``Failure`` naming what is wrong with the directory and how to mend it.
    public static func open(
        directory: String, creating: Bool, warn: @escaping @Sendable (String) -> Void
    ) async throws -> Casebook {
        let isThere = FileManager.default.fileExists(atPath: directory + "/regrade.sqlite")
        guard isThere || creating else {
            throw Failure(
                .inputMissing, code: "data_directory_missing",
                "\(directory) is no data directory: it has no regrade.sqlite; regrade batch and "
                    + "regrade inspect --data make one")
        }
        return try await failing {
            let store = try await CaseStore.open(at: URL(fileURLWithPath: directory))
            return Casebook(store: store, warn: warn)
        }
    }

    /// Runs a use case, brings the files up to date if it wrote, and turns errors into failures.
    func changing<Value>(
        _ body: (CaseStore) async throws -> Value
    ) async throws -> Value {
        let value = try await Self.failing { try await body(store) }
        do {
            try await store.export()
            needsCheckpoint.withLock { $0 = true }
        } catch {
            // What was asked for is durable, so it must not look as if it had failed.
            warn("recorded, but the exported files could not follow: \(error)")
        }
        return value
    }

    /// Signs a checkpoint over everything that was recorded here, at the orderly end of a command.
    ///
    /// Does nothing where nothing was recorded; the casebook stays usable. What cannot be signed
    /// is told like files that cannot follow, and signed by the next command that writes.
    public func close() async {
        let isNeeded = needsCheckpoint.withLock { needed in
            defer { needed = false }
            return needed
        }
        guard isNeeded else { return }
        do {
            try await store.checkpoint()
        } catch {
            warn("recorded, but no checkpoint of the audit log could be signed: \(error)")
        }
    }

    /// Runs a use case and turns its errors into failures.
    static func failing<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch {
            throw Failure(describing: error)
        }
    }
}

// MARK: - Inspections

extension Casebook {
    /// Inspects one item, records it, and gives the answer with timings and audit position.
    public func inspectAndRecord(
        _ submission: ItemSubmission, by inspector: Inspector, keepsPhotos: Bool
    ) async throws -> (item: InspectedItem, answer: Adjudication) {
        let switches = try await automationSwitches()
        let store = store
        let item = try await inspector.inspect(
            submission, switches: switches, keepsBytes: keepsPhotos, comparedWith: self
        ) { photos in
            try await store.fraudSignals(photos: photos, orderID: submission.order.orderID)
        }
        let clock = ContinuousClock()
        let start = clock.now
        let recorded = try await record([item.record])
        var answer = item.answer(audit: recorded.first?.audit)
        let duration = start.duration(to: clock.now).milliseconds
        answer.timings?.record = duration
        answer.timings?.total += duration
        return (item, answer)
    }

    /// Records inspections in one transaction.
    func record(_ records: [InspectionRecord]) async throws -> [RecordedInspection] {
        try await changing { try await $0.record(records) }
    }
}

// MARK: - Counts

extension Casebook {
    /// How much the casebook holds.
    public func counts() async throws -> RecordCounts {
        try await Self.failing { try await store.counts() }
    }
}

// MARK: - Reviews

extension Casebook {
    /// The tasks that wait for a person, the most urgent first, and then those in someone's hands.
    public func waitingTasks(limit: Int) async throws -> [ReviewTask] {
        try await Self.failing {
            let open = try await store.reviewTasks(state: .open, limit: limit)
            guard open.count < limit else { return open }
            return try await open
                + store.reviewTasks(state: .leased, limit: limit - open.count)
        }
    }

    /// One task, with where its photos were seen before.
    ///
    /// - Throws: ``Failure`` of kind `inputMissing` if there is none of this id.
    public func reviewTask(_ id: ReviewTaskID) async throws -> ReviewTask {
        try await Self.failing {
            guard var task = try await store.reviewTask(id) else {
                throw CaseStoreError.taskNotFound(id)
            }
            task.seenBefore = try await store.sightings(of: task.inspection)
            return task
        }
    }

    /// The kept photos of an inspection, for a person to look at; audited.
    func viewPhotos(
        of inspection: InspectionID, reviewer: String?
    ) async throws -> [(index: Int, bytes: Data)] {
        try await changing { try await $0.viewPhotos(of: inspection, reviewer: reviewer) }
    }

    /// Leases the most urgent task that is not skipped, with where its photos were seen before; nil
    /// when nothing else waits.
    public func leaseNextTask(
        reviewer: String, duration: Duration, except skipped: Set<ReviewTaskID> = []
    ) async throws -> LeasedReviewTask? {
        try await changing { store in
            guard
                var leased = try await store.leaseNextReviewTask(
                    reviewer: reviewer, duration: duration, except: skipped)
            else { return nil }
            leased.task.seenBefore = try await store.sightings(of: leased.task.inspection)
            return leased
        }
    }

    /// The most bytes of a reviewer's comment.
    public static var commentByteCountLimit: Int { CaseStore.commentByteCountLimit }

    /// Decides a leased task.
    ///
    /// - Parameter wording: Where the remedy and the words for the customer come from.
    /// - Returns: The new adjudication, made by the reviewer.
    public func decide(
        _ decision: ReviewDecision, wording: ReviewWording
    ) async throws -> Adjudication {
        let task = try await reviewTask(decision.task)
        return try await changing { store in
            try await store.decide(decision) { outcome, reason in
                let words = wording.answer(to: task, outcome: outcome, reason: reason)
                return (words.remedy, words.rationale)
            }
        }
    }

    /// Prolongs a lease; see ``CaseStore/heartbeat(_:lease:duration:)``.
    ///
    /// - Returns: When it ends now.
    public func prolongLease(
        task: ReviewTaskID, lease: LeaseID, duration: Duration
    ) async throws -> Timestamp {
        try await changing { try await $0.heartbeat(task, lease: lease, duration: duration) }
    }

    /// Takes a decision back while its lease lasts; the task is in the reviewer's hands again.
    public func undoDecision(
        task: ReviewTaskID, lease: LeaseID, reviewer: String
    ) async throws -> LeasedReviewTask {
        try await changing {
            try await $0.undoDecision(task, lease: lease, reviewer: reviewer)
        }
    }

    /// Gives a leased task back.
    public func release(task: ReviewTaskID, lease: LeaseID) async throws {
        try await changing { try await $0.release(task, lease: lease) }
    }

    /// Adds a reviewer.
    public func addReviewer(name: String) async throws -> Reviewer {
        try await changing { try await $0.addReviewer(name: name) }
    }

    /// All reviewers, by name.
    public func reviewers() async throws -> [Reviewer] {
        try await Self.failing { try await store.reviewers() }
    }
}

// MARK: - Automation

extension Casebook {
    /// Where the machine may decide.
    public func automationSwitches() async throws -> [AutomationSwitch] {
        try await Self.failing { try await store.automationSwitches() }
    }

    /// Sets where, and for which share of cases, the machine may decide; audited.
    public func setAutomation(category: String?, region: String?, share: Double) async throws {
        try await changing {
            _ = try await $0.setAutomation(category: category, region: region, share: share)
        }
    }
}
