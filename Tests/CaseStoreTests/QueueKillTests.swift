import CaseStore
import Foundation
import ReturnsDomain
import Statistics
import TestSupport
import Testing

/// T14: processes that are killed (SIGKILL) while they take a task, or while they hold one.
@Suite(.serialized) struct QueueKillTests {
    @Test func killedProcessesLoseNoTask() async throws {
        var run = StressRun("queue-kills", "kills", long: 300, fast: 12)
        var random = SeededGenerator(seed: run.seed)
        let directory = TemporaryDirectory()
        let store = try await CaseStore.open(at: directory.url)
        try await store.addReviewer(name: "kim")
        let itemCount = 40
        try await store.record((0..<itemCount).map { _ in .fixture() })
        let next = [
            "review", "next", "--reviewer", "kim", "--minutes", "1", "--json", "--data",
            directory.url.path,
        ]
        var start = ContinuousClock.now
        _ = try await RepositoryProgram.run(next)
        var whole = start.duration(to: .now)
        var starts = 0
        while run.goesOn {
            start = .now
            let program = try RepositoryProgram.start(next)
            starts += 1
            // Anywhere between the program's start and its end, and sometimes after it.
            let delay = whole * (1.3 * random.unit())
            let killer = Task {
                try await Task.sleep(for: delay)
                program.kill()
            }
            let status = try await program.output().status
            killer.cancel()
            // One that had ended before was not killed, and tells how long it takes by now.
            if status == 128 + SIGKILL { run.count(1) } else { whole = start.duration(to: .now) }
        }
        try await store.export()
        let replay = try QueueReplay(lines(directory.appending("review-queue.jsonl")))
        #expect(replay.open.count == itemCount)
        let counts = try await store.counts().reviewTasks
        #expect(counts[.open, default: 0] + counts[.leased, default: 0] == itemCount)
        #expect(try await AuditVerifier.verify(directory.url).holds)
        // Another start of the machine: whatever the killed ones held is served again.
        let restarted = try await CaseStore.open(
            at: directory.url,
            clock: StoreClock(
                now: { .now }, nanosecondsSinceBoot: { 1 }, bootID: "after-the-kills"))
        var served: [ReviewTaskID] = []
        while let leased = try await restarted.leaseNextReviewTask(
            reviewer: "kim", duration: .seconds(600))
        {
            served.append(leased.task.id)
        }
        #expect(Set(served).count == itemCount && served.count == itemCount)
        run.report(
            "\(starts) processes, lost \(itemCount - Set(served).count), "
                + "double \(served.count - Set(served).count)")
    }
}
