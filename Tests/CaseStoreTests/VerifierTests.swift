import CaseStore
import Foundation
import ReturnsDomain
import Testing

@Suite struct VerifierTests {
    let directory = TemporaryDirectory()

    private func store(entryCount: Int) async throws -> CaseStore {
        let store = try await CaseStore.open(at: directory.url)
        try await store.record((0..<entryCount).map { _ in .fixture(outcome: .resell) })
        try await store.export()
        return store
    }

    private func verify(segment bytes: Data) async throws -> AuditVerification {
        let folder = directory.appending("copy")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try bytes.write(to: folder.appending(path: "00000001.jsonl"))
        return try await AuditVerifier.verify(folder)
    }

    @Test func anUntouchedLogHolds() async throws {
        _ = try await store(entryCount: 5)
        let ofDirectory = try await AuditVerifier.verify(directory.url)
        #expect(ofDirectory.holds)
        #expect(ofDirectory.entryCount == 5 && ofDirectory.documentCount == 5)
        #expect(ofDirectory.exportedLineCount == 10 && ofDirectory.unexportedLineCount == 0)
        let ofFolder = try await AuditVerifier.verify(directory.appending("audit"))
        #expect(ofFolder.holds)
        #expect(ofFolder.head == ofDirectory.head && ofFolder.entryCount == 5)
    }

    @Test func everySingleBitFlipIsDetectedAtItsEntry() async throws {
        _ = try await store(entryCount: 2)
        let whole = try Data(contentsOf: directory.appending("audit/00000001.jsonl"))
        var seq: Int64 = 1
        var missed: [Int] = []
        for index in whole.indices {
            for bit in 0..<8 {
                var flipped = whole
                flipped[index] ^= 1 << bit
                let verification = try await verify(segment: flipped)
                if verification.problem?.seq != seq || verification.entryCount != seq - 1 {
                    missed.append(index * 8 + bit)
                }
            }
            if whole[index] == UInt8(ascii: "\n") { seq += 1 }
        }
        #expect(missed.isEmpty, "of \(whole.count * 8) flips")
    }

    @Test func missingDoubledMovedAndForeignEntriesAreNamed() async throws {
        _ = try await store(entryCount: 4)
        let whole = try lines(directory.appending("audit/00000001.jsonl"))
        func joined(_ lines: [String]) -> Data {
            Data(lines.map { $0 + "\n" }.joined().utf8)
        }
        let cases: [([String], AuditProblem.Kind, Int64)] = [
            ([whole[0], whole[2], whole[3]], .outOfSequence(found: 3), 2),
            ([whole[0], whole[1], whole[1], whole[2]], .outOfSequence(found: 2), 3),
            ([whole[0], whole[2], whole[1], whole[3]], .outOfSequence(found: 3), 2),
            ([whole[0], "{}", whole[1]], .notAnEntry, 2),
            ([whole[0], whole[1] + " ", whole[2]], .notCanonical, 2),
            (
                [whole[0], whole[1].replacing("resell", with: "reject"), whole[2]],
                .hashDiffers, 2
            ),
        ]
        for (lines, kind, seq) in cases {
            let problem = try await verify(segment: joined(lines)).problem
            #expect(problem == AuditProblem(kind, seq: seq, file: "00000001.jsonl"))
        }
        let torn = try await verify(segment: joined(whole).dropLast())
        #expect(torn.problem == AuditProblem(.notCanonical, seq: 4, file: "00000001.jsonl"))
    }

    /// What a chain alone cannot show; the documentation says so.
    @Test func aCutTailOfAFolderIsSeenOnlyByItsHead() async throws {
        _ = try await store(entryCount: 4)
        let noted = try await AuditVerifier.verify(directory.url).head
        let whole = try lines(directory.appending("audit/00000001.jsonl"))

        let cut = try await verify(
            segment: Data(whole.prefix(3).map { $0 + "\n" }.joined().utf8))

        #expect(cut.holds)
        #expect(cut.head != noted && noted?.seq == 4)
        // In the data directory the numbers given out show it.
        try await tamper("DELETE FROM adjudication WHERE auditSeq = 4")
        try await tamper("DELETE FROM auditEntry WHERE seq = 4")
        let problem = try await AuditVerifier.verify(directory.url).problem
        #expect(problem == AuditProblem(.tailMissing(lastNumbered: 4), seq: 4, file: nil))
    }

    @Test(arguments: [
        (
            "UPDATE adjudication SET document = CAST(replace(CAST(document AS TEXT), 'resell', "
                + "'reject') AS BLOB) WHERE seq = 2", AuditProblem.Kind.documentDiffers
        ),
        ("UPDATE adjudication SET document = NULL WHERE seq = 2", .documentMissing),
        (
            "UPDATE inspection SET salt = randomblob(32) WHERE id = "
                + "(SELECT inspection FROM adjudication WHERE seq = 2)", .documentDiffers
        ),
        ("DELETE FROM adjudication WHERE seq = 2", .documentMissing),
        (
            "UPDATE auditEntry SET hash = (SELECT hash FROM auditEntry WHERE seq = 1) "
                + "WHERE seq = 2", .columnsDiffer
        ),
        ("UPDATE auditEntry SET kind = 'review_view' WHERE seq = 2", .columnsDiffer),
    ])
    func changesInTheDatabaseAreNamed(sql: String, kind: AuditProblem.Kind) async throws {
        _ = try await store(entryCount: 3)
        try await tamper(sql)
        let problem = try await AuditVerifier.verify(directory.url).problem
        #expect(problem == AuditProblem(kind, seq: 2, file: nil))
    }

    @Test func changesInExportedFilesAreNamed() async throws {
        _ = try await store(entryCount: 3)
        let file = directory.appending("adjudications.jsonl")
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        try Data(text.replacing("\"DE\"", with: "\"FR\"").utf8).write(to: file)
        let differs = try await AuditVerifier.verify(directory.url).problem
        #expect(differs == AuditProblem(.exportDiffers, seq: 1, file: "adjudications.jsonl"))

        try Data((text + "{}\n").utf8).write(to: file)
        let exceeds = try await AuditVerifier.verify(directory.url).problem
        #expect(exceeds == AuditProblem(.exportExceeds, seq: 4, file: "adjudications.jsonl"))

        try Data(text.utf8.dropLast(5)).write(to: file)
        let behind = try await AuditVerifier.verify(directory.url)
        #expect(behind.holds && behind.unexportedLineCount == 1)
    }

    @Test func aMissingSegmentIsNamed() async throws {
        _ = try await store(entryCount: 1)
        let folder = directory.appending("audit")
        let first = folder.appending(path: "00000001.jsonl")
        try FileManager.default.moveItem(at: first, to: folder.appending(path: "00000002.jsonl"))
        let problem = try await AuditVerifier.verify(folder).problem
        #expect(problem == AuditProblem(.segmentMissing, seq: 1, file: "00000001.jsonl"))
    }

    @Test func aFolderWithoutALogIsAnError() async throws {
        let folder = directory.appending("empty")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        await #expect(throws: CaseStoreError.auditLogNotFound(path: folder.path)) {
            try await AuditVerifier.verify(folder)
        }
    }

    /// Changes the database behind the store's back.
    private func tamper(_ sql: String) async throws {
        let store = try await CaseStore.open(at: directory.url)
        try await store.tamper(sql)
    }
}
