import CaseStore
import Foundation
import ReturnsDomain
import Testing

@Suite struct PhotoTests {
    let directory = TemporaryDirectory()
    let picture =
        Data("a picture that nobody else may see, ".utf8) + Data(repeating: 42, count: 5000)

    @Test func keptPhotosComeBackAsTheyWere() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let records = (0..<20).map { index in
            InspectionRecord.fixture(photo: picture + Data([UInt8(index)]))
        }
        try await store.record(records)

        for (index, record) in records.enumerated() {
            let photo = try await store.photo(0, of: record.adjudication.id)
            #expect(photo == picture + Data([UInt8(index)]))
        }
        #expect(try directory.photoFiles().count == 20)
    }

    @Test func neitherPhotoNorTextLiesInPlain() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let reviewer = try await store.addReviewer(name: "ada")
        try await store.record([.fixture(statement: "secret statement", photo: picture)])
        let leased = try #require(
            try await store.leaseNextReviewTask(reviewer: "ada", duration: .seconds(60)))
        try await store.decide(
            ReviewDecision(
                task: leased.task.id, lease: leased.lease, reviewer: "ada", outcome: .resell,
                reason: .reviewAgrees, comment: "secret comment"))
        try await store.export()

        #expect(leased.task.statement == "secret statement")
        for (path, bytes) in try directory.contents() {
            for plain in ["a picture that nobody", "secret statement", "secret comment"] {
                #expect(bytes.firstRange(of: Data(plain.utf8)) == nil, "\(plain) in \(path)")
            }
        }
        let audit = try Data(contentsOf: directory.appending("audit/00000001.jsonl"))
        for personal in ["ada", "order-4711", "customer-9"] {
            #expect(audit.firstRange(of: Data("\"\(personal)\"".utf8)) == nil)
        }
        #expect(audit.firstRange(of: Data(reviewer.id.description.utf8)) != nil)
    }

    @Test func aChangedPhotoIsRefused() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let record = InspectionRecord.fixture(photo: picture)
        try await store.record([record])
        let file = directory.appending(try #require(try directory.photoFiles().first))
        var bytes = try Data(contentsOf: file)
        bytes[100] ^= 1
        try bytes.write(to: file)

        await #expect(throws: CaseStoreError.sealBroken(record.adjudication.id)) {
            try await store.photo(0, of: record.adjudication.id)
        }
    }

    @Test func photosOfTwoInspectionsCannotBeSwapped() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let first = InspectionRecord.fixture(photo: picture)
        try await store.record([first, .fixture(photo: picture)])
        let files = try directory.photoFiles().map { directory.appending($0) }
        let bytes = try files.map { try Data(contentsOf: $0) }
        #expect(bytes[0] != bytes[1])
        try bytes[1].write(to: files[0])
        try bytes[0].write(to: files[1])

        await #expect(throws: CaseStoreError.sealBroken(first.adjudication.id)) {
            try await store.photo(0, of: first.adjudication.id)
        }
    }

    /// Who may write to the database and the files cannot show one person's photo as another's.
    @Test func aKeyMovedToAnotherInspectionOpensNothing() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let first = InspectionRecord.fixture(photo: picture)
        try await store.record([first, .fixture(photo: picture)])
        try await store.tamper(
            """
            CREATE TEMP TABLE had AS SELECT id, wrappedDataKey FROM inspection;
            UPDATE inspection SET wrappedDataKey =
              (SELECT had.wrappedDataKey FROM had WHERE had.id <> inspection.id)
            """)
        let files = try directory.photoFiles().map { directory.appending($0) }
        let bytes = try files.map { try Data(contentsOf: $0) }
        try bytes[1].write(to: files[0])
        try bytes[0].write(to: files[1])

        await #expect(throws: CaseStoreError.sealBroken(first.adjudication.id)) {
            try await store.photo(0, of: first.adjudication.id)
        }
    }

    @Test func aPhotoThatWasNotKeptIsSaidToBe() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let record = InspectionRecord.fixture()
        try await store.record([record])

        await #expect(throws: CaseStoreError.photoNotKept(record.adjudication.id, index: 0)) {
            try await store.photo(0, of: record.adjudication.id)
        }
    }

    @Test func whatAKilledWriterLeftIsSweptAndWhatIsRecordedStays() async throws {
        // Given a kept photo, and files whose transaction never came, each with its note.
        let record = InspectionRecord.fixture(photo: picture)
        try await CaseStore.open(at: directory.url).record([record])
        let kept = try #require(try directory.photoFiles().first)
        let keptName = kept.dropFirst("photos/".count).filter { $0 != "/" }
        let orphan = String(repeating: "d", count: 32)
        try plant(note: "old", names: [orphan, String(keptName)], ageSeconds: 3600)
        try plant(note: "young", names: [String(repeating: "e", count: 32)], ageSeconds: 5)

        let store = try await CaseStore.open(at: directory.url)

        let young = "photos/ee/" + String(repeating: "e", count: 30)
        #expect(try directory.photoFiles() == [kept, young].sorted())
        #expect(try await store.photo(0, of: record.adjudication.id) == picture)
        let notes = try FileManager.default.contentsOfDirectory(
            atPath: directory.appending("photos/pending").path)
        #expect(notes == ["young"])
    }

    private func plant(note: String, names: [String], ageSeconds: Double) throws {
        for name in names {
            let file = directory.appending("photos/\(name.prefix(2))/\(name.dropFirst(2))")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            if !FileManager.default.fileExists(atPath: file.path) {
                try Data("orphan".utf8).write(to: file)
            }
        }
        let file = directory.appending("photos/pending/\(note)")
        try Data(names.joined(separator: "\n").utf8).write(to: file)
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -ageSeconds)], ofItemAtPath: file.path)
    }
}
