import CaseStore
import Foundation
import ReturnsDomain
import Testing

@Suite struct ReviewTests {
    let directory = TemporaryDirectory()
    let clock = SettableClock()

    private func open(bootID: String = "first-start") async throws -> CaseStore {
        try await CaseStore.open(at: directory.url, clock: clock.clock(bootID: bootID))
    }

    private func events() throws -> [String] {
        try lines(directory.appending("review-queue.jsonl")).map {
            try members($0)["event"] as? String ?? ""
        }
    }

    @Test func aDecisionBecomesTheAdjudicationThatStands() async throws {
        let store = try await open()
        let ada = try await store.addReviewer(name: "ada")
        let record = InspectionRecord.fixture()
        try await store.record([record])
        let leased = try #require(
            try await store.leaseNextReviewTask(reviewer: "ada", duration: .seconds(600)))

        let decided = try await store.decide(
            ReviewDecision(
                task: leased.task.id, lease: leased.lease, reviewer: "ada", outcome: .reject,
                reason: .reviewDamageMissed), remedy: .liquidation)

        #expect(decided.decidedBy == .reviewer)
        #expect(decided.decision.outcome == .reject)
        #expect(decided.decision.recommended == .refurbish)
        #expect(decided.decision.remedy == .liquidation)
        #expect(decided.decision.reasons.first == Reason(.reviewDamageMissed))
        #expect(try await store.adjudication(of: record.adjudication.id) == decided)
        #expect(try await store.adjudications(of: record.adjudication.id).count == 2)
        #expect(try await store.reviewTask(leased.task.id)?.state == .decided)
        #expect(try await store.inspections()[0].outcome == .reject)
        try await store.export()
        #expect(try events() == ["opened", "leased", "decided"])
        let last = try members(lines(directory.appending("audit/00000001.jsonl"))[3])
        #expect(last["kind"] as? String == "review_decision")
        #expect((last["actor"] as? [String: String])?["id"] == ada.id.description)
        #expect(try await AuditVerifier.verify(directory.url).holds)
    }

    @Test func theMostUrgentTaskComesFirst() async throws {
        let store = try await open()
        try await store.addReviewer(name: "ada")
        for priority in [3.0, 9.0, 5.0] {
            try await store.record([.fixture(priority: priority)])
        }
        var priorities: [Double] = []
        while let leased = try await store.leaseNextReviewTask(
            reviewer: "ada", duration: .seconds(600))
        {
            priorities.append(leased.task.priority)
        }
        #expect(priorities == [9, 5, 3])
    }

    @Test func aStaleLeaseIsRefused() async throws {
        let store = try await open()
        try await store.addReviewer(name: "ada")
        try await store.addReviewer(name: "bob")
        try await store.record([.fixture()])
        let late = try #require(
            try await store.leaseNextReviewTask(reviewer: "ada", duration: .seconds(60)))
        #expect(try await store.leaseNextReviewTask(reviewer: "bob", duration: .seconds(60)) == nil)
        clock.advance(by: .seconds(61))
        let decision = ReviewDecision(
            task: late.task.id, lease: late.lease, reviewer: "ada", outcome: .resell,
            reason: .reviewAgrees)

        // Ended, though nobody else took the task.
        await #expect(throws: CaseStoreError.leaseLost(late.task.id)) {
            try await store.decide(decision)
        }
        let taken = try #require(
            try await store.leaseNextReviewTask(reviewer: "bob", duration: .seconds(60)))
        #expect(taken.task.id == late.task.id)
        // Ended, and somebody else holds it.
        await #expect(throws: CaseStoreError.leaseLost(late.task.id)) {
            try await store.decide(decision)
        }
        await #expect(throws: CaseStoreError.leaseLost(late.task.id)) {
            try await store.release(late.task.id, lease: late.lease)
        }
        // Somebody else's lease does not serve either.
        await #expect(throws: CaseStoreError.leaseLost(late.task.id)) {
            try await store.decide(
                ReviewDecision(
                    task: late.task.id, lease: taken.lease, reviewer: "ada", outcome: .resell,
                    reason: .reviewAgrees))
        }
        try await store.export()
        #expect(try events() == ["opened", "leased", "expired", "leased"])
    }

    @Test(arguments: [Duration.seconds(3600), .seconds(-3600)])
    func aStepOfTheWallClockNeitherEndsNorProlongsALease(step: Duration) async throws {
        let store = try await open()
        try await store.addReviewer(name: "ada")
        try await store.record([.fixture()])
        let leased = try #require(
            try await store.leaseNextReviewTask(reviewer: "ada", duration: .seconds(60)))
        clock.stepWall(by: step)
        #expect(try await store.leaseNextReviewTask(reviewer: "ada", duration: .seconds(60)) == nil)
        clock.advance(by: .seconds(61))
        let again = try await store.leaseNextReviewTask(reviewer: "ada", duration: .seconds(60))
        #expect(again?.task.id == leased.task.id)
    }

    @Test func aLeaseDoesNotOutliveAStartOfTheMachine() async throws {
        let before = try await open()
        try await before.addReviewer(name: "ada")
        try await before.record([.fixture()])
        let leased = try #require(
            try await before.leaseNextReviewTask(reviewer: "ada", duration: .seconds(3600)))

        let after = try await open(bootID: "second-start")

        await #expect(throws: CaseStoreError.leaseLost(leased.task.id)) {
            try await after.release(leased.task.id, lease: leased.lease)
        }
        let again = try await after.leaseNextReviewTask(reviewer: "ada", duration: .seconds(60))
        #expect(again?.task.id == leased.task.id)
    }

    @Test func aReleasedTaskIsOpenAgain() async throws {
        let store = try await open()
        try await store.addReviewer(name: "ada")
        try await store.record([.fixture()])
        let leased = try #require(
            try await store.leaseNextReviewTask(reviewer: "ada", duration: .seconds(60)))

        try await store.release(leased.task.id, lease: leased.lease)

        #expect(try await store.reviewTasks(state: .open).map(\.id) == [leased.task.id])
        try await store.export()
        #expect(try events() == ["opened", "leased", "released"])
    }

    @Test func whatAReviewerMayNotDoIsRefusedByName() async throws {
        let store = try await open()
        try await store.addReviewer(name: "ada")
        try await store.record([.fixture()])
        let leased = try #require(
            try await store.leaseNextReviewTask(reviewer: "ada", duration: .seconds(60)))
        func decision(
            reviewer: String = "ada", outcome: Outcome = .resell,
            reason: ReasonCode = .reviewAgrees, comment: String? = nil
        ) -> ReviewDecision {
            ReviewDecision(
                task: leased.task.id, lease: leased.lease, reviewer: reviewer, outcome: outcome,
                reason: reason, comment: comment)
        }
        let limit = CaseStore.commentByteCountLimit
        let cases: [(ReviewDecision, CaseStoreError)] = [
            (decision(reviewer: "eve"), .reviewerUnknown(name: "eve")),
            (decision(outcome: .humanReview), .outcomeNotForReviewers(.humanReview)),
            (decision(reason: .highValueItem), .reasonNotForReviewers(.highValueItem)),
            (
                decision(comment: String(repeating: "x", count: limit + 1)),
                .commentTooLong(byteCount: limit + 1, limit: limit)
            ),
        ]
        for (decision, error) in cases {
            await #expect(throws: error) { try await store.decide(decision) }
        }
        try await store.decide(decision(comment: String(repeating: "x", count: limit)))
        await #expect(throws: CaseStoreError.alreadyDecided(leased.task.id)) {
            try await store.decide(decision())
        }
        let unknown = ReviewTaskID(at: .now)
        await #expect(throws: CaseStoreError.taskNotFound(unknown)) {
            try await store.release(unknown, lease: leased.lease)
        }
    }

    @Test func reviewersAreListedAndTheirNamesChecked() async throws {
        let store = try await open()
        try await store.addReviewer(name: "bob")
        let ada = try await store.addReviewer(name: "ada")
        #expect(try await store.reviewers().map(\.name) == ["ada", "bob"])
        #expect(try await store.reviewers().first == ada)
        await #expect(throws: CaseStoreError.reviewerExists(name: "ada")) {
            try await store.addReviewer(name: "ada")
        }
        for name in ["", "a\nb", String(repeating: "x", count: 101)] {
            await #expect(
                throws: CaseStoreError.reviewerNameInvalid(byteCount: name.utf8.count, limit: 100)
            ) { try await store.addReviewer(name: name) }
        }
    }
}
