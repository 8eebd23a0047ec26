import CaseStore
import Foundation
import ReturnsDomain
import Testing

/// Photos that are put on the disk while their item is inspected.
@Suite struct PhotoStagingTests {
    let directory = TemporaryDirectory()
    let picture = Data(repeating: 42, count: 5000)

    /// Records an inspection of one photo, whose bytes are staged.
    private func record(
        _ record: InspectionRecord, _ staging: PhotoStaging, in store: CaseStore
    ) async throws {
        _ = try await store.record(record, answering: nil, staging: staging) { _ in
            StoredAnswer(status: 0, headers: [:], body: Data())
        }
    }

    /// Files below `photos`, of photos and of notes.
    private func files() throws -> (photos: Int, notes: Int) {
        let names = try directory.contents().keys.filter { $0.hasPrefix("photos/") }
        let notes = names.count { $0.hasPrefix("photos/pending/") }
        return (names.count - notes, notes)
    }

    @Test func theyComeBackAsTheyWereAndNoNoteStays() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let inspection = InspectionRecord.fixture()
        let staging = store.photoStaging(for: inspection.adjudication.id)
        staging.add(picture, index: 0)
        try await record(inspection, staging, in: store)

        #expect(try await store.photo(0, of: inspection.adjudication.id) == picture)
        #expect(try files() == (1, 0))
        for (path, bytes) in try directory.contents() {
            #expect(bytes.firstRange(of: picture.prefix(64)) == nil, "in plain in \(path)")
        }
    }

    @Test func ofAnItemThatIsNotRecordedNothingStays() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let staging = store.photoStaging(for: InspectionID(at: .now))
        staging.add(picture, index: 0)
        staging.add(picture, index: 1)
        await staging.discard()
        #expect(try files() == (0, 0))
    }

    @Test func aPhotoThatTheRecordDoesNotNameGoes() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let inspection = InspectionRecord.fixture()
        let staging = store.photoStaging(for: inspection.adjudication.id)
        staging.add(picture, index: 0)
        staging.add(Data("no picture".utf8), index: 1)
        try await record(inspection, staging, in: store)

        #expect(try await store.photo(0, of: inspection.adjudication.id) == picture)
        #expect(try files() == (1, 0))
    }

    @Test func whatATransactionRefusesGoesAndWhatWasThereStays() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let first = InspectionRecord.fixture(photo: picture)
        let id = first.adjudication.id
        try await store.record([first])
        let staging = store.photoStaging(for: id)
        staging.add(Data("another".utf8), index: 0)

        await #expect(throws: CaseStoreError.inspectionExists(id)) {
            try await record(.fixture(id: id), staging, in: store)
        }
        #expect(try await store.photo(0, of: id) == picture)
        #expect(try files() == (1, 0))
    }

    /// A sweep may have taken them for what a killed process left.
    @Test func whatWaitedForTooLongIsNotRecorded() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let inspection = InspectionRecord.fixture()
        let id = inspection.adjudication.id
        let staging = store.photoStaging(for: id, lasting: .zero)
        staging.add(picture, index: 0)

        await #expect(throws: CaseStoreError.self) {
            try await record(inspection, staging, in: store)
        }
        #expect(try await store.adjudication(of: id) == nil)
        #expect(try files() == (0, 0))
    }

    @Test func withoutThemOnTheDiskNothingIsRecorded() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let photos = directory.appending("photos")
        try FileManager.default.removeItem(at: photos)
        try Data().write(to: photos)
        let inspection = InspectionRecord.fixture()
        let staging = store.photoStaging(for: inspection.adjudication.id)
        staging.add(picture, index: 0)

        await #expect(throws: CaseStoreError.self) {
            try await record(inspection, staging, in: store)
        }
        #expect(try await store.adjudication(of: inspection.adjudication.id) == nil)
    }
}
