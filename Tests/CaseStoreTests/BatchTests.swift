import CaseStore
import Foundation
import ReturnsDomain
import Testing

@Suite struct BatchTests {
    let directory = TemporaryDirectory()

    @Test func theSameKeyIsTheSameRun() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let first = try await store.startBatchRun(key: .fixture("1"))
        let second = try await CaseStore.open(at: directory.url).startBatchRun(key: .fixture("1"))
        #expect(first == second)
        #expect(try await store.startBatchRun(key: .fixture("2")).id != first.id)
    }

    @Test func resultsComeInTheOrderOfTheirItems() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let run = try await store.startBatchRun(key: .fixture("1")).id
        func item(_ name: String, fingerprint: String = "1") -> BatchItem {
            BatchItem(run: run, item: name, fingerprint: fingerprint, paths: [name])
        }
        let record = InspectionRecord.fixture(outcome: .resell, batchItem: item("b.jpg"))
        let recorded = try await store.record([record])
        try await store.recordUnreadable([
            BatchItemFailure(item: item("c.jpg"), code: "photo_truncated", message: "cut off"),
            BatchItemFailure(item: item("a.jpg"), code: "photo_truncated", message: "cut off"),
        ])

        var results: [RecordedBatchItem] = []
        while true {
            let page = try await store.batchResults(run, after: results.last?.item.item, limit: 2)
            if page.isEmpty { break }
            results += page
        }

        #expect(results.map(\.item.item) == ["a.jpg", "b.jpg", "c.jpg"])
        var expected = record.adjudication
        expected.audit = recorded[0].audit
        #expect(results[1].result == .inspected(expected))
        #expect(results[0].result == .unreadable(code: "photo_truncated", message: "cut off"))
        let fingerprints = try await store.recordedFingerprints(run, of: ["c.jpg", "d", "a.jpg"])
        #expect(fingerprints == ["1", nil, "1"])
        let counts = try await store.batchCounts(run)
        #expect(counts.outcomes == [.resell: 1])
        #expect(counts.unreadable == ["photo_truncated": 2])
    }

    @Test func anUnchangedItemIsRecordedOnceAndAChangedOneReplaced() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let run = try await store.startBatchRun(key: .fixture("1")).id
        func record(_ fingerprint: String) -> InspectionRecord {
            .fixture(
                outcome: .resell,
                batchItem: BatchItem(
                    run: run, item: "a.jpg", fingerprint: fingerprint, paths: ["a.jpg"]))
        }
        try await store.record([record("1")])

        await #expect(throws: CaseStoreError.batchItemRecorded(item: "a.jpg")) {
            try await store.record([record("1")])
        }
        let changed = record("2")
        try await store.record([changed])

        let results = try await store.batchResults(run)
        #expect(results.count == 1)
        guard case .inspected(let adjudication) = results[0].result else {
            Issue.record("no adjudication")
            return
        }
        #expect(adjudication.id == changed.adjudication.id)
        #expect(try await store.counts().auditEntries == 2)
    }

    @Test func anUnknownRunIsRefused() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let run = BatchRunID(at: .now)
        let item = BatchItem(run: run, item: "a", fingerprint: "1", paths: ["a"])
        await #expect(throws: CaseStoreError.batchRunNotFound(run)) {
            try await store.record([.fixture(batchItem: item)])
        }
    }
}
