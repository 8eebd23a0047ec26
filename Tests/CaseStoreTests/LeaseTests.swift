import CaseStore
import Foundation
import ReturnsDomain
import Testing

/// Heartbeats and taking decisions back, with clocks that move only when told to.
@Suite struct LeaseTests {
    let directory = TemporaryDirectory()
    let clock = SettableClock()

    private func open(bootID: String = "first-start") async throws -> CaseStore {
        try await CaseStore.open(at: directory.url, clock: clock.clock(bootID: bootID))
    }

    /// A store with one open task and the reviewers ada and bob; ada holds the task for 60 s.
    private func leased() async throws -> (CaseStore, LeasedReviewTask) {
        let store = try await open()
        try await store.addReviewer(name: "ada")
        try await store.addReviewer(name: "bob")
        try await store.record([.fixture()])
        let leased = try #require(
            try await store.leaseNextReviewTask(reviewer: "ada", duration: .seconds(60)))
        return (store, leased)
    }

    private func decision(
        _ leased: LeasedReviewTask, outcome: Outcome = .resell, reviewer: String = "ada"
    ) -> ReviewDecision {
        ReviewDecision(
            task: leased.task.id, lease: leased.lease, reviewer: reviewer, outcome: outcome,
            reason: .reviewDamageOverstated)
    }

    private func events() throws -> [String] {
        try lines(directory.appending("review-queue.jsonl")).map {
            try members($0)["event"] as? String ?? ""
        }
    }

    // MARK: - Heartbeat

    @Test func aHeartbeatProlongsALease() async throws {
        let (store, leased) = try await leased()
        clock.advance(by: .seconds(50))
        let end = try await store.heartbeat(
            leased.task.id, lease: leased.lease, duration: .seconds(60))
        #expect(end == leased.expiresAt.advanced(by: .seconds(50)))
        clock.advance(by: .seconds(50))
        #expect(try await store.leaseNextReviewTask(reviewer: "bob", duration: .seconds(60)) == nil)
        try await store.decide(decision(leased))
        try await store.export()
        #expect(try events() == ["opened", "leased", "leased", "decided"])
    }

    @Test func aHeartbeatNeverShortensALease() async throws {
        let (store, leased) = try await leased()
        let end = try await store.heartbeat(
            leased.task.id, lease: leased.lease, duration: .seconds(1))
        #expect(end == leased.expiresAt)
        clock.advance(by: .seconds(59))
        try await store.decide(decision(leased))
    }

    @Test func noLeaseIsLongerThanTheLongest() async throws {
        let store = try await open()
        for name in ["ada", "bob"] { try await store.addReviewer(name: name) }
        try await store.record([.fixture()])
        let limit = CaseStore.leaseDurationLimit
        let leased = try #require(
            try await store.leaseNextReviewTask(reviewer: "ada", duration: limit * 2))
        #expect(leased.expiresAt == clock.clock().now().advanced(by: limit))
        clock.advance(by: limit)
        #expect(try await store.leaseNextReviewTask(reviewer: "bob", duration: limit) != nil)
        await #expect(throws: CaseStoreError.leaseLost(leased.task.id)) {
            try await store.decide(decision(leased))
        }
    }

    @Test func heartbeatsEndWhereTheLongestLeaseEnds() async throws {
        let (store, leased) = try await leased()
        let limit = CaseStore.leaseDurationLimit
        for _ in 0..<16 {
            try await store.heartbeat(
                leased.task.id, lease: leased.lease, duration: .seconds(1800))
            clock.advance(by: .seconds(1799))
        }
        try await store.heartbeat(leased.task.id, lease: leased.lease, duration: limit)
        clock.advance(by: .seconds(16))
        await #expect(throws: CaseStoreError.leaseLost(leased.task.id)) {
            try await store.heartbeat(leased.task.id, lease: leased.lease, duration: .seconds(60))
        }
    }

    @Test func aLeaseThatEndedCannotBeProlonged() async throws {
        let (store, leased) = try await leased()
        let other = LeaseID(at: .now)
        await #expect(throws: CaseStoreError.leaseLost(leased.task.id)) {
            try await store.heartbeat(leased.task.id, lease: other, duration: .seconds(60))
        }
        clock.advance(by: .seconds(60))
        await #expect(throws: CaseStoreError.leaseLost(leased.task.id)) {
            try await store.heartbeat(leased.task.id, lease: leased.lease, duration: .seconds(60))
        }
        let restarted = try await open(bootID: "second-start")
        await #expect(throws: CaseStoreError.leaseLost(leased.task.id)) {
            try await restarted.heartbeat(
                leased.task.id, lease: leased.lease, duration: .seconds(60))
        }
    }

    // MARK: - Undo

    @Test func anUndoneDecisionLeavesTheCaseAsItWas() async throws {
        let (store, leased) = try await leased()
        let before = try #require(try await store.adjudication(of: leased.task.inspection))
        try await store.decide(decision(leased))

        let again = try await store.undoDecision(
            leased.task.id, lease: leased.lease, reviewer: "ada")

        #expect(again.lease == leased.lease)
        #expect(again.expiresAt == leased.expiresAt)
        let after = try #require(try await store.adjudication(of: leased.task.inspection))
        #expect(after.decision == before.decision)
        #expect(after.decidedBy == .machine)
        #expect(try await store.adjudications(of: leased.task.inspection).count == 3)
        #expect(try await store.inspections()[0].outcome == .humanReview)
        #expect(try await store.reviewTask(leased.task.id)?.state == .leased)
        try await store.export()
        #expect(try events() == ["opened", "leased", "decided", "opened", "leased"])
        let entry = try members(lines(directory.appending("audit/00000001.jsonl")).last ?? "")
        #expect(entry["kind"] as? String == "review_undone")
        #expect(try await AuditVerifier.verify(directory.url).holds)
    }

    @Test func anUndoneTaskIsDecidedAnewUnderTheSameLease() async throws {
        let (store, leased) = try await leased()
        for outcome in [Outcome.resell, .refurbish] {
            try await store.decide(decision(leased, outcome: outcome))
            try await store.undoDecision(leased.task.id, lease: leased.lease, reviewer: "ada")
        }
        try await store.decide(decision(leased, outcome: .reject))
        #expect(try await store.inspections()[0].outcome == .reject)
        #expect(try await AuditVerifier.verify(directory.url).holds)
    }

    @Test func onlyTheReviewerWhoDecidedTakesItBack() async throws {
        let (store, leased) = try await leased()
        try await store.decide(decision(leased))
        for (lease, reviewer) in [(leased.lease, "bob"), (LeaseID(at: .now), "ada")] {
            await #expect(throws: CaseStoreError.leaseLost(leased.task.id)) {
                try await store.undoDecision(leased.task.id, lease: lease, reviewer: reviewer)
            }
        }
    }

    @Test(arguments: [Duration.zero, .seconds(3600), .seconds(-3600), .seconds(-300)])
    func undoLastsAsLongAsTheLeaseWhateverTheWallClockSays(step: Duration) async throws {
        let (store, leased) = try await leased()
        try await store.decide(decision(leased))
        clock.stepWall(by: step)
        clock.advance(by: .seconds(59))
        try await store.undoDecision(leased.task.id, lease: leased.lease, reviewer: "ada")
        try await store.decide(decision(leased))
        clock.advance(by: .seconds(1))
        await #expect(throws: CaseStoreError.leaseLost(leased.task.id)) {
            try await store.undoDecision(leased.task.id, lease: leased.lease, reviewer: "ada")
        }
    }

    @Test func aDecisionIsNotUndoneAfterAStartOfTheMachine() async throws {
        let (store, leased) = try await leased()
        try await store.decide(decision(leased))
        let restarted = try await open(bootID: "second-start")
        await #expect(throws: CaseStoreError.leaseLost(leased.task.id)) {
            try await restarted.undoDecision(
                leased.task.id, lease: leased.lease, reviewer: "ada")
        }
    }

    @Test func anUndoneTaskWhoseLeaseEndsGoesToSomeoneElse() async throws {
        let (store, leased) = try await leased()
        try await store.decide(decision(leased))
        try await store.undoDecision(leased.task.id, lease: leased.lease, reviewer: "ada")
        clock.advance(by: .seconds(61))
        let taken = try await store.leaseNextReviewTask(reviewer: "bob", duration: .seconds(60))
        #expect(taken?.task.id == leased.task.id)
        await #expect(throws: CaseStoreError.leaseLost(leased.task.id)) {
            try await store.decide(decision(leased))
        }
    }
}
