public import Foundation
public import ReturnsDomain

/// The review queue as a reviewer's program sees it, wherever it lies.
///
/// ``LocalReviewQueue`` works on a data directory, the HTTP service's client on one elsewhere;
/// their failures have the same codes.
public protocol ReviewQueue: Sendable {
    /// The tasks that wait for a person, the most urgent first, and then those in someone's hands.
    func waitingTasks(limit: Int) async throws -> [ReviewTask]

    /// One task.
    ///
    /// - Throws: ``Failure`` with code `task_not_found`.
    func reviewTask(_ id: ReviewTaskID) async throws -> ReviewTask

    /// Leases the most urgent task that is not skipped; nil when nothing else waits.
    ///
    /// - Throws: ``Failure`` with code `reviewer_unknown`.
    func leaseNextTask(
        reviewer: String, duration: Duration, except skipped: Set<ReviewTaskID>
    ) async throws -> HandedOverTask?

    /// Decides a leased task.
    ///
    /// - Returns: The new adjudication, made by the reviewer.
    /// - Throws: ``Failure`` with code `lease_lost`, `already_decided` and others.
    func decide(_ decision: ReviewDecision) async throws -> Adjudication

    /// Takes a decision back while its lease lasts; the task is in the reviewer's hands again.
    ///
    /// - Throws: ``Failure`` with code `lease_lost` or `undo_refused`.
    func undoDecision(
        task: ReviewTaskID, lease: LeaseID, reviewer: String
    ) async throws -> HandedOverTask

    /// Prolongs a lease.
    ///
    /// - Returns: When it ends now.
    func prolongLease(
        task: ReviewTaskID, lease: LeaseID, duration: Duration
    ) async throws -> Timestamp

    /// Gives a leased task back.
    func release(task: ReviewTaskID, lease: LeaseID) async throws

    /// The kept photos of a task's case, for a person to look at; audited.
    ///
    /// - Parameter reviewer: The name of the reviewer who looks; nil for whoever runs the program.
    /// - Returns: By their index; empty if none were kept.
    func photos(
        of task: ReviewTask, reviewer: String?
    ) async throws -> [(index: Int, bytes: Data)]

    /// Where the evidence lies in a kept photo, computed where the record lies; audited.
    ///
    /// - Returns: nil where the record lies here: ``casebook`` holds what it is computed of.
    /// - Throws: ``Failure`` with code `photo_not_kept`, `overloaded` and others.
    func evidenceMap(
        of task: ReviewTask, photo: Int, reviewer: String?
    ) async throws -> EvidenceMap?

    /// The record that the queue is of; nil where it lies elsewhere.
    var casebook: Casebook? { get }

    /// Whether somebody of this name reviews.
    func knows(reviewer: String) async throws -> Bool
}

/// A task in a reviewer's hands, with the policy's words for it.
public struct HandedOverTask: Sendable {
    /// The task and its lease.
    public let lease: LeasedReviewTask
    /// What the policy says of it; nil where the queue was opened without a policy.
    public let words: CaseWords?

    /// Creates a task in a reviewer's hands.
    public init(_ lease: LeasedReviewTask, words: CaseWords?) {
        self.lease = lease
        self.words = words
    }
}

/// What a policy says of one case.
public struct CaseWords: Hashable, Sendable {
    /// The text of the rule that applied; nil if another policy was in force then.
    public let ruleText: String?
    /// What the customer would read, by what a reviewer may decide.
    public let replies: [Outcome: String]

    /// Creates words.
    public init(ruleText: String?, replies: [Outcome: String]) {
        self.ruleText = ruleText
        self.replies = replies
    }
}
