import CaseStore
import Foundation
import ReturnsDomain
import Testing

@Suite struct ConcurrencyTests {
    let directory = TemporaryDirectory()

    @Test func severalStoresRecordOneChainWithoutGaps() async throws {
        let url = directory.url
        let recorded = try await withThrowingTaskGroup(of: [RecordedInspection].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let store = try await CaseStore.open(at: url)
                    var recorded: [RecordedInspection] = []
                    for _ in 0..<25 {
                        let photo = Data(repeating: 3, count: 2000)
                        recorded += try await store.record([
                            .fixture(photo: photo), .fixture(outcome: .resell, photo: photo),
                        ])
                    }
                    return recorded
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }

        #expect(recorded.map(\.audit.seq).sorted() == Array(1...200))
        let verification = try await AuditVerifier.verify(url)
        #expect(verification.holds && verification.documentCount == 200)
    }

    @Test func noTaskIsServedTwice() async throws {
        let url = directory.url
        let store = try await CaseStore.open(at: url)
        try await store.record((0..<40).map { _ in .fixture() })
        let other = try await CaseStore.open(at: url)
        for reviewer in 0..<16 { try await store.addReviewer(name: "reviewer-\(reviewer)") }

        let served = try await withThrowingTaskGroup(of: [ReviewTaskID].self) { group in
            for reviewer in 0..<16 {
                group.addTask {
                    let store = reviewer.isMultiple(of: 2) ? store : other
                    var tasks: [ReviewTaskID] = []
                    while let leased = try await store.leaseNextReviewTask(
                        reviewer: "reviewer-\(reviewer)", duration: .seconds(600))
                    {
                        tasks.append(leased.task.id)
                    }
                    return tasks
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }

        #expect(served.count == 40)
        #expect(Set(served).count == 40)
    }

    @Test func aDecisionIsTakenOnceThoughSentTwiceAtOnce() async throws {
        let store = try await CaseStore.open(at: directory.url)
        try await store.addReviewer(name: "ada")
        try await store.record([.fixture()])
        let leased = try #require(
            try await store.leaseNextReviewTask(reviewer: "ada", duration: .seconds(600)))
        let decision = ReviewDecision(
            task: leased.task.id, lease: leased.lease, reviewer: "ada", outcome: .resell,
            reason: .reviewAgrees)

        let outcomes = await withTaskGroup(of: CaseStoreError?.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    do throws(CaseStoreError) {
                        try await store.decide(decision)
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }

        #expect(outcomes.count { $0 == nil } == 1)
        #expect(outcomes.count { $0 == .alreadyDecided(leased.task.id) } == 7)
    }
}
