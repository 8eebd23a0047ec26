import CaseStore
import Foundation
import GRDB
import ReturnsDomain
import Synchronization
import Testing

/// Counts across tasks.
private final class Counter: Sendable {
    private let value = Mutex(0)

    var count: Int { value.withLock { $0 } }

    func add() { value.withLock { $0 += 1 } }
}

/// Names that tasks were told.
private final class Names: Sendable {
    private let value = Mutex<Set<String>>([])

    var all: Set<String> { value.withLock { $0 } }

    func add(_ name: String) { value.withLock { _ = $0.insert(name) } }
}

/// What waits together is committed together, and fails alone.
@Suite struct WriteLineTests {
    let directory = TemporaryDirectory()

    @Test func workThatWaitedForAnotherProcessSharesCommits() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let before = store.commitCount
        try await whileAnotherWrites(store, until: 40) {
            for number in 0..<40 {
                $0.addTask { _ = try await store.addReviewer(name: "reviewer-\(number)") }
            }
        }

        // One, on a machine that has time; a group ends after some milliseconds.
        #expect((1..<40).contains(store.commitCount - before))
        #expect(try await store.reviewers().count == 40)
        #expect(try await AuditVerifier.verify(directory.url).holds)
    }

    @Test func whatFailsTakesNothingWithIt() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let refused = Counter()
        try await whileAnotherWrites(store, until: 20) {
            for number in 0..<20 {
                // Every name comes twice: the second of each is refused.
                $0.addTask {
                    do throws(CaseStoreError) {
                        _ = try await store.addReviewer(name: "reviewer-\(number / 2)")
                    } catch {
                        refused.add()
                    }
                }
            }
        }

        #expect(refused.count == 10)
        #expect(try await store.reviewers().count == 10)
        #expect(try await AuditVerifier.verify(directory.url).holds)
    }

    /// SQLite gives a whole transaction up where the disk is full: nobody of it may be told of
    /// success, and whoever comes after the one that met it is in another transaction.
    @Test func aLostTransactionIsALossForAllOfItsGroup() async throws {
        let store = try await CaseStore.open(at: directory.url)
        try await store.tamper(
            """
            CREATE TEMP TRIGGER full BEFORE INSERT ON main.reviewer WHEN NEW.name = 'reviewer-2'
            BEGIN SELECT RAISE(ROLLBACK, 'the disk is full'); END
            """)
        let told = Names()
        try await whileAnotherWrites(store, until: 20) {
            for number in 0..<20 {
                $0.addTask {
                    // In the order of their numbers.
                    while store.waitingWriteCount < number { await Task.yield() }
                    let name = "reviewer-\(number)"
                    if (try? await store.addReviewer(name: name)) != nil {
                        told.add(name)
                    }
                }
            }
        }

        let names = Set(try await store.reviewers().map(\.name))
        #expect(told.all == names)
        #expect(!names.contains("reviewer-2"))
        #expect(names.isSuperset(of: (3..<20).map { "reviewer-\($0)" }), "who came later")
        #expect(try await AuditVerifier.verify(directory.url).holds)
    }

    @Test func whoAsksForACaseGoesBeforeOthers() async throws {
        let store = try await CaseStore.open(at: directory.url)
        try await store.record([.fixture()])
        try await store.addReviewer(name: "ada")
        let before = try await store.value("SELECT count(*) FROM auditEntry")
        try await whileAnotherWrites(store, until: 21) {
            for number in 0..<20 {
                $0.addTask { _ = try await store.addReviewer(name: "reviewer-\(number)") }
            }
            $0.addTask {
                _ = try await store.leaseNextReviewTask(reviewer: "ada", duration: .seconds(60))
            }
        }

        let first = try await store.value(
            "SELECT kind FROM auditEntry ORDER BY seq LIMIT 1 OFFSET \(before ?? "0")")
        #expect(first == "review_view")
    }

    /// Holds the database with another connection until so much work waits for it.
    private func whileAnotherWrites(
        _ store: CaseStore, until count: Int,
        _ start: (inout ThrowingTaskGroup<Void, any Error>) -> Void
    ) async throws {
        var patient = Configuration()
        patient.busyMode = .timeout(60)
        let other = try DatabaseQueue(
            path: directory.url.appending(path: "regrade.sqlite").path, configuration: patient)
        try await withThrowingTaskGroup(of: Void.self) { group in
            await withCheckedContinuation { isHeld in
                // One access, as the connection may not be left inside a transaction.
                group.addTask {
                    try await other.writeWithoutTransaction { db in
                        try db.inTransaction(.immediate) {
                            isHeld.resume()
                            while store.waitingWriteCount < count { sched_yield() }
                            return .rollback
                        }
                    }
                }
            }
            start(&group)
            try await group.waitForAll()
        }
    }
}
