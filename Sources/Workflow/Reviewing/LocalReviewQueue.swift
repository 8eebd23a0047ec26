public import Foundation
public import ReturnsDomain

/// The review queue of a data directory on this machine.
public struct LocalReviewQueue: ReviewQueue {
    private let record: Casebook
    private let wording: ReviewWording?

    /// Opens the queue of a casebook.
    ///
    /// - Parameter wording: The policy's words; nil if nothing will be decided.
    public init(_ casebook: Casebook, wording: ReviewWording?) {
        record = casebook
        self.wording = wording
    }

    /// See ``ReviewQueue``.
    public var casebook: Casebook? { record }

    /// See ``ReviewQueue``.
    public func waitingTasks(limit: Int) async throws -> [ReviewTask] {
        try await record.waitingTasks(limit: limit)
    }

    /// See ``ReviewQueue``.
    public func reviewTask(_ id: ReviewTaskID) async throws -> ReviewTask {
        try await record.reviewTask(id)
    }

    /// See ``ReviewQueue``.
    public func leaseNextTask(
        reviewer: String, duration: Duration, except skipped: Set<ReviewTaskID>
    ) async throws -> HandedOverTask? {
        try await record.leaseNextTask(
            reviewer: reviewer, duration: duration, except: skipped
        ).map(handedOver)
    }

    /// See ``ReviewQueue``.
    ///
    /// - Precondition: The queue was opened with a policy's words.
    public func decide(_ decision: ReviewDecision) async throws -> Adjudication {
        guard let wording else { preconditionFailure("a queue without a policy decides nothing") }
        return try await record.decide(decision, wording: wording)
    }

    /// See ``ReviewQueue``.
    public func undoDecision(
        task: ReviewTaskID, lease: LeaseID, reviewer: String
    ) async throws -> HandedOverTask {
        handedOver(
            try await record.undoDecision(task: task, lease: lease, reviewer: reviewer))
    }

    /// See ``ReviewQueue``.
    public func prolongLease(
        task: ReviewTaskID, lease: LeaseID, duration: Duration
    ) async throws -> Timestamp {
        try await record.prolongLease(task: task, lease: lease, duration: duration)
    }

    /// See ``ReviewQueue``.
    public func release(task: ReviewTaskID, lease: LeaseID) async throws {
        try await record.release(task: task, lease: lease)
    }

    /// See ``ReviewQueue``.
    public func photos(
        of task: ReviewTask, reviewer: String?
    ) async throws -> [(index: Int, bytes: Data)] {
        try await record.viewPhotos(of: task.inspection, reviewer: reviewer)
    }

    /// See ``ReviewQueue``.
    public func knows(reviewer: String) async throws -> Bool {
        try await record.reviewers().contains { $0.name == reviewer }
    }

    private func handedOver(_ lease: LeasedReviewTask) -> HandedOverTask {
        HandedOverTask(lease, words: wording?.words(for: lease.task))
    }
}
