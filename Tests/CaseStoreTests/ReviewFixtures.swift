import CaseStore
import Foundation
import ReturnsDomain
import Testing

/// A review queue under test, with clocks that move only when told to.
struct QueueUnderTest {
    let directory = TemporaryDirectory()
    let clock = SettableClock()
    let store: CaseStore

    /// Opens a store with these reviewers.
    init(reviewers: [String] = ["ada", "bob", "cyd"]) async throws {
        store = try await CaseStore.open(at: directory.url, clock: clock.clock())
        for name in reviewers { try await store.addReviewer(name: name) }
    }

    /// Records one case that a person has to decide.
    @discardableResult
    func record(
        reviewersNeeded: Int = 1, priority: Double = 10, opensGold: Bool = false
    ) async throws -> InspectionID {
        let adjudication = Adjudication.fixture()
        try await store.record([
            record(
                adjudication,
                ReviewTaskDraft(
                    priority: priority, dueAt: clock.clock().now().advanced(by: .seconds(3600)),
                    reasons: [.confidenceBelowThreshold], reviewersNeeded: reviewersNeeded,
                    opensGold: opensGold))
        ])
        return adjudication.id
    }

    /// Records one case that the machine decides, with a task if it was drawn.
    @discardableResult
    func recordDecided(_ outcome: Outcome, probability: Double? = nil) async throws -> InspectionID
    {
        let adjudication = Adjudication.fixture(outcome: outcome)
        let draft = probability.map {
            ReviewTaskDraft(
                priority: 10, dueAt: clock.clock().now(), reasons: [.randomAuditSample],
                purpose: .auditSample, samplingProbability: $0)
        }
        try await store.record([record(adjudication, draft)])
        return adjudication.id
    }

    private func record(_ adjudication: Adjudication, _ draft: ReviewTaskDraft?) -> InspectionRecord
    {
        InspectionRecord(
            adjudication: adjudication, statement: "it fell", consent: nil,
            photos: [
                ReceivedPhoto(
                    index: 0, sha256: .fixture("a"), byteCount: 10, view: .front, format: "jpeg",
                    width: 640, height: 480, removedMetadata: [], keptBytes: nil)
            ],
            reviewTask: draft)
    }

    /// Leases the next task; nil if there is none for this reviewer.
    func next(_ reviewer: String) async throws -> LeasedReviewTask? {
        try await store.leaseNextReviewTask(reviewer: reviewer, duration: .seconds(600))
    }

    /// Leases the next task and answers it.
    @discardableResult
    func answer(_ reviewer: String, _ outcome: Outcome) async throws -> LeasedReviewTask {
        let leased = try #require(try await next(reviewer))
        try await store.decide(
            ReviewDecision(
                task: leased.task.id, lease: leased.lease, reviewer: reviewer, outcome: outcome,
                reason: .reviewAgrees))
        return leased
    }

    /// Opens an appeal.
    @discardableResult
    func appeal(_ inspection: InspectionID, statement: String? = nil) async throws -> ReviewTaskID {
        try await store.openAppeal(
            inspection, statement: statement,
            draft: ReviewTaskDraft(
                priority: 100, dueAt: clock.clock().now(), reasons: [.customerAppeal],
                purpose: .appeal))
    }

    /// The lines of the queue file.
    func queueLines() async throws -> [[String: Any]] {
        try await store.export()
        return try lines(directory.appending("review-queue.jsonl")).map(members)
    }

    /// The events of the queue file.
    func events() async throws -> [String] {
        try await queueLines().map { $0["event"] as? String ?? "" }
    }
}
