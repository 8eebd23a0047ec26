import CaseStore
import Foundation
import ReturnsDomain
import Statistics
import Testing

@Suite struct ErasureTests {
    let directory = TemporaryDirectory()

    /// Cases recorded in groups, some decided, some in someone's hands, some changed since, so that
    /// pages of the database were split and rows moved.
    private func fill(
        _ store: CaseStore, count: Int, seed: UInt64
    ) async throws -> [PersonalCase] {
        var random = SeededGenerator(seed: seed)
        let run = try await store.startBatchRun(key: .fixture("f")).id
        var cases: [PersonalCase] = []
        let other = store.forTenant(try #require(Tenant("other")))
        _ = try await store.addReviewer(name: "ada")
        while cases.count < count {
            let group = (0..<20).map { _ in PersonalCase(using: &random, run: run) }
            cases += group
            try await store.record(group.map(\.record))
            try await other.record((0..<5).map { _ in PersonalCase(using: &random).record })
            let leased = try #require(
                try await store.leaseNextReviewTask(reviewer: "ada", duration: .seconds(60)))
            guard !cases.count.isMultiple(of: 40) else { continue }
            try await store.decide(
                ReviewDecision(
                    task: leased.task.id, lease: leased.lease, reviewer: "ada", outcome: .resell,
                    reason: .reviewAgrees, comment: "secret comment"))
        }
        try await store.export()
        return cases
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func nothingOfAnErasedCaseIsFoundInTheDirectory(seed: UInt64) async throws {
        let store = try await CaseStore.open(at: directory.url)
        var random = SeededGenerator(seed: seed &+ 100)
        let cases = try await fill(store, count: 160, seed: seed).shuffled(using: &random)
        let (erased, kept) = (cases.prefix(25), cases.dropFirst(25))
        for entry in erased {
            try await store.tamper(
                """
                INSERT INTO idempotencyKey (tenant, route, key, fingerprint, state, inspection,
                  status, headers, body, createdAt, expiresAt)
                VALUES ('default', 'POST /v1/inspections', '\(entry.traces[0])-1', 'f',
                  'completed', '\(entry.id)', 201, '', CAST('\(entry.traces[0])' AS BLOB), 1, 2)
                """)
        }
        #expect(try directory.filesHolding([erased[0].traces[0]]).count >= 2)

        let report = try await store.erase(erased.map(\.id))
        try await store.export()

        #expect(report.unfinished == nil)
        #expect(report.receipts.map(\.inspection) == erased.map(\.id))
        #expect(report.receipts.count(where: { !$0.isComplete }) == 0)
        #expect(try directory.filesHolding(erased.flatMap(\.traces)) == [])
        let photos = try directory.contents().keys.filter {
            $0.hasPrefix("photos/") && !$0.contains("pending")
        }
        // Five cases of the other tenant came with every twenty.
        #expect(photos.count == 160 + 40 - 25)
        for entry in kept.prefix(5) {
            #expect(try await store.photo(0, of: entry.id) == entry.photo)
            #expect(try directory.filesHolding([entry.traces[0]]).count >= 2)
        }
        let verification = try await AuditVerifier.verify(directory.url)
        #expect(verification.problem == nil)
        #expect(verification.erasedDocumentCount >= 25)
    }

    @Test func aReceiptCountsWhatWentAndTheChainHasIt() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let cases = try await fill(store, count: 20, seed: 9)
        let receipt = try #require(try await store.erase([cases[0].id]).receipts.first)
        try await store.export()

        #expect(receipt.removed.photos == 1 && receipt.removed.keptPhotos == 1)
        #expect(receipt.removed.documents >= 1 && receipt.removed.tasks == 1)
        #expect(receipt.removed.queueLines >= 1 && receipt.removed.events >= 2)
        #expect(receipt.removed.batchItems == 1)
        let audit = try lines(directory.appending("audit/00000001.jsonl"))
        let entry = try members(audit[Int(receipt.audit.seq) - 1])
        #expect(entry["kind"] as? String == "erased")
        #expect(entry["hash"] as? String == receipt.audit.hash.description)
        #expect(entry["inspection"] as? String == cases[0].id.description)
    }

    @Test func anErasedCaseIsSaidToBeErased() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let record = InspectionRecord.fixture()
        let id = record.adjudication.id
        try await store.record([record])
        _ = try await store.erase([id])

        await #expect(throws: CaseStoreError.inspectionErased(id)) {
            try await store.adjudication(of: id)
        }
        await #expect(throws: CaseStoreError.inspectionErased(id)) { try await store.erase([id]) }
        let unknown = InspectionID(at: .now)
        await #expect(throws: CaseStoreError.inspectionNotFound(unknown)) {
            try await store.erase([unknown])
        }
    }

    @Test func oneThatCannotBeErasedKeepsTheWholeGroup() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let records = [InspectionRecord.fixture(), .fixture()]
        let ids = records.map(\.adjudication.id)
        try await store.record(records)
        try await store.placeHold(on: ids[1], reference: "file 12")

        await #expect(throws: CaseStoreError.underLegalHold(ids[1])) {
            try await store.erase(ids)
        }
        #expect(try await store.adjudication(of: ids[0]) != nil)
        try await store.liftHold(on: ids[1])
        #expect(try await store.erase(ids).receipts.count == 2)
    }

    @Test func linesOfAnErasedCaseReadAsErased() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let records = [InspectionRecord.fixture(), .fixture()]
        try await store.record(records)
        try await store.export()
        _ = try await store.erase([records[1].adjudication.id])
        try await store.export()

        #expect(
            try lines(directory.appending("review-queue.jsonl"))[1]
                == "{\"event\":\"erased\",\"seq\":2}")
        #expect(
            try lines(directory.appending("adjudications.jsonl"))[1]
                == "{\"event\":\"erased\",\"seq\":2}")
    }
}
