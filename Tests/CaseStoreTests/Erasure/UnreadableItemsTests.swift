import CaseStore
import Foundation
import ReturnsDomain
import Testing

/// Files that a batch could not read belong to no case, and their paths may still name a person.
@Suite struct UnreadableItemsTests {
    let directory = TemporaryDirectory()

    private func unreadable(
        _ item: String, _ run: BatchRunID, paths: [String]? = nil
    ) -> BatchItemFailure {
        BatchItemFailure(
            item: BatchItem(run: run, item: item, fingerprint: "1", paths: paths ?? [item]),
            code: "photo_truncated", message: "cut off")
    }

    private func items(_ store: CaseStore, _ runs: [BatchRunID]) async throws -> [String] {
        var items: [String] = []
        for run in runs { items += try await store.batchResults(run).map(\.item.item) }
        return items.sorted()
    }

    @Test func whatLeadsToAnErasedCaseGoesWithIt() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let first = try await store.startBatchRun(key: .fixture("1")).id
        let second = try await store.startBatchRun(key: .fixture("2")).id
        let id = InspectionID(at: .now)
        func record(_ order: String, _ item: String, _ id: InspectionID) -> InspectionRecord {
            .fixture(
                outcome: .resell, orderID: order, id: id,
                batchItem: BatchItem(
                    run: first, item: item, fingerprint: "1", paths: ["huber/\(item)"]))
        }
        try await store.record([
            record("order-4711", "front.jpg", id),
            record("order-12", "other.jpg", InspectionID(at: .now)),
        ])
        try await store.recordUnreadable([
            unreadable("front.jpg", second), unreadable("order-4711/back.jpg", first),
            unreadable("row 7", second, paths: ["a.jpg", "huber/front.jpg"]),
            unreadable("row 8", second, paths: ["returns/order-4711.jpg"]),
            unreadable("order-12/back.jpg", first), unreadable("unrelated.jpg", second),
        ])
        _ = try await store.forTenant(try #require(Tenant("other"))).startBatchRun(
            key: .fixture("1"))

        let receipt = try #require(try await store.erase([id]).receipts.first)

        #expect(receipt.isComplete && receipt.removed.batchItems == 5)
        #expect(
            try await items(store, [first, second])
                == ["order-12/back.jpg", "other.jpg", "unrelated.jpg"])
        #expect(
            try directory.filesHolding([
                "order-4711", "huber/front.jpg", "huber\\/front.jpg", "row 7", "row 8",
            ]) == [])
    }

    /// Order 7 would be found in every second path.
    @Test func aShortOrderNumberIsNotLookedForInPaths() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let run = try await store.startBatchRun(key: .fixture("1")).id
        let id = InspectionID(at: .now)
        try await store.record([.fixture(outcome: .resell, orderID: "7", id: id)])
        try await store.recordUnreadable([unreadable("IMG_1277.jpg", run)])
        _ = try await store.erase([id])
        #expect(try await items(store, [run]) == ["IMG_1277.jpg"])
    }

    @Test func theOthersGoWithTheShortestPeriod() async throws {
        let clock = SettableClock()
        let store = try await CaseStore.open(at: directory.url, clock: clock.clock())
        let old = try await store.startBatchRun(key: .fixture("1")).id
        try await store.recordUnreadable([unreadable("maria.jpg", old)])
        clock.advance(by: .seconds(20 * 86_400))
        let new = try await store.startBatchRun(key: .fixture("2")).id
        try await store.recordUnreadable([unreadable("new.jpg", new)])
        let long = RetentionPeriods(photos: 100, texts: 100, cases: 100)
        let schedule = RetentionSchedule(
            rules: [
                .init(regions: ["DE"], periods: RetentionPeriods(photos: 9, texts: 9, cases: 30))
            ], others: long)
        _ = try await store.sweep(by: schedule)
        #expect(try await items(store, [old, new]) == ["maria.jpg", "new.jpg"])
        clock.advance(by: .seconds(11 * 86_400))

        _ = try await store.sweep(by: schedule)

        #expect(try await items(store, [old, new]) == ["new.jpg"])
        let last = try #require(try await store.auditEntries(limit: 1).first)
        let meta = try members(String(decoding: last, as: UTF8.self))["meta"] as? [String: String]
        #expect(meta == ["scope": "unreadable_items", "items": "1"])
    }
}
