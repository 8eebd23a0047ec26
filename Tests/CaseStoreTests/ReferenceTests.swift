import CaseStore
import Foundation
import ReturnsDomain
import Testing

@Suite struct ReferenceTests {
    let directory = TemporaryDirectory()

    @Test func photosComeBackAsTheyWereAndLieSealed() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let added = try await store.addReferences(
            [.fixture("one"), .fixture("two", view: .back)], to: "sku-1")

        #expect(added.newCount == 2 && added.photos.map(\.view) == [.front, .back])
        #expect(try await store.references(of: "sku-1") == added.photos)
        #expect(try await store.references(of: "sku-1", view: .back) == [added.photos[1]])
        #expect(try await store.bytes(of: added.photos[0].id) == referencePicture("one"))
        #expect(try directory.filesHolding(["picture one"]) == [])
        let product = try #require(try await store.referenceProduct("sku-1"))
        #expect(product.version == 1 && product.photoCount == 2 && product.orderPhotoCount == 0)
        #expect(try await store.referenceProducts().map(\.sku) == ["sku-1"])
    }

    @Test func addingTheSamePhotoAgainChangesNothing() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let first = try await store.addReferences([.fixture("one")], to: "sku-1")
        let again = try await store.addReferences(
            [.fixture("one"), .fixture("two"), .fixture("two")], to: "sku-1")

        #expect(again.newCount == 1 && again.photos.first == first.photos.first)
        #expect(try await store.references(of: "sku-1").count == 2)
        #expect(try directory.photoFiles().count == 2)
        let other = try await store.addReferences([.fixture("one")], to: "sku-2")
        #expect(other.newCount == 1)
    }

    @Test func theLogSaysWhoAddedAndRemovedAndNothingOfAnOrder() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let added = try await store.addReferences(
            [.fixture("one", role: .packing, order: "order-77")], to: "sku-1")
        let id = try #require(added.photos.first?.id)
        #expect(try await store.removeReferences(.photo(id), of: "sku-1") == 1)
        try await store.export()

        let entries = try lines(directory.appending("audit/00000001.jsonl")).map(members)
        #expect(
            entries.map { $0["kind"] as? String } == [
                "reference_added", "reference_removed",
            ]
        )
        #expect(try directory.filesHolding(["order-77"]).allSatisfy { !$0.hasPrefix("audit") })
        #expect(try await AuditVerifier.verify(directory.url).problem == nil)
    }

    @Test(arguments: [(nil, CaseStore.referenceCountLimit), ("o-1", 12)] as [(String?, Int)])
    func thereIsALimit(order: String?, limit: Int) async throws {
        let store = try await CaseStore.open(at: directory.url)
        let photos = (0..<limit).map { NewReferencePhoto.fixture("\($0)", order: order) }
        try await store.addReferences(photos, to: "sku-1")
        await #expect(throws: CaseStoreError.reference(.limitReached(limit: limit))) {
            try await store.addReferences([.fixture("more", order: order)], to: "sku-1")
        }
        #expect(try directory.photoFiles().count == limit)
        try await store.addReferences([.fixture("more", order: order)], to: "sku-2")
    }

    @Test func removingTakesKeyFileAndBank() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let added = try await store.addReferences([.fixture("one"), .fixture("two")], to: "sku-1")
        try await store.keepBank(version: 1)
        #expect(try directory.photoFiles().count == 3)

        #expect(try await store.removeReferences(.photo(added.photos[0].id), of: "sku-1") == 1)

        #expect(try directory.photoFiles().count == 1)
        #expect(try await store.bank(version: 1) == nil)
        #expect(try await store.referenceProduct("sku-1")?.version == 2)
        await #expect(throws: CaseStoreError.reference(.notFound(added.photos[0].id))) {
            try await store.bytes(of: added.photos[0].id)
        }
        await #expect(throws: CaseStoreError.reference(.notFound(added.photos[1].id))) {
            try await store.removeReferences(.photo(added.photos[1].id), of: "sku-2")
        }
        #expect(try await store.removeReferences(.all, of: "sku-1") == 1)
        #expect(try await store.removeReferences(.all, of: "sku-1") == 0)
        // Whoever made one of what is gone leaves nothing of it.
        try await store.keepBank(version: 1)
        #expect(try await store.referenceProducts() == [] && directory.photoFiles() == [])
    }

    @Test func aBankHoldsOnlyForThePhotosItWasMadeOf() async throws {
        let store = try await CaseStore.open(at: directory.url)
        try await store.addReferences([.fixture("one")], to: "sku-1")
        try await store.keepBank(version: 1)
        #expect(try await store.bank(version: 1) == Data("bank".utf8))
        #expect(try await store.bank(version: 1, features: "other") == nil)

        try await store.addReferences([.fixture("two")], to: "sku-1")
        #expect(try await store.bank(version: 2) == nil)
        // Made of the photos before: too late.
        try await store.keepBank(version: 1)
        #expect(try await store.bank(version: 2) == nil)
        try await store.keepBank(version: 2)
        try await store.keepBank(version: 1)
        #expect(try await store.bank(version: 2) == Data("bank".utf8))
        #expect(try directory.photoFiles().count == 3)

        let limit = CaseStore.referenceBankByteCountLimit
        await #expect(throws: CaseStoreError.self) {
            try await store.keepBank(version: 2, bytes: Data(count: limit + 1))
        }
        try await store.keepBank(version: 2, bytes: Data(count: limit))
    }

    @Test func anItemIsComparedWithWhatThereIsAtOneMoment() async throws {
        let store = try await CaseStore.open(at: directory.url)
        for number in 1...12 {
            try await store.addReferences(
                [.fixture("\(number)"), .fixture("b\(number)", view: .back)],
                to: "sku-\(100 + number)")
        }
        try await store.addReferences(
            [.fixture("packed", role: .packing, order: "o-1")], to: "sku-106")
        let first = try #require(
            try await store.state(of: "sku-106", order: "o-1"))
        #expect(first.version == 2 && first.views == [.front: 1, .back: 1])
        #expect(first.ownPhotos.map(\.orderID) == ["o-1"])
        let near = [105, 104, 107, 108].map { "sku-\($0)" }
        #expect(first.neighbours.map(\.sku) == near)
        #expect(try await store.state(of: "sku-106", order: "o-2")?.ownPhotos == [])
        #expect(try await store.state(of: "sku-999", order: "o-1") == nil)

        try await store.keepReferenceBank(
            Data("bank".utf8), of: "sku-106", view: .front, featureVersion: "f1", version: 2,
            photoCount: 1, scoreRatios: [0.5, 1.5])
        #expect(try await store.referenceScoreRatios(featureVersion: "f1") == [0.5, 1.5])
        #expect(try await store.referenceScoreRatios(featureVersion: "f2") == [])
        let later = try #require(try await store.state(of: "sku-106"))
        #expect(later.newestBank > first.newestBank)
        let next = try #require(try await store.state(of: "sku-105"))
        #expect(next.neighbours.first { $0.sku == "sku-106" }?.views == [.front])
        #expect(next.neighbours.first { $0.sku == "sku-104" }?.views == [])
    }

    // MARK: - Erasure

    @Test func erasingACaseTakesWhatShowsItsItem() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let record = InspectionRecord.fixture(orderID: "order-1", photo: referencePicture("case"))
        try await store.record([record])
        let id = record.adjudication.id
        let added = try await store.addReferences(
            [
                .fixture("catalogue", role: .catalogue),
                .fixture("packed", role: .packing, order: "order-1"),
                .fixture("other", role: .packing, order: "order-2"),
                .fixture("resold", inspection: id),
            ], to: "sku-1"
        ).photos
        try await store.keepBank(version: 1)

        let receipt = try #require(try await store.erase([id]).receipts.first)

        #expect(receipt.removed.references == 2 && receipt.isComplete)
        #expect(try await store.references(of: "sku-1") == [added[0]])
        #expect(try await store.references(ofOrder: "order-1", sku: "sku-1") == [])
        #expect(try await store.references(ofOrder: "order-2", sku: "sku-1") == [added[2]])
        #expect(try await store.referenceProduct("sku-1")?.version == 2)
        #expect(try await store.bank(version: 1) == nil && directory.photoFiles().count == 2)
        let gone = [added[1], added[3]]
        // The audit log is append-only and names neither; the tombstone names ids on purpose.
        let traces = gone.map(\.sha256.description) + ["order-1"]
        #expect(try directory.filesHolding(traces) == [])
        #expect(try await AuditVerifier.verify(directory.url).problem == nil)
    }

    @Test func aBackupFromBeforeTheCaseDoesNotBringItsPackingPhotoBack() async throws {
        let outside = TemporaryDirectory()
        try FileManager.default.createDirectory(at: outside.url, withIntermediateDirectories: true)
        let file = outside.appending("a.backup")
        do {
            let store = try await CaseStore.open(at: directory.url)
            try await store.addReferences(
                [.fixture("packed", role: .packing, order: "order-1"), .fixture("good")],
                to: "sku-1")
            _ = try await store.backup(to: file)
            let record = InspectionRecord.fixture(orderID: "order-1")
            try await store.record([record])
            _ = try await store.erase([record.adjudication.id])
        }
        _ = try await CaseStore.restore(from: file, into: directory.url)

        let store = try await CaseStore.open(at: directory.url)
        #expect(try await store.references(ofOrder: "order-1", sku: "sku-1") == [])
        #expect(try await store.references(of: "sku-1").count == 1)
        #expect(try await AuditVerifier.verify(directory.url).problem == nil)
    }

    @Test func aBackupFromBeforeDoesNotBringRemovedPhotosBack() async throws {
        let outside = TemporaryDirectory()
        try FileManager.default.createDirectory(at: outside.url, withIntermediateDirectories: true)
        let file = outside.appending("a.backup")
        let (gone, kept): (ReferencePhoto, ReferencePhoto)
        do {
            let store = try await CaseStore.open(at: directory.url)
            let added = try await store.addReferences(
                [.fixture("one"), .fixture("two")], to: "sku-1")
            (gone, kept) = (added.photos[0], added.photos[1])
            try await store.keepBank(version: 1)
            _ = try await store.backup(to: file)
            #expect(try await store.removeReferences(.photo(gone.id), of: "sku-1") == 1)
        }
        _ = try await CaseStore.restore(from: file, into: directory.url)

        let store = try await CaseStore.open(at: directory.url)
        #expect(try await store.references(of: "sku-1") == [kept])
        #expect(try await store.referenceProduct("sku-1")?.version == 2)
        #expect(try await store.bank(version: 1) == nil && directory.photoFiles().count == 1)
        #expect(try directory.filesHolding([gone.sha256.description]) == [])
        // The photo may be added anew; the tombstone is of the one that was there.
        #expect(try await store.addReferences([.fixture("one")], to: "sku-1").newCount == 1)
        try await store.export()
        #expect(try await CaseStore.open(at: directory.url).references(of: "sku-1").count == 2)
        let kinds = try lines(directory.appending("audit/00000001.jsonl")).map(members)
            .map { $0["kind"] as? String }
        #expect(kinds.contains("reference_removed"))
        #expect(try await AuditVerifier.verify(directory.url).problem == nil)
    }

    @Test func aRemovalThatACrashCutShortIsFinishedByTheNextOpening() async throws {
        let id: ReferencePhotoID
        do {
            let store = try await CaseStore.open(at: directory.url)
            id = try await store.addReferences([.fixture("one")], to: "sku-1").photos[0].id
        }
        let line =
            "{\"at\":\"2026-11-21T00:00:00.000Z\",\"references\":[\"\(id)\"],"
            + "\"tenant\":\"default\"}\n"
        try Data(line.utf8).write(to: directory.appending("tombstones.jsonl"))
        let store = try await CaseStore.open(at: directory.url)
        #expect(try await store.references(of: "sku-1") == [])
        #expect(try directory.photoFiles().isEmpty)
        #expect(try await AuditVerifier.verify(directory.url).problem == nil)
    }

    @Test func packingPhotosOfOrdersThatNeverCameBackHaveAPeriod() async throws {
        let clock = SettableClock()
        let store = try await CaseStore.open(at: directory.url, clock: clock.clock())
        let held = InspectionRecord.fixture(orderID: "held")
        try await store.record([held])
        try await store.placeHold(on: held.adjudication.id, reference: "file 7")
        try await store.addReferences(
            [
                .fixture("old", role: .packing, order: "old"), .fixture("product"),
                .fixture("kept", role: .packing, order: "held"),
            ], to: "sku-1")
        clock.advance(by: .seconds(20 * 86_400))
        try await store.addReferences(
            [.fixture("new", role: .packing, order: "new")], to: "sku-1")
        clock.advance(by: .seconds(20 * 86_400))
        let periods = RetentionPeriods(photos: 10, texts: 10, cases: 30)
        _ = try await store.sweep(by: RetentionSchedule(rules: [], others: periods))
        for (order, count) in [("old", 0), ("held", 1), ("new", 1)] {
            #expect(try await store.references(ofOrder: order, sku: "sku-1").count == count)
        }
        #expect(try await store.references(of: "sku-1").count == 1)
        #expect(try directory.photoFiles().count == 3)
    }

    @Test func whatACaseUnderALegalHoldRestsOnStays() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let record = InspectionRecord.fixture(orderID: "order-1")
        try await store.record([record])
        try await store.addReferences(
            [.fixture("packed", role: .packing, order: "order-1")], to: "sku-1")
        try await store.placeHold(on: record.adjudication.id, reference: "file 7")
        await #expect(throws: CaseStoreError.underLegalHold(record.adjudication.id)) {
            try await store.removeReferences(.order("order-1"), of: "sku-1")
        }
        #expect(try await store.references(ofOrder: "order-1", sku: "sku-1").count == 1)
    }

    // MARK: - Backup and keys

    @Test func aBackupHasThemAndARotationWrapsTheirKeys() async throws {
        let outside = TemporaryDirectory()
        try FileManager.default.createDirectory(at: outside.url, withIntermediateDirectories: true)
        let file = outside.appending("a.backup")
        let id: ReferencePhotoID
        do {
            let store = try await CaseStore.open(at: directory.url)
            id = try await store.addReferences([.fixture("one")], to: "sku-1").photos[0].id
            try await store.keepBank(version: 1)
            let report = try await store.backup(to: file)
            #expect(report.photoCount == 2 && report.missingPhotoCount == 0)
            try await store.addReferences([.fixture("later")], to: "sku-1")
        }
        _ = try await CaseStore.restore(from: file, into: directory.url)
        let report = try await CaseStore.rotateWrappingKey(at: directory.url)
        #expect(report.rewrapped == 2)

        let store = try await CaseStore.open(at: directory.url)
        #expect(try await store.bytes(of: id) == referencePicture("one"))
        #expect(try await store.bank(version: 1) == Data("bank".utf8))
    }
}
