import CaseStore
import Foundation
import ReturnsDomain
import Synchronization
import TestSupport
import Testing

/// T19: backup while others write, restore elsewhere, verify; over and over.
@Suite(.serialized) struct BackupCycleTests {
    @Test func everyBackupMadeWhileOthersWriteComesBackWhole() async throws {
        let prepared = try await PreparedDirectory(caseCount: 30)
        var run = StressRun("backup", "cycles", long: 100, fast: 6)
        let folder = try TemporaryFolder()
        let data = folder.file("data")
        try prepared.copy(to: data)
        let writer = Writer(inspections: prepared.inspections)
        let writing = Task { try await writer.work(on: data) }
        defer { writer.stop() }
        var (longestBackup, longestRestore) = (Duration.zero, Duration.zero)
        let store = try await CaseStore.open(at: data)
        while run.goesOn {
            let file = folder.file("\(run.trial).backup")
            // What was acknowledged before the backup began has to be in it.
            let acknowledged = writer.acknowledged
            let start = ContinuousClock.now
            let report = try await store.backup(to: file)
            let written = ContinuousClock.now
            let target = folder.file("restored")
            try Self.copyKeys(from: data, to: target)
            let restored = try await CaseStore.restore(from: file, into: target)
            longestBackup = max(longestBackup, start.duration(to: written))
            longestRestore = max(longestRestore, written.duration(to: .now))
            try #require(restored.backup.sha256 == report.sha256)
            try await Reopening.check(target, acknowledged, about: "backup \(run.trial)")
            try FileManager.default.removeItem(at: target)
            try FileManager.default.removeItem(at: file)
            run.count(1)
        }
        writer.stop()
        try await writing.value
        let acknowledged = writer.acknowledged
        #expect(!acknowledged.reviewers.isEmpty && !acknowledged.erasures.isEmpty)
        run.report(
            "\(acknowledged.reviewers.count) reviewers added and \(acknowledged.erasures.count) "
                + "cases erased meanwhile, nothing acknowledged before a backup began missing from "
                + "it, longest backup \(longestBackup), longest restore \(longestRestore)")
    }

    private static func copyKeys(from data: URL, to target: URL) throws {
        try FileManager.default.createDirectory(
            at: target, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        try FileManager.default.copyItem(
            at: data.appending(path: "keys"), to: target.appending(path: "keys"))
    }
}

/// Changes a record until it is told to stop, and knows what was acknowledged so far.
private final class Writer: Sendable {
    private let inspections: [InspectionID]
    private let state = Mutex(Acknowledged())
    private let isStopped = Mutex(false)

    init(inspections: [InspectionID]) { self.inspections = inspections }

    var acknowledged: Acknowledged { state.withLock { $0 } }

    /// Ends the work after the change under way.
    func stop() { isStopped.withLock { $0 = true } }

    /// Takes and returns tasks, adds reviewers, and erases half of the cases on the way.
    func work(on data: URL) async throws {
        let store = try await CaseStore.open(at: data)
        var number = 0
        while !isStopped.withLock({ $0 }) {
            do {
                try await change(store, number)
            } catch CaseStoreError.busy {
                // The backup keeps the database; the next round goes on.
            }
            number += 1
        }
    }

    private func change(_ store: CaseStore, _ number: Int) async throws {
        if let leased = try await store.leaseNextReviewTask(
            reviewer: "kim", duration: .seconds(60))
        {
            try await store.release(leased.task.id, lease: leased.lease)
        }
        let name = "name-\(number)"
        _ = try await store.addReviewer(name: name)
        state.withLock { _ = $0.reviewers.insert(name) }
        let next = number / 5
        if number.isMultiple(of: 5), next < inspections.count / 2 {
            _ = try await store.erase([inspections[next]])
            state.withLock { _ = $0.erasures.insert(inspections[next]) }
        }
        try await store.export()
    }
}
