import CaseStore
import Foundation
import ReturnsDomain
import Testing

@Suite struct RetentionTests {
    let directory = TemporaryDirectory()
    let clock = SettableClock()

    static let schedule = RetentionSchedule(
        rules: [
            .init(regions: ["DE", "FR"], periods: .init(photos: 10, texts: 20, cases: 30))
        ], others: .init(photos: 100, texts: 200, cases: 300))

    /// Days after which something of a case in a region is still there.
    @Test(arguments: [
        ("DE", 9, true, true), ("DE", 11, false, true), ("FR", 29, false, true),
        ("FR", 31, false, false), ("US", 31, true, true), ("US", 99, true, true),
        ("US", 101, false, true), ("US", 301, false, false),
    ])
    func periodsDependOnTheRegion(
        region: String, days: Int, hasPhoto: Bool, hasDocument: Bool
    ) async throws {
        let store = try await CaseStore.open(at: directory.url, clock: clock.clock())
        let entry = try await recorded(in: store, region: region)
        clock.advance(by: .seconds(days * 86_400))
        _ = try await store.sweep(by: Self.schedule)
        try await store.export()

        #expect((try? await store.photo(0, of: entry.id)) == (hasPhoto ? entry.photo : nil))
        #expect(((try? await store.adjudication(of: entry.id)) != nil) == hasDocument)
        #expect(try await AuditVerifier.verify(directory.url).problem == nil)
        if !hasDocument { #expect(try directory.filesHolding(entry.traces) == []) }
    }

    @Test func aHoldAndAnOpenTaskKeepACase() async throws {
        let store = try await CaseStore.open(at: directory.url, clock: clock.clock())
        let held = try await recorded(in: store, region: "DE")
        let open = try await recorded(in: store, region: "DE", outcome: .humanReview)
        try await store.placeHold(on: held.id, reference: "file 12")
        clock.advance(by: .seconds(400 * 86_400))

        #expect(try await store.dueForSweep(by: Self.schedule) == RetentionReport())
        #expect(try await store.sweep(by: Self.schedule) == RetentionReport())
        #expect(try await store.photo(0, of: held.id) == held.photo)
        #expect(try await store.photo(0, of: open.id) == open.photo)
    }

    @Test func aSweepIsAuditedAndRepeatsNothing() async throws {
        let store = try await CaseStore.open(at: directory.url, clock: clock.clock())
        for _ in 0..<3 { _ = try await recorded(in: store, region: "DE") }
        clock.advance(by: .seconds(11 * 86_400))
        var expected = RetentionReport()
        expected.photos = 3

        #expect(try await store.dueForSweep(by: Self.schedule) == expected)
        #expect(try await store.sweep(by: Self.schedule) == expected)
        #expect(try await store.sweep(by: Self.schedule) == RetentionReport())
        try await store.export()
        let last = try members(
            try #require(try lines(directory.appending("audit/00000001.jsonl")).last))
        #expect(last["kind"] as? String == "retention_sweep")
        #expect((last["meta"] as? [String: String])?["kept_photos"] == "3")
    }

    /// The space of what was removed is given back, not kept as free pages of a file that grows.
    @Test func aSweepReturnsTheSpace() async throws {
        let store = try await CaseStore.open(at: directory.url, clock: clock.clock())
        // Every table and index has a page, filled or not.
        let empty = try await pageCount(of: store)
        for _ in 0..<200 { _ = try await recorded(in: store, region: "DE") }
        clock.advance(by: .seconds(31 * 86_400))
        let stays = try await recorded(in: store, region: "DE")
        let before = try await pageCount(of: store)
        var expected = RetentionReport()
        expected.cases = 200

        #expect(try await store.sweep(by: Self.schedule) == expected)

        #expect(try await pageCount(of: store) - empty < (before - empty) / 2)
        #expect(try await store.photo(0, of: stays.id) == stays.photo)
        #expect(try await store.databaseSetting("integrity_check") == "ok")
    }

    private func pageCount(of store: CaseStore) async throws -> Int {
        let text = try await store.databaseSetting("page_count")
        return try #require(text.flatMap { Int($0) })
    }

    private func recorded(
        in store: CaseStore, region: String, outcome: Outcome = .resell
    ) async throws -> PersonalCase {
        var random = SystemRandomNumberGenerator()
        let entry = PersonalCase(
            using: &random, region: region, createdAt: clock.clock().now(), outcome: outcome)
        try await store.record([entry.record])
        return entry
    }
}
