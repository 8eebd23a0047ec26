import CaseStore
import Foundation
import ReturnsDomain
import Synchronization
import Testing

/// The files of a data directory in segments of five sequence numbers.
@Suite struct RotationTests {
    let directory = TemporaryDirectory()
    static let segmentLineCount: Int64 = 5

    static func options(beforeStep: @escaping @Sendable () throws -> Void = {}) -> ExportOptions {
        var options = ExportOptions()
        options.segmentLineCount = segmentLineCount
        options.beforeStep = beforeStep
        return options
    }

    private func open(
        tenant: Tenant = .default, beforeStep: @escaping @Sendable () throws -> Void = {}
    ) async throws -> CaseStore {
        try await CaseStore.open(
            at: directory.url, tenant: tenant, export: Self.options(beforeStep: beforeStep))
    }

    /// All exported files by their paths.
    private func exported() throws -> [String: Data] {
        try directory.contents().filter { $0.key.contains(".jsonl") }
    }

    private func verify(tenant: Tenant = .default) async throws -> AuditVerification {
        try await AuditVerifier.verify(
            directory.url, tenant: tenant, segmentLineCount: Self.segmentLineCount)
    }

    /// 13 entries, 13 adjudications, 12 queue events.
    private func record(_ store: CaseStore) async throws {
        for index in 0..<13 {
            try await store.record([.fixture(outcome: index == 4 ? .resell : .humanReview)])
        }
    }

    @Test func fullFilesBecomeNumberedSegments() async throws {
        let store = try await open()
        try await record(store)
        try await store.export()

        let counts = try exported().mapValues { $0.count { $0 == UInt8(ascii: "\n") } }
        #expect(
            counts == [
                "review-queue.jsonl": 2, "review-queue/00000001.jsonl": 5,
                "review-queue/00000002.jsonl": 5, "adjudications.jsonl": 3,
                "adjudications/00000001.jsonl": 5, "adjudications/00000002.jsonl": 5,
                "audit/00000001.jsonl": 5, "audit/00000002.jsonl": 5, "audit/00000003.jsonl": 3,
            ])
        let verification = try await verify()
        #expect(verification.holds && verification.exportedLineCount == 13 + 13 + 12)
    }

    /// Exported one by one or all at once, by one store or by turns, the files are the same.
    @Test func theFilesDoNotDependOnWhoExportsWhen() async throws {
        let first = try await open()
        let second = try await open()
        for index in 0..<13 {
            try await first.record([.fixture()])
            try await (index.isMultiple(of: 3) ? first : second).export()
            #expect(try await verify().holds)
        }
        let byTurns = try exported()

        for name in byTurns.keys {
            try FileManager.default.removeItem(at: directory.appending(name))
        }
        try await first.export()

        #expect(try exported() == byTurns)
    }

    @Test func aDeletedFileIsWrittenAgain() async throws {
        let store = try await open()
        try await record(store)
        try await store.export()
        let whole = try exported()
        for name in whole.keys {
            try FileManager.default.removeItem(at: directory.appending(name))
            try await open().export()
            #expect(try exported() == whole, "without \(name)")
        }
    }

    /// A segment of the audit log without an adjudication leaves no file of adjudications.
    @Test func aSegmentWithoutLinesHasNoFile() async throws {
        let store = try await open()
        try await store.record([.fixture(outcome: .resell)])
        for index in 0..<11 { try await store.addReviewer(name: "reviewer-\(index)") }
        try await store.record([.fixture(outcome: .resell)])
        try await store.export()

        let names = try exported().keys.filter { $0.hasPrefix("adjudications") }.sorted()
        #expect(names == ["adjudications.jsonl", "adjudications/00000001.jsonl"])
        #expect(try await verify().holds)
        try FileManager.default.removeItem(at: directory.appending(names[0]))
        try await open().export()
        #expect(try exported().keys.filter { $0.hasPrefix("adjudications") }.sorted() == names)
        #expect(try await verify().holds)
    }

    /// One file with all lines, as builds before rotation wrote it.
    @Test func aFileFromBeforeRotationIsWrittenInSegments() async throws {
        let store = try await open()
        try await record(store)
        try await store.export()
        let whole = try exported()
        for name in ["review-queue", "adjudications"] {
            let parts = try ["\(name)/00000001.jsonl", "\(name)/00000002.jsonl", "\(name).jsonl"]
                .map { try #require(whole[$0]) }
            try FileManager.default.removeItem(at: directory.appending(name))
            try Data(parts.joined()).write(to: directory.appending("\(name).jsonl"))
        }

        try await open().export()

        #expect(try exported() == whole)
    }

    @Test func tenantsRotateApart() async throws {
        let tenant = try #require(Tenant("second"))
        let store = try await open()
        try await record(store)
        let other = store.forTenant(tenant)
        try await other.record((0..<6).map { _ in .fixture() })
        try await store.export()

        let names = try exported().keys.filter { $0.hasPrefix("tenants/second/review") }.sorted()
        #expect(
            names == [
                "tenants/second/review-queue.jsonl", "tenants/second/review-queue/00000001.jsonl",
            ])
        #expect(try await verify().exportedLineCount == 38)
        #expect(try await verify(tenant: tenant).exportedLineCount == 18)
    }

    @Test func tamperedSegmentsAreNamed() async throws {
        let store = try await open()
        try await record(store)
        try await store.export()
        let name = "adjudications/00000002.jsonl"
        let segment = directory.appending(name)
        let whole = String(decoding: try Data(contentsOf: segment), as: UTF8.self)

        try Data(whole.replacing("\"DE\"", with: "\"FR\"").utf8).write(to: segment)
        #expect(try await verify().problem == AuditProblem(.exportDiffers, seq: 6, file: name))

        try Data((whole + "{}\n").utf8).write(to: segment)
        #expect(try await verify().problem == AuditProblem(.exportExceeds, seq: 11, file: name))

        try Data(whole.utf8).write(to: segment)
        try Data("{\"seq\":21}\n".utf8).write(
            to: directory.appending("review-queue/00000004.jsonl"))
        let beyond = try await verify().problem
        #expect(
            beyond
                == AuditProblem(.exportExceeds, seq: 13, file: "review-queue/00000004.jsonl"))
    }
}

/// The export is killed before each of its steps, and goes on in another process.
@Suite struct RotationKillTests {
    struct Killed: Error {}

    /// Throws at the step of this number, counted from 0.
    private static func killing(atStep step: Int) -> @Sendable () throws -> Void {
        let count = Mutex(0)
        return {
            let present = count.withLock { count in
                count += 1
                return count - 1
            }
            if present == step { throw Killed() }
        }
    }

    private func files(_ directory: TemporaryDirectory) throws -> [String: Data] {
        try directory.contents().filter { $0.key.contains("jsonl") }
    }

    /// From an empty folder, and from one where a segment is already full.
    @Test(arguments: [0, 5])
    func anExportKilledAtAnyStepIsTakenUp(exportedBefore: Int) async throws {
        let directory = TemporaryDirectory()
        let store = try await CaseStore.open(at: directory.url, export: RotationTests.options())
        for index in 0..<12 {
            try await store.record([.fixture()])
            if index + 1 == exportedBefore { try await store.export() }
        }
        let before = try files(directory)
        try await store.export()
        let whole = try files(directory)

        var killCount = 0
        while true {
            try restore(before, in: directory, replacing: whole)
            let victim = try await CaseStore.open(
                at: directory.url,
                export: RotationTests.options(beforeStep: Self.killing(atStep: killCount)))
            let wasKilled = await (try? victim.export()) == nil
            let afterKill = try await AuditVerifier.verify(
                directory.url, segmentLineCount: RotationTests.segmentLineCount)
            #expect(afterKill.holds, "killed at step \(killCount): \(afterKill)")
            try await CaseStore.open(at: directory.url, export: RotationTests.options()).export()
            try #require(try files(directory) == whole, "killed at step \(killCount)")
            guard wasKilled else { break }
            killCount += 1
        }
        #expect(killCount >= 20)
    }

    /// The lines of one inspection, killed before each step of their erasure and repeated.
    @Test func anErasureKilledAtAnyStepIsRepeated() async throws {
        let directory = TemporaryDirectory()
        let store = try await CaseStore.open(at: directory.url, export: RotationTests.options())
        for index in 0..<12 { try await store.record([.fixture(orderID: "order-\(index)")]) }
        try await store.export()
        let before = try files(directory)
        try await store.eraseExportedLines(queueEvents: [2, 3, 12], adjudications: [2, 3, 12])
        let erased = try files(directory)
        for name in ["review-queue/00000001.jsonl", "adjudications/00000001.jsonl"] {
            let lines = try lines(directory.appending(name))
            #expect(lines[1] == #"{"event":"erased","seq":2}"#)
            #expect(lines[2] == #"{"event":"erased","seq":3}"#)
            #expect(lines[0].contains("order-0") && lines[3].contains("order-3"))
        }
        #expect(
            try lines(directory.appending("review-queue.jsonl")).last
                == #"{"event":"erased","seq":12}"#)

        var killCount = 0
        while true {
            try restore(before, in: directory, replacing: erased)
            let victim = try await CaseStore.open(
                at: directory.url,
                export: RotationTests.options(beforeStep: Self.killing(atStep: killCount)))
            let wasKilled =
                await
                (try? victim.eraseExportedLines(
                    queueEvents: [2, 3, 12], adjudications: [2, 3, 12])) == nil
            try await store.eraseExportedLines(
                queueEvents: [2, 3, 12], adjudications: [2, 3, 12])
            try #require(try files(directory) == erased, "killed at step \(killCount)")
            guard wasKilled else { break }
            killCount += 1
        }
        #expect(killCount > 8)
        // A second time there is nothing to do.
        try await store.eraseExportedLines(queueEvents: [2, 3, 12], adjudications: [2, 3, 12])
        #expect(try files(directory) == erased)
    }

    /// The database says what the files say once both are erased, and the export goes on.
    @Test func theExportGoesOnAfterAnErasure() async throws {
        let directory = TemporaryDirectory()
        let store = try await CaseStore.open(at: directory.url, export: RotationTests.options())
        for _ in 0..<7 { try await store.record([.fixture()]) }
        try await store.export()
        try await store.tamper(
            """
            UPDATE adjudication SET document = NULL WHERE auditSeq IN (1, 7);
            UPDATE inspection SET salt = NULL WHERE id IN
              (SELECT inspection FROM adjudication WHERE auditSeq IN (1, 7));
            UPDATE queueEvent SET line = CAST('{"event":"erased","seq":' || seq || '}' AS BLOB)
              WHERE seq IN (1, 7);
            """)
        let unfinished = try await AuditVerifier.verify(
            directory.url, segmentLineCount: RotationTests.segmentLineCount)
        #expect(unfinished.problem?.kind == .exportDiffers)

        try await store.eraseExportedLines(queueEvents: [1, 7], adjudications: [1, 7])
        try await store.record([.fixture()])
        try await store.export()

        let verification = try await AuditVerifier.verify(
            directory.url, segmentLineCount: RotationTests.segmentLineCount)
        #expect(verification.holds && verification.erasedDocumentCount == 2)
        #expect(verification.exportedLineCount == 24)
    }

    private func restore(
        _ files: [String: Data], in directory: TemporaryDirectory, replacing others: [String: Data]
    ) throws {
        for name in Set(others.keys).union(try self.files(directory).keys) {
            try? FileManager.default.removeItem(at: directory.appending(name))
        }
        for name in ["review-queue", "adjudications", "audit"] where files.isEmpty {
            try? FileManager.default.removeItem(at: directory.appending(name))
        }
        for (name, bytes) in files { try bytes.write(to: directory.appending(name)) }
    }
}
