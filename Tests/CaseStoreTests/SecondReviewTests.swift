import CaseStore
import ReturnsDomain
import Testing

/// Several answers to one question, and how they become one.
@Suite struct SecondReviewTests {
    @Test(
        arguments: [
            ([.resell], 1, .resell), ([], 1, nil), ([.resell], 2, nil),
            ([.resell, .resell], 2, .resell), ([.resell, .reject], 2, nil),
            ([.resell, .reject, .reject], 2, .reject), ([.resell, .reject, .retake], 2, nil),
            ([.resell, .reject, .retake, .resell], 2, .resell),
            ([.resell, .resell, .reject], 3, nil),
            ([.resell, .resell, .reject, .refurbish], 3, .resell),
            ([.resell, .resell, .reject, .reject], 3, nil),
            ([.resell, .resell, .resell], 3, .resell),
        ] as [([Outcome], Int, Outcome?)])
    func answersSettle(answers: [Outcome], needed: Int, expected: Outcome?) {
        #expect(ReviewSettlement.outcome(of: answers, needed: needed) == expected)
    }

    /// Every sequence of answers, whatever reviewers say, is settled in the stated number.
    @Test(arguments: 1...3)
    func everySequenceSettlesInTime(needed: Int) {
        let outcomes: [Outcome] = [.resell, .refurbish, .reject, .retake]
        var unsettled: [[Outcome]] = [[]]
        for _ in 0..<(4 * ((needed + 1) / 2) + 1) {
            unsettled = unsettled.flatMap { answers in outcomes.map { answers + [$0] } }
                .filter { ReviewSettlement.outcome(of: $0, needed: needed) == nil }
        }
        #expect(unsettled.isEmpty)
    }

    @Test func twoWhoAgreeDecide() async throws {
        let queue = try await QueueUnderTest()
        let inspection = try await queue.record(reviewersNeeded: 2)
        try await queue.answer("ada", .reject)

        // Nothing stands yet, nobody is told, and ada is not asked again.
        #expect(try await queue.store.adjudications(of: inspection).count == 1)
        #expect(try await queue.events() == ["opened", "leased", "released"])
        #expect(try await queue.next("ada") == nil)

        let second = try await queue.answer("bob", .reject)
        #expect(second.task.adjudication.decision.reasons.first?.code == .confidenceBelowThreshold)
        #expect(try await queue.store.inspections()[0].outcome == .reject)
        let expected = ["opened", "leased", "released", "leased", "decided"]
        #expect(try await queue.events() == expected)
        #expect(try await AuditVerifier.verify(queue.directory.url).holds)
    }

    @Test func aThirdSettlesADisagreement() async throws {
        let queue = try await QueueUnderTest()
        let inspection = try await queue.record(reviewersNeeded: 2)
        try await queue.answer("ada", .resell)
        try await queue.answer("bob", .reject)
        #expect(try await queue.store.adjudications(of: inspection).count == 1)
        try await queue.answer("cyd", .resell)
        #expect(try await queue.store.adjudication(of: inspection)?.decision.outcome == .resell)
        let figures = try await queue.store.reviewQueueFigures()
        // The third was asked because two differed: it is no measure of agreement.
        #expect(figures.sharedTasks.map { $0.map(\.outcome) } == [[.resell, .reject]])
        #expect(figures.reviewers.map(\.answerCount) == [1, 1, 1])
    }

    @Test func anAnswerOfSeveralIsTakenBack() async throws {
        let queue = try await QueueUnderTest()
        let inspection = try await queue.record(reviewersNeeded: 2)
        let first = try await queue.answer("ada", .resell)
        try await queue.store.undoDecision(
            first.task.id, lease: first.lease, reviewer: "ada")
        #expect(try await queue.store.adjudications(of: inspection).count == 1)
        try await queue.store.release(first.task.id, lease: first.lease)
        try await queue.answer("bob", .reject)
        try await queue.answer("ada", .reject)
        #expect(try await queue.store.inspections()[0].outcome == .reject)
        #expect(try await AuditVerifier.verify(queue.directory.url).holds)
    }

    @Test func anAnswerIsNotTakenBackOnceAnotherHasTheTask() async throws {
        let queue = try await QueueUnderTest()
        try await queue.record(reviewersNeeded: 2)
        let first = try await queue.answer("ada", .resell)
        _ = try await queue.next("bob")
        await #expect(throws: CaseStoreError.undoRefused(first.task.id)) {
            try await queue.store.undoDecision(
                first.task.id, lease: first.lease, reviewer: "ada")
        }
    }
}
