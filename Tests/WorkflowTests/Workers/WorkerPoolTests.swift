import Foundation
import Glibc
import Synchronization
import Testing
import Workflow

struct WorkerPoolTests {
    /// A worker that must only ever be used by the thread that made it.
    private final class Counter {
        let thread = Thread.current
        var jobCount = 0
    }

    @Test func keepsEachWorkerOnItsThread() async throws {
        let pool = try WorkerPool(workerCount: 3) { Counter() }
        defer { pool.stop() }
        let strayCount = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    try await pool.perform { counter in
                        counter.jobCount += 1
                        return counter.thread !== Thread.current
                    }
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(strayCount == 0)
    }

    @Test func runsAsManyJobsAtOnceAsThereAreWorkers() async throws {
        let pool = try WorkerPool(workerCount: 2) {}
        defer { pool.stop() }
        // Each job waits for the other: this ends only if both run at the same time.
        let first = DispatchSemaphore(value: 0)
        let second = DispatchSemaphore(value: 0)
        async let one: Void = pool.perform {
            first.signal()
            second.wait()
        }
        async let two: Void = pool.perform {
            second.signal()
            first.wait()
        }
        _ = try await (one, two)
    }

    @Test func workersThatGiveWayAreNicerThanTheRest() async throws {
        func niceness(_ priority: WorkerPriority) async throws -> Int32 {
            let pool = try WorkerPool(workerCount: 1, priority: priority) {}
            defer { pool.stop() }
            return try await pool.perform {
                getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
            }
        }
        let usual = try await niceness(.normal)
        #expect(try await niceness(.givesWay) == min(usual + 5, 19))
        #expect(try await niceness(.normal) == usual, "no other thread is changed")
    }

    private struct Broken: Error {}

    @Test func throwsWhatAJobThrows() async throws {
        let pool = try WorkerPool(workerCount: 1) {}
        defer { pool.stop() }
        await #expect(throws: Broken.self) { try await pool.perform { throw Broken() } }
        #expect(try await pool.perform { 7 } == 7)
    }

    @Test func throwsWhatMakingAWorkerThrows() {
        #expect(throws: Broken.self) {
            _ = try WorkerPool<Void>(workerCount: 2) { throw Broken() }
        }
    }

    @Test func refusesJobsOnceStopped() async throws {
        let pool = try WorkerPool(workerCount: 1) {}
        pool.stop()
        await #expect(throws: CancellationError.self) { try await pool.perform {} }
    }

    @Test(
        arguments: [
            ("max 100000\n", nil), ("200000 100000\n", 2), ("150000 100000", 2), ("1000 100000", 1),
            ("", nil), ("junk", nil), ("-1 100000", nil),
        ] as [(String, Int?)])
    func readsTheQuotaOfAContainer(text: String, expected: Int?) {
        #expect(CoreCount.quota(fromCPUMax: text) == expected)
    }
}
