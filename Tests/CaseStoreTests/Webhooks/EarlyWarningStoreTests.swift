import CaseStore
import Foundation
import ReturnsDomain
import Testing

/// What is counted per product and category, and one event for one rise.
@Suite struct EarlyWarningStoreTests {
    let directory = TemporaryDirectory()
    let clock = SettableClock()

    @Test func itemsAreCountedOnTheSideOfTheBorderTheyLieOn() async throws {
        let store = try await CaseStore.open(at: directory.url, clock: clock.clock())
        let times: [(Int64, Outcome)] = [
            (99, .resell), (100, .reject), (199, .retake), (200, .reject), (299, .resell),
            (300, .reject),
        ]
        let records = times.map { milliseconds, outcome in
            InspectionRecord(
                adjudication: .fixture(
                    outcome: outcome,
                    createdAt: Timestamp(millisecondsSince1970: milliseconds)),
                statement: nil, consent: nil, photos: [], reviewTask: nil, batchItem: nil)
        }
        try await store.record(records)
        let counts = try await store.segmentCounts(
            past: Timestamp(millisecondsSince1970: 100),
            recent: Timestamp(millisecondsSince1970: 200),
            until: Timestamp(millisecondsSince1970: 300))
        #expect(counts.map(\.segment) == [.sku("sku-1"), .category("phone")])
        for count in counts {
            #expect(count.firstAt == Timestamp(millisecondsSince1970: 100))
            #expect(count.recent == [.submissions: 2, .retakes: 0, .rejects: 1])
            #expect(count.past == [.submissions: 2, .retakes: 1, .rejects: 1])
        }
        let other = store.forTenant(try #require(Tenant("other")))
        #expect(
            try await other.segmentCounts(
                past: Timestamp(millisecondsSince1970: 0),
                recent: Timestamp(millisecondsSince1970: 1), until: .now
            ).isEmpty)
        #expect(try await store.tenants() == [.default])
    }

    @Test func aRiseIsOneEventUntilItsWindowHasPassed() async throws {
        let store = try await CaseStore.open(at: directory.url, clock: clock.clock())
        func warning(_ segment: EarlyWarning.Segment) -> EarlyWarning {
            EarlyWarning(
                measure: .retakes, segment: segment, recentCount: 30, recentHours: 24,
                pastCount: 28, pastHours: 672, probability: 1e-20)
        }
        func record(_ segment: EarlyWarning.Segment) async throws -> Int {
            let start = clock.clock().now().advanced(by: .seconds(-86_400))
            return try await store.record([warning(segment)], unlessWarnedSince: start).count
        }
        #expect(try await record(.sku("lamp")) == 1)
        #expect(try await record(.sku("lamp")) == 0)
        #expect(try await record(.category("lamp")) == 1)
        clock.advance(by: .seconds(86_401))
        #expect(try await record(.sku("lamp")) == 1)
        let events = try await store.events(after: 0, limit: 10)
        #expect(events.map(\.seq) == [1, 2, 3])
        #expect(Set(events.map(\.type)) == ["regrade.early_warning.v1"])
        let text = String(decoding: try #require(events.first).body, as: UTF8.self)
        for part in [
            #""specversion":"1.0""#, #""subject":"sku/lamp""#, #""measure":"retakes""#,
            #""recent_count":30"#, #""status_code":"early_warning""#, #""sku":"lamp""#,
        ] {
            #expect(text.contains(part))
        }
        #expect(CaseStore.eventTypes.contains("regrade.early_warning.v1"))
    }
}
