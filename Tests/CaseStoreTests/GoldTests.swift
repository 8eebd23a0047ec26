import CaseStore
import ReturnsDomain
import Testing

/// Truth, cases of known answer, and the random audit sample.
@Suite struct GoldTests {
    /// A queue with one case of known answer, which ada decided.
    private func gold() async throws -> (QueueUnderTest, InspectionID) {
        let queue = try await QueueUnderTest()
        let inspection = try await queue.record()
        try await queue.answer("ada", .resell)
        try await queue.store.recordTruth(
            Truth(outcome: .reject, severity: .severe, recordedAt: .now), of: inspection)
        #expect(try await queue.store.addGold(inspection) == 1)
        return (queue, inspection)
    }

    @Test func aCaseOfKnownAnswerLooksLikeAnyOther() async throws {
        let (queue, inspection) = try await gold()
        let real = try await queue.record(opensGold: true)
        let opened = try await queue.queueLines().filter { $0["event"] as? String == "opened" }
        #expect(opened.count == 3)
        #expect(Set(opened.map { $0.keys.sorted() }).count == 1)

        // Ada decided the case, so that only the real one is for her.
        let adas = try #require(try await queue.next("ada"))
        #expect(adas.task.inspection == real)
        #expect(try await queue.next("ada") == nil)
        let bobs = try #require(try await queue.next("bob"))
        #expect(bobs.task.inspection == inspection)
        #expect(bobs.task.state == adas.task.state)
        #expect(bobs.task.reasons == adas.task.reasons)
        #expect(!bobs.task.isBlind)
    }

    @Test(arguments: [(Outcome.reject, 1), (.resell, 0)])
    func itsAnswerChangesNothingAndCounts(outcome: Outcome, right: Int) async throws {
        let (queue, inspection) = try await gold()
        try await queue.record(priority: 0, opensGold: true)
        let before = try await queue.store.adjudications(of: inspection)
        let answered = try await queue.answer("bob", outcome)
        #expect(answered.task.inspection == inspection)

        #expect(try await queue.store.adjudications(of: inspection) == before)
        #expect(try await queue.events().last == "decided")
        let figures = try await queue.store.reviewQueueFigures()
        let bob = try #require(figures.reviewers.first { $0.name == "bob" })
        #expect(bob.goldCount == 1 && bob.goldRightCount == right)
        #expect(figures.sharedTasks.isEmpty)
        let record = try #require(try await queue.store.caseHistory(of: inspection))
        #expect(record.tasks.count == 1)
        #expect(try await AuditVerifier.verify(queue.directory.url).holds)
        // Taken back, it does not count.
        try await queue.store.undoDecision(
            answered.task.id, lease: answered.lease, reviewer: "bob")
        let again = try await queue.store.reviewQueueFigures()
        #expect(again.reviewers.allSatisfy { $0.goldCount == 0 })
    }

    @Test func itIsNotOpenedForThoseWhoHaveSeenIt() async throws {
        let (queue, _) = try await gold()
        for name in ["bob", "cyd"] {
            try await queue.record(priority: 0, opensGold: true)
            try await queue.answer(name, .reject)
        }
        try await queue.record(opensGold: true)
        let opened = try await queue.events().count { $0 == "opened" }
        #expect(opened == 1 + 2 + 2 + 1)
    }

    @Test func onlyAGradedAndDecidedCaseIsSuitable() async throws {
        let queue = try await QueueUnderTest()
        let undecided = try await queue.record()
        try await queue.store.recordTruth(
            Truth(outcome: .resell, recordedAt: .now), of: undecided)
        let ungraded = try await queue.recordDecided(.resell)
        for inspection in [undecided, ungraded] {
            await #expect(throws: CaseStoreError.goldUnsuitable(inspection)) {
                try await queue.store.addGold(inspection)
            }
        }
    }

    @Test func theLastTruthStandsAndIsAudited() async throws {
        let queue = try await QueueUnderTest()
        let inspection = try await queue.recordDecided(.resell)
        for truth in [
            Truth(outcome: .reject, severity: .severe, types: [.crack], recordedAt: .now),
            Truth(
                outcome: .refurbish, severity: .minor, types: [],
                resaleValue: Money(minorUnits: 4500, currency: "EUR"), recordedAt: .now),
        ] {
            try await queue.store.recordTruth(truth, of: inspection)
        }
        let truths = try #require(try await queue.store.caseHistory(of: inspection)).truths
        #expect(truths.map(\.outcome) == [.reject, .refurbish])
        #expect(truths[0].types == [.crack] && truths[1].types == [])
        #expect(truths[1].resaleValue == Money(minorUnits: 4500, currency: "EUR"))
        let labelled = try await queue.store.labelledCases()
        #expect(labelled.map(\.truth?.outcome) == [.refurbish])
        try await queue.store.export()
        let entry = try members(
            lines(queue.directory.appending("audit/00000001.jsonl")).last ?? "")
        #expect(entry["kind"] as? String == "truth_recorded")
        #expect((entry["meta"] as? [String: String])?["resale_minor_units"] == "4500")
    }

    @Test func theMachinesDecisionStandsWhileASampleWaits() async throws {
        let queue = try await QueueUnderTest()
        let inspection = try await queue.recordDecided(.resell, probability: 0.02)
        #expect(try await queue.store.inspections()[0].outcome == .resell)
        #expect(try await queue.store.inspections()[0].decidedBy == .machine)
        try await queue.answer("ada", .reject)
        #expect(try await queue.store.inspections()[0].outcome == .reject)
        let labelled = try #require(try await queue.store.labelledCases().first)
        #expect(labelled.samplingProbability == 0.02)
        #expect(labelled.machine.id == inspection)
        #expect(labelled.decided?.outcome == .reject)
    }

    @Test func aSampleIsDrawnFromDecidedCasesOnly() async throws {
        let queue = try await QueueUnderTest()
        await #expect(throws: CaseStoreError.self) {
            try await queue.recordDecided(.humanReview, probability: 0.02)
        }
    }

    @Test func aPhotoOfAnotherOrderIsAReasonToLook() async throws {
        let queue = try await QueueUnderTest()
        let photo = ContentHash.fixture("a")
        try await queue.record()  // order-4711
        let cases: [(String?, [ReasonCode])] = [
            (nil, []), ("order-4711", []), ("order-4712", [.photoSeenBefore]),
        ]
        for (order, expected) in cases {
            let found = try await queue.store.fraudSignals(
                photos: [PhotoFingerprint(index: 0, sha256: photo)], orderID: order)
            #expect(found == expected)
        }
        let other = try await queue.store.fraudSignals(
            photos: [PhotoFingerprint(index: 0, sha256: .fixture("e"))], orderID: "order-4712")
        #expect(other.isEmpty)
    }

    @Test func whatARetiredReviewerHeldWaitsAgain() async throws {
        let queue = try await QueueUnderTest()
        try await queue.record()
        let held = try #require(try await queue.next("ada"))
        _ = try await queue.store.retireReviewer(name: "ada")
        #expect(try await queue.next("bob")?.task.id == held.task.id)
        await #expect(throws: CaseStoreError.reviewerUnknown(name: "ada")) {
            _ = try await queue.next("ada")
        }
        #expect(try await queue.store.reviewers().map(\.name) == ["bob", "cyd"])
    }
}
