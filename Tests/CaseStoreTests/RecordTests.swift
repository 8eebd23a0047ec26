import CaseStore
import Foundation
import ReturnsDomain
import Testing

@Suite struct RecordTests {
    let directory = TemporaryDirectory()

    @Test func recordsAndReadsBackOneInspection() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let record = InspectionRecord.fixture()

        let recorded = try await store.record([record])

        #expect(recorded.count == 1)
        #expect(recorded[0].audit.seq == 1)
        var expected = record.adjudication
        expected.audit = recorded[0].audit
        #expect(try await store.adjudication(of: record.adjudication.id) == expected)
        let task = try #require(recorded[0].reviewTask)
        #expect(try await store.reviewTask(task)?.statement == "it fell from the table")
        let counts = try await store.counts()
        #expect(counts.inspections == [.humanReview: 1])
        #expect(counts.reviewTasks == [.open: 1])
        #expect(counts.auditEntries == 1)
    }

    @Test func exportsWhatWasRecorded() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let recorded = try await store.record([
            .fixture(), .fixture(outcome: .resell), .fixture(outcome: .retake),
        ])

        try await store.export()
        try await store.export()

        let queue = try lines(directory.appending("review-queue.jsonl"))
        #expect(queue.count == 1)
        let event = try members(queue[0])
        #expect(event["event"] as? String == "opened")
        #expect(event["order_id"] as? String == "order-4711")
        #expect(event["prediction_set"] as? [String] == ["refurbish", "reject"])
        #expect(event["reasons"] as? [String] == ["confidence_below_threshold"])
        let documents = try lines(directory.appending("adjudications.jsonl"))
        let decoded = try documents.map {
            try JSONDecoder().decode(Adjudication.self, from: Data($0.utf8))
        }
        #expect(decoded.map(\.audit) == recorded.map(\.audit))
        #expect(decoded.map(\.id) == recorded.map(\.id))
        #expect(try decoded[0].bytes() == Data(documents[0].utf8))
        let entries = try lines(directory.appending("audit/00000001.jsonl"))
        #expect(entries.count == 3)
        #expect(try members(entries[2])["seq"] as? Int == 3)
        for file in ["review-queue.jsonl", "adjudications.jsonl", "audit/00000001.jsonl"] {
            #expect(try directory.mode(file) == 0o600)
        }
    }

    @Test func aGroupIsRecordedWhollyOrNotAtAll() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let first = InspectionRecord.fixture(photo: Data(repeating: 7, count: 1000))
        try await store.record([first])
        let other = InspectionRecord.fixture(photo: Data(repeating: 8, count: 1000))

        await #expect(throws: CaseStoreError.inspectionExists(first.adjudication.id)) {
            try await store.record([other, first])
        }

        #expect(try await store.adjudication(of: other.adjudication.id) == nil)
        #expect(try await store.counts().auditEntries == 1)
        #expect(try photoFiles().count == 1)
        let next = try await store.record([.fixture()])
        #expect(next[0].audit.seq == 2)
    }

    @Test func aNumberThatIsNotFiniteIsRefused() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let record = InspectionRecord.fixture(confidence: .nan)

        await #expect(throws: CaseStoreError.self) { try await store.record([.fixture(), record]) }

        #expect(try await store.counts().auditEntries == 0)
    }

    @Test func listsInspectionsInPages() async throws {
        let store = try await CaseStore.open(at: directory.url)
        for index in 0..<5 {
            try await store.record([.fixture(outcome: .resell, orderID: "order-\(index % 2)")])
        }

        let first = try await store.inspections(limit: 3)
        let second = try await store.inspections(after: first.last?.id, limit: 3)

        #expect(first.count == 3 && second.count == 2)
        #expect(Set((first + second).map(\.id)).count == 5)
        let ofOrder = try await store.inspections(filter: InspectionFilter(orderID: "order-1"))
        #expect(ofOrder.count == 2)
    }

    @Test func tenantsAreApart() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let tenant = try #require(Tenant("other-shop"))
        let other = store.forTenant(tenant)
        let record = InspectionRecord.fixture(outcome: .resell)

        try await store.record([record])
        let recorded = try await other.record([record])
        try await other.export()

        #expect(recorded[0].audit.seq == 1)
        #expect(try await other.counts().inspections == [.resell: 1])
        let file = directory.appending("tenants/other-shop/adjudications.jsonl")
        #expect(try lines(file).count == 1)
        #expect(try lines(directory.appending("adjudications.jsonl")).count == 1)
    }

    private func photoFiles() throws -> [String] {
        try directory.contents().keys.filter { $0.hasPrefix("photos/") }
    }
}
