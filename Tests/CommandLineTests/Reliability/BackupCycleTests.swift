import CaseStore
import Foundation
import ReturnsDomain
import TestSupport
import Testing

/// T19: backup while others write, restore elsewhere, verify; over and over.
@Suite(.serialized) struct BackupCycleTests {
    @Test func everyBackupMadeWhileOthersWriteComesBackWhole() async throws {
        let prepared = try await PreparedDirectory(caseCount: 30)
        let cycleCount = Stress.isLong ? 100 : 6
        let deadline = Stress.Deadline()
        let folder = try TemporaryFolder()
        let data = folder.file("data")
        try prepared.copy(to: data)
        let writer = Task { try await Self.work(on: data) }
        var (cycles, missing, longest) = (0, 0, Duration.zero)
        var lastHead: Int64 = 0
        do {
            let store = try await CaseStore.open(at: data)
            for cycle in 0..<cycleCount where !(Stress.isLong && deadline.isOver) {
                let file = folder.file("\(cycle).backup")
                let report = try await store.backup(to: file)
                let clock = ContinuousClock()
                let start = clock.now
                let target = folder.file("restored")
                try Self.copyKeys(from: data, to: target)
                let restored = try await CaseStore.restore(from: file, into: target)
                longest = max(longest, start.duration(to: clock.now))
                try #require(restored.backup.sha256 == report.sha256)
                try await Reopening.check(target, Acknowledged(), about: "cycle \(cycle)")
                // What was acknowledged before the backup began is in it: the log never shrinks.
                let head = report.heads["default"]?.seq ?? 0
                try #require(head > lastHead, "cycle \(cycle)")
                lastHead = head
                missing += report.missingPhotoCount
                try FileManager.default.removeItem(at: target)
                try FileManager.default.removeItem(at: file)
                cycles += 1
            }
        } catch {
            writer.cancel()
            throw error
        }
        writer.cancel()
        let written = try await writer.value
        #expect(written > 0)
        Stress.report(
            "backup",
            "\(cycles)/\(cycles) cycles verify, \(written) changes written meanwhile, \(missing) "
                + "photos erased in between, longest restore \(longest)")
    }

    /// Reviews and reviewers until cancelled; returns how many changes were made.
    private static func work(on data: URL) async throws -> Int {
        let store = try await CaseStore.open(at: data)
        var count = 0
        while !Task.isCancelled {
            let isDone = await change(store, number: count)
            count += isDone ? 1 : 0
        }
        return count
    }

    /// Whether a round of changes was made; another process may have kept the database busy.
    private static func change(_ store: CaseStore, number: Int) async -> Bool {
        do {
            if let leased = try await store.leaseNextReviewTask(
                reviewer: "kim", duration: .seconds(60))
            {
                try await store.release(leased.task.id, lease: leased.lease)
            }
            _ = try await store.addReviewer(name: "name-\(number)")
            try await store.export()
            return true
        } catch {
            return false
        }
    }

    private static func copyKeys(from data: URL, to target: URL) throws {
        try FileManager.default.createDirectory(
            at: target, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        try FileManager.default.copyItem(
            at: data.appending(path: "keys"), to: target.appending(path: "keys"))
    }
}
