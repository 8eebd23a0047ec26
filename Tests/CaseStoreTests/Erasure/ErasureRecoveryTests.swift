import CaseStore
import Foundation
import ReturnsDomain
import Statistics
import Testing

@Suite struct ErasureRecoveryTests {
    let directory = TemporaryDirectory()

    private struct Killed: Error {}

    private func recorded() async throws -> PersonalCase {
        var random = SeededGenerator(seed: 77)
        let entry = PersonalCase(using: &random)
        let store = try await CaseStore.open(at: directory.url)
        try await store.record([entry.record, .fixture()])
        try await store.export()
        return entry
    }

    @Test func aTombstoneThatWasNotAppliedIsAppliedByTheNextOpening() async throws {
        let entry = try await recorded()
        try plantTombstone(of: entry.id, tail: "")

        let store = try await CaseStore.open(at: directory.url)
        try await store.export()

        #expect(try directory.filesHolding(entry.traces) == [])
        await #expect(throws: CaseStoreError.inspectionErased(entry.id)) {
            try await store.adjudication(of: entry.id)
        }
        #expect(try await AuditVerifier.verify(directory.url).problem == nil)
    }

    @Test func aTornTombstoneWasNeverPromised() async throws {
        let entry = try await recorded()
        try plantTombstone(of: entry.id, tail: "{\"at\":\"2026")

        let store = try await CaseStore.open(at: directory.url)
        _ = try await store.erase([try await otherCase(store, than: entry.id)])

        #expect(try lines(directory.appending("tombstones.jsonl")).count == 2)
    }

    @Test func aTombstoneThatCannotBeReadStopsTheOpening() async throws {
        _ = try await recorded()
        try Data("{\"at\":1}\n".utf8).write(to: directory.appending("tombstones.jsonl"))

        let error = await #expect(throws: CaseStoreError.self) {
            try await CaseStore.open(at: directory.url)
        }
        guard case .tombstonesUnreadable = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    /// A kill at any step of rewriting the files: the case is gone for readers at once.
    ///
    /// The next opening clears the rest away.
    @Test(arguments: 0..<8)
    func whatAKillLeftIsFinishedByTheNextOpening(step: Int) async throws {
        let entry = try await recorded()
        let left = Countdown(step)
        var options = ExportOptions()
        options.beforeStep = { if left.isOver() { throw Killed() } }
        let store = try await CaseStore.open(at: directory.url, export: options)
        let report = try await store.erase([entry.id])
        #expect(report.receipts.count == 1)

        let again = try await CaseStore.open(at: directory.url)
        try await again.export()

        #expect(try directory.filesHolding(entry.traces) == [])
        let verification = try await AuditVerifier.verify(directory.url)
        #expect(verification.problem == nil && verification.erasedDocumentCount == 1)
    }

    @Test func anOlderDatabaseDoesNotBringAPersonBack() async throws {
        let entry = try await recorded()
        let photos = try directory.contents().filter { $0.key.hasPrefix("photos/") }
        let store = try await CaseStore.open(at: directory.url)
        _ = try await store.databaseSetting("wal_checkpoint(TRUNCATE)")
        let older = try Data(contentsOf: directory.appending("regrade.sqlite"))
        _ = try await store.erase([entry.id])
        _ = try await store.databaseSetting("wal_checkpoint(TRUNCATE)")

        // Someone puts the older files back.
        try older.write(to: directory.appending("regrade.sqlite"))
        for (path, bytes) in photos { try bytes.write(to: directory.appending(path)) }
        for name in ["adjudications.jsonl", "review-queue.jsonl", "audit"] {
            try FileManager.default.removeItem(at: directory.appending(name))
        }
        for name in ["regrade.sqlite-wal", "regrade.sqlite-shm"] {
            try? FileManager.default.removeItem(at: directory.appending(name))
        }
        let again = try await CaseStore.open(at: directory.url)
        try await again.export()

        #expect(try directory.filesHolding(entry.traces) == [])
        await #expect(throws: CaseStoreError.inspectionErased(entry.id)) {
            try await again.adjudication(of: entry.id)
        }
        #expect(try await AuditVerifier.verify(directory.url).problem == nil)
    }

    private func plantTombstone(of id: InspectionID, tail: String) throws {
        let line =
            "{\"at\":\"2026-11-21T00:00:00.000Z\",\"cause\":\"request\",\"inspection\":\"\(id)\","
            + "\"scope\":\"case\",\"tenant\":\"default\"}\n"
        try Data((line + tail).utf8).write(to: directory.appending("tombstones.jsonl"))
    }

    private func otherCase(
        _ store: CaseStore, than id: InspectionID
    ) async throws -> InspectionID {
        try #require(try await store.inspections().map(\.id).first { $0 != id })
    }
}

/// Is over from the n-th question on.
private final class Countdown: @unchecked Sendable {
    // Unchecked because the lock guards the only stored value.
    private let lock = NSLock()
    private var left: Int

    init(_ count: Int) { left = count }

    func isOver() -> Bool {
        lock.withLock {
            left -= 1
            return left < 0
        }
    }
}
