import CaseStore
import ReturnsDomain
import Testing

/// Appeals go to someone who has not seen the case, who sees nothing of what was decided.
@Suite struct AppealTests {
    @Test func anAppealGoesToSomeoneWhoHasNotSeenTheCase() async throws {
        let queue = try await QueueUnderTest()
        let inspection = try await queue.record()
        // Ada looks and gives back, bob decides: both have seen it.
        let seen = try #require(try await queue.next("ada"))
        try await queue.store.release(seen.task.id, lease: seen.lease)
        try await queue.answer("bob", .reject)

        let task = try await queue.appeal(inspection, statement: "it arrived like this")

        #expect(try await queue.next("ada") == nil)
        #expect(try await queue.next("bob") == nil)
        #expect(try await queue.store.inspections()[0].outcome == .reject)
        let leased = try #require(try await queue.next("cyd"))
        #expect(leased.task.id == task)
        #expect(leased.task.isBlind)
        #expect(leased.task.appealStatement == "it arrived like this")
        #expect(leased.task.statement == "it fell")
        let document = leased.task.adjudication
        #expect(document.decision.reasons == [Reason(.customerAppeal)])
        #expect(document.decision.predictionSet == Outcome.final)
        #expect(document.probabilities == nil && document.damage.isEmpty)
        let line = try #require(
            try await queue.queueLines().last { $0["task"] as? String == task.description })
        #expect(line["recommended"] is Void? || line["recommended"] as? String == nil)
        #expect(line["confidence"] as? Double == nil)
    }

    @Test func whoeverLookedAtThePhotosHasSeenTheCase() async throws {
        let queue = try await QueueUnderTest(reviewers: ["ada", "bob"])
        let inspection = try await queue.recordDecided(.reject)
        _ = try await queue.store.viewPhotos(of: inspection, reviewer: "ada")
        try await queue.appeal(inspection)
        #expect(try await queue.next("ada") == nil)
        #expect(try await queue.next("bob") != nil)
    }

    @Test func theOneWhoReleasedAnAppealMayTakeItAgain() async throws {
        let queue = try await QueueUnderTest(reviewers: ["ada"])
        let inspection = try await queue.recordDecided(.reject)
        try await queue.appeal(inspection)
        let leased = try #require(try await queue.next("ada"))
        _ = try await queue.store.viewPhotos(of: inspection, reviewer: "ada")
        try await queue.store.release(leased.task.id, lease: leased.lease)
        #expect(try await queue.next("ada")?.task.id == leased.task.id)
    }

    @Test(arguments: [(Outcome.resell, "changed"), (.reject, "upheld")])
    func theDecisionOfAnAppealStands(outcome: Outcome, word: String) async throws {
        let queue = try await QueueUnderTest()
        let inspection = try await queue.recordDecided(.reject)
        try await queue.appeal(inspection)
        try await queue.answer("ada", outcome)
        #expect(try await queue.store.adjudication(of: inspection)?.decision.outcome == outcome)
        try await queue.store.export()
        let entry = try members(
            lines(queue.directory.appending("audit/00000001.jsonl")).last ?? "")
        #expect((entry["meta"] as? [String: String])?["appeal"] == word)
        #expect(try await AuditVerifier.verify(queue.directory.url).holds)
    }

    @Test func whatCannotBeAppealedAgainstIsRefusedByName() async throws {
        let queue = try await QueueUnderTest()
        let pending = try await queue.record()
        await #expect(throws: CaseStoreError.reviewPending(pending)) {
            try await queue.appeal(pending)
        }
        let unknown = InspectionID(at: .now)
        await #expect(throws: CaseStoreError.inspectionNotFound(unknown)) {
            try await queue.appeal(unknown)
        }
        let refused = try await queue.recordDecided(.reject)
        try await queue.appeal(refused)
        await #expect(throws: CaseStoreError.reviewPending(refused)) {
            try await queue.appeal(refused)
        }
        let limit = CaseStore.commentByteCountLimit
        await #expect(
            throws: CaseStoreError.commentTooLong(byteCount: limit + 1, limit: limit)
        ) {
            try await queue.appeal(refused, statement: String(repeating: "x", count: limit + 1))
        }
    }

    @Test func anInspectionHasThreeAppealsAtMost() async throws {
        let names = ["ada", "bob", "cyd", "dan"]
        let queue = try await QueueUnderTest(reviewers: names)
        let inspection = try await queue.recordDecided(.reject)
        for name in names.prefix(CaseStore.appealCountLimit) {
            try await queue.appeal(inspection)
            try await queue.answer(name, .reject)
        }
        await #expect(
            throws: CaseStoreError.appealLimitReached(
                inspection, limit: CaseStore.appealCountLimit)
        ) { try await queue.appeal(inspection) }
    }

    @Test func anAppealThatNobodyMayTakeIsCounted() async throws {
        let queue = try await QueueUnderTest(reviewers: ["ada"])
        let inspection = try await queue.record()
        try await queue.answer("ada", .reject)
        try await queue.appeal(inspection)
        var figures = try await queue.store.reviewQueueFigures()
        #expect(figures.unservableCount == 1 && figures.openAppealCount == 1)
        try await queue.store.addReviewer(name: "bob")
        figures = try await queue.store.reviewQueueFigures()
        #expect(figures.unservableCount == 0)
    }

    @Test func aDecisionIsNotTakenBackOnceTheCustomerAppealed() async throws {
        let queue = try await QueueUnderTest()
        let inspection = try await queue.record()
        let decided = try await queue.answer("ada", .reject)
        try await queue.appeal(inspection)
        await #expect(throws: CaseStoreError.undoRefused(decided.task.id)) {
            try await queue.store.undoDecision(
                decided.task.id, lease: decided.lease, reviewer: "ada")
        }
    }
}
