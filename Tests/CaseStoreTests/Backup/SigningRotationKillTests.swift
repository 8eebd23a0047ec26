import CaseStore
import Foundation
import ReturnsDomain
import Synchronization
import Testing

/// The change of the signing key, killed before each of its steps.
@Suite struct SigningRotationKillTests {
    struct Killed: Error {}

    /// A directory with three entries of one tenant and two of another, and the first key.
    private func prepared() async throws -> (directory: TemporaryDirectory, first: String) {
        let directory = TemporaryDirectory()
        let store = try await CaseStore.open(at: directory.url)
        try await store.record([.fixture(), .fixture(), .fixture()])
        try await store.forTenant(try #require(Tenant("second"))).record([.fixture(), .fixture()])
        return (directory, try await store.auditHead().publicKey)
    }

    /// Throws at the step of this number, counted from 0.
    private static func killing(atStep step: Int) -> ExportOptions {
        let count = Mutex(0)
        var options = ExportOptions()
        options.beforeStep = {
            let present = count.withLock { count in
                count += 1
                return count - 1
            }
            if present == step { throw Killed() }
        }
        return options
    }

    /// Tries again while the attempt that was killed holds its lock: a process that ends lets go of
    /// it at once, its objects here do when the last of their queues has.
    private static func whenFree<Value>(
        _ body: () async throws -> Value
    ) async throws -> Value {
        for _ in 0..<10_000 {
            do {
                return try await body()
            } catch CaseStoreError.directoryInUse, CaseStoreError.directoryReserved {
                await Task.yield()
            }
        }
        return try await body()
    }

    /// Whoever comes next: another command, or the same one again.
    @Test(arguments: [false, true])
    func theDirectoryWorksAfterAKillAtAnyStep(runsAgain: Bool) async throws {
        var (step, decidedCount) = (0, 0)
        while true {
            let (directory, first) = try await prepared()
            let wasKilled =
                await
                (try? CaseStore.rotateSigningKey(
                    at: directory.url, export: Self.killing(atStep: step))) == nil
            if runsAgain {
                _ = try await Self.whenFree {
                    try await CaseStore.rotateSigningKey(at: directory.url)
                }
            }
            do {
                let store = try await Self.whenFree {
                    try await CaseStore.open(at: directory.url)
                }
                try await store.record([.fixture()])
                try await store.checkpoint()
                let keys = try await store.auditHead().publicKeys
                // What was decided holds; what was not may be begun anew.
                try #require((1...3).contains(keys.count) && keys[0] == first, "step \(step)")
                if keys.count > 1 { decidedCount += 1 }
                if runsAgain { try #require(keys.count > 1) }
            }
            for tenant in [.default, try #require(Tenant("second"))] as [Tenant] {
                let found = try await AuditVerifier.verify(directory.url, tenant: tenant)
                try #require(found.problem == nil, "killed at step \(step): \(found)")
                try #require(found.movedKeyChangeCount == 0)
                try #require(found.signedEntryCount == found.entryCount)
            }
            try #require(
                !FileManager.default.fileExists(
                    atPath: directory.appending("keys/old-signing.key").path))
            guard wasKilled else { break }
            step += 1
        }
        #expect(step >= 20 && decidedCount >= 5 && decidedCount <= step + 1)
        print("signing rotation: \(step) kill points, runs again: \(runsAgain), all work")
    }
}

/// Backups from before a change of the signing key.
@Suite struct SigningRotationBackupTests {
    let directory = TemporaryDirectory()
    let outside = TemporaryDirectory()

    private func record(_ count: Int) async throws {
        let store = try await CaseStore.open(at: directory.url)
        try await store.record((0..<count).map { _ in .fixture(photo: Data("photo".utf8)) })
        try await store.checkpoint()
    }

    @Test func anOlderBackupIsRestoredUnderTheNewestKey() async throws {
        try FileManager.default.createDirectory(at: outside.url, withIntermediateDirectories: true)
        let (before, between) = (outside.appending("a.backup"), outside.appending("b.backup"))
        try await record(3)
        let first = try await CaseStore.open(at: directory.url).auditHead().publicKey
        _ = try await CaseStore.open(at: directory.url).backup(to: before)
        try await record(2)
        _ = try await CaseStore.rotateSigningKey(at: directory.url)
        try await record(2)
        _ = try await CaseStore.open(at: directory.url).backup(to: between)
        let newest = try await CaseStore.rotateSigningKey(at: directory.url).to

        for (file, changeCount) in [(between, 1), (before, 2)] {
            _ = try await CaseStore.restore(from: file, into: directory.url)
            try await record(1)
            let store = try await CaseStore.open(at: directory.url)
            #expect(try await store.auditHead().publicKeys.count == 3)
            #expect(try await store.auditHead().publicKey == newest)
            let found = try await AuditVerifier.verify(directory.url)
            #expect(found.problem == nil && found.signedEntryCount == found.entryCount)
            #expect(found.movedKeyChangeCount == changeCount, "it says what was restored")
            // To whoever kept the first key, entries that it signed are gone; that must be told.
            let outsider = try await AuditVerifier.verify(
                directory.url, witness: AuditWitness(publicKey: first))
            #expect(outsider.problem != nil)
            let told = try await AuditVerifier.verify(
                directory.url, witness: AuditWitness(publicKey: newest))
            #expect(told.problem == nil && told.signedEntryCount == told.entryCount)
            let receipt = try await store.auditReceipt(for: .entry(1))
            #expect(try ReceiptCheck.check(Array(receipt), publicKey: first).holds)
        }
        // And a backup of that record holds as well.
        let again = outside.appending("c.backup")
        _ = try await CaseStore.open(at: directory.url).backup(to: again)
        _ = try await CaseStore.restore(from: again, into: directory.url)
        #expect(try await AuditVerifier.verify(directory.url).problem == nil)
    }
}
