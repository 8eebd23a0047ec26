import CaseStore
import Foundation
import ReturnsDomain
import Testing

@Suite struct ExportTests {
    let directory = TemporaryDirectory()
    static let files = ["review-queue.jsonl", "adjudications.jsonl", "audit/00000001.jsonl"]

    private func exported() throws -> [String: Data] {
        try directory.contents().filter { Self.files.contains($0.key) }
    }

    private func recordedStore() async throws -> CaseStore {
        let store = try await CaseStore.open(at: directory.url)
        try await store.record([.fixture(), .fixture(outcome: .resell), .fixture()])
        try await store.export()
        return store
    }

    /// A kill can leave any prefix of what was appended.
    ///
    /// Here each file ends at every byte around the ends of its last two lines, and at every 29th
    /// byte between.
    @Test(arguments: files)
    func aTornTailIsCutAndWrittenAgain(name: String) async throws {
        let store = try await recordedStore()
        let file = directory.appending(name)
        let whole = try Data(contentsOf: file)
        let ends = whole.indices.filter { whole[$0] == UInt8(ascii: "\n") }.suffix(3)
        let first = ends.count == 3 ? ends[0] : 0
        let cuts = (first..<whole.count).filter { cut in
            cut.isMultiple(of: 29) || ends.contains { abs($0 - cut) <= 3 }
        }
        for cut in cuts {
            try whole.prefix(cut).write(to: file)
            try await store.export()
            try #require(try Data(contentsOf: file) == whole, "cut at \(cut)")
        }
    }

    @Test(arguments: files)
    func aHoleThatWasNeverWrittenIsCutAndWrittenAgain(name: String) async throws {
        _ = try await recordedStore()
        let file = directory.appending(name)
        let whole = try Data(contentsOf: file)
        var holed = whole
        for index in (whole.count / 3)..<(whole.count / 3 + 50) { holed[index] = 0 }
        try holed.write(to: file)

        try await CaseStore.open(at: directory.url).export()

        #expect(try Data(contentsOf: file) == whole)
    }

    @Test(arguments: files)
    func aDeletedFileIsWrittenAgainByTheSameProcess(name: String) async throws {
        let store = try await recordedStore()
        let before = try exported()
        try FileManager.default.removeItem(at: directory.appending(name))

        try await store.export()

        #expect(try exported() == before)
    }

    @Test func aFileThatSomeoneWroteIntoIsRefused() async throws {
        let store = try await recordedStore()
        let file = directory.appending("adjudications.jsonl")
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        try Data(text.replacing("refurbish", with: "resell").utf8).write(to: file)

        await #expect(
            throws: CaseStoreError.exportDiverges(file: "adjudications.jsonl", seq: 3)
        ) { try await store.export() }
        try await store.record([.fixture()])
        #expect(try await store.counts().auditEntries == 4)
    }

    @Test func aFileThatIsAheadOfTheDatabaseIsRefused() async throws {
        let store = try await recordedStore()
        let file = directory.appending("review-queue.jsonl")
        var bytes = try Data(contentsOf: file)
        bytes.append(Data("{\"event\":\"opened\",\"seq\":99}\n".utf8))
        try bytes.write(to: file)

        await #expect(throws: CaseStoreError.exportDiverges(file: "review-queue.jsonl", seq: 99)) {
            try await store.export()
        }
    }

    /// One process fills a segment, another goes on with the next, the first follows.
    @Test func segmentsAreFilledByTurnsAndRebuiltWhenDeleted() async throws {
        let first = try await CaseStore.open(at: directory.url)
        let second = try await CaseStore.open(at: directory.url)
        for _ in 0..<40 {
            try await first.record((0..<250).map { _ in .fixture(outcome: .resell) })
        }
        try await first.export()
        try await second.record([.fixture()])
        try await second.export()
        try await first.record([.fixture()])
        try await first.export()
        let segments = ["audit/00000001.jsonl", "audit/00000002.jsonl"].map(directory.appending)
        #expect(try segments.map { try lines($0).count } == [10_000, 2])
        #expect(try await AuditVerifier.verify(directory.appending("audit")).entryCount == 10_002)

        let whole = try Data(contentsOf: segments[0])
        try FileManager.default.removeItem(at: segments[0])
        try await CaseStore.open(at: directory.url).export()

        #expect(try Data(contentsOf: segments[0]) == whole)
        let verification = try await AuditVerifier.verify(directory.url)
        #expect(verification.holds && verification.exportedLineCount == 20_007)
    }

    @Test func severalStoresExportWithoutGapOrDouble() async throws {
        let url = directory.url
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let store = try await CaseStore.open(at: url)
                    for _ in 0..<15 {
                        try await store.record([.fixture(), .fixture(outcome: .resell)])
                        try await store.export()
                    }
                }
            }
            try await group.waitForAll()
        }

        // No export after the last commit here: whoever held the lock exported it.
        let seqs = try lines(directory.appending("audit/00000001.jsonl")).map {
            try members($0)["seq"] as? Int
        }
        #expect(seqs == Array(1...120))
        let queue = try lines(directory.appending("review-queue.jsonl")).map {
            try members($0)["seq"] as? Int
        }
        #expect(queue == Array(1...60))
        #expect(try lines(directory.appending("adjudications.jsonl")).count == 120)
        let verification = try await AuditVerifier.verify(url)
        #expect(verification.problem == nil)
        // On a busy machine this takes longer than a checkpoint waits.
        #expect(verification.exportedLineCount == 300 + verification.checkpointCount)
        #expect(verification.documentCount == 120)
    }
}
