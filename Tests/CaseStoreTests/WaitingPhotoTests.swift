import CaseStore
import Foundation
import ReturnsDomain
import Testing

/// Photos of items that were accepted for later: sealed files for as long as their item waits.
@Suite struct WaitingPhotoTests {
    let directory = TemporaryDirectory()
    let outside = TemporaryDirectory()

    /// More than the database and its log have without a photo.
    private static let photoByteCount = 4_000_000

    /// Accepts an item of as many photos.
    private func accepted(_ store: CaseStore, photoCount: Int) async throws -> WaitingSubmission {
        let submission = WaitingSubmission(
            id: InspectionID(at: .now), tenant: .default, order: OrderData(),
            photos: (0..<photoCount).map { index in
                .init(
                    view: .front,
                    bytes: [UInt8](repeating: UInt8(index), count: Self.photoByteCount),
                    sha256: .fixture("a"))
            },
            locale: "en")
        let key = RequestKey(route: "POST /x", key: submission.id.description)
        guard case .started = try await store.startRequest(key, fingerprint: .fixture("a")) else {
            Issue.record("the request is not new")
            return submission
        }
        try await store.accept(
            submission, answering: key,
            with: StoredAnswer(status: 202, headers: [:], body: Data()))
        return submission
    }

    private func record(_ submission: WaitingSubmission, in store: CaseStore) async throws {
        _ = try await store.record(.fixture(id: submission.id), answering: nil) { _ in
            StoredAnswer(status: 0, headers: [:], body: Data())
        }
    }

    /// Files below `photos`, of photos and of notes.
    private func files() throws -> (photos: Int, notes: Int) {
        let names = try directory.contents().keys.filter { $0.hasPrefix("photos/") }
        let notes = names.count { $0.hasPrefix("photos/pending/") }
        return (names.count - notes, notes)
    }

    @Test func theyLieInFilesAndNotInTheDatabase() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let submission = try await accepted(store, photoCount: 2)

        let files = try files()
        #expect(files.photos == 2 && files.notes == 1)
        let database = try directory.contents().filter { $0.key.hasPrefix("regrade.sqlite") }
        #expect(database.values.reduce(0) { $0 + $1.count } < Self.photoByteCount)
        let opened = try #require(try await store.waitingSubmission(submission.id))
        #expect(opened.photos.map(\.bytes) == submission.photos.map(\.bytes))
    }

    @Test func theyGoWhenTheirItemIsInspectedOrHasFailed() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let inspected = try await accepted(store, photoCount: 2)
        let failed = try await accepted(store, photoCount: 1)
        try await record(inspected, in: store)
        #expect(try files() == (1, 1))
        try await store.failSubmission(failed.id, code: "photo_undecodable", message: "no photo")
        #expect(try files() == (0, 0))
    }

    @Test func theyOutlastASweepForAsLongAsTheyWait() async throws {
        let submission = try await accepted(
            try await CaseStore.open(at: directory.url), photoCount: 2)
        try age()
        let store = try await CaseStore.open(at: directory.url)
        #expect(try files() == (2, 1))
        #expect(try await store.waitingSubmission(submission.id) != nil)
        // As if the process ended after the transaction and before the files were removed.
        try await store.tamper("DELETE FROM submissionPhoto; DELETE FROM submission")
        _ = try await CaseStore.open(at: directory.url)
        #expect(try files() == (0, 0))
    }

    @Test func aBackupHoldsThemAndTheyWaitAgainWhenItIsRestored() async throws {
        let file = outside.appending("a.backup")
        try FileManager.default.createDirectory(
            at: outside.url, withIntermediateDirectories: true)
        let submission: WaitingSubmission
        do {
            let store = try await CaseStore.open(at: directory.url)
            submission = try await accepted(store, photoCount: 2)
            #expect(try await store.backup(to: file).photoCount == 2)
            try await record(submission, in: store)
        }
        _ = try await CaseStore.restore(from: file, into: directory.url)
        let store = try await CaseStore.open(at: directory.url)
        let opened = try #require(try await store.waitingSubmission(submission.id))
        #expect(opened.photos.map(\.bytes) == submission.photos.map(\.bytes))
    }

    @Test func nothingIsRemovedWhileABackupReads() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let submission = try await accepted(store, photoCount: 1)
        let path = directory.appending("photos/pending").path
        let folder = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // What a backup holds while it copies.
        #expect(flock(folder, LOCK_SH) == 0)
        try await record(submission, in: store)
        #expect(try files() == (1, 1))
        close(folder)
        try age()
        _ = try await CaseStore.open(at: directory.url)
        #expect(try files() == (0, 0))
    }

    /// Makes the notes older than any transaction.
    private func age() throws {
        for path in try directory.contents().keys where path.hasPrefix("photos/pending/") {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -3600)],
                ofItemAtPath: directory.appending(path).path)
        }
    }
}
