import CaseStore
import Foundation
import ReturnsDomain
import Statistics
import TestSupport
import Testing

@Suite struct BackupTests {
    let directory = TemporaryDirectory()
    let outside = TemporaryDirectory()

    private func outsideFile(_ name: String) throws -> URL {
        try FileManager.default.createDirectory(
            at: outside.url, withIntermediateDirectories: true)
        return outside.appending(name)
    }

    private func recorded(_ count: Int, seed: UInt64 = 5) async throws -> [PersonalCase] {
        var random = SeededGenerator(seed: seed)
        let cases = (0..<count).map { _ in PersonalCase(using: &random) }
        try await record(cases)
        try await directory.waitUntilClosed()
        return cases
    }

    private func record(_ cases: [PersonalCase]) async throws {
        let store = try await CaseStore.open(at: directory.url)
        try await store.record(cases.map(\.record))
        try await store.export()
    }

    @Test func whatWasBackedUpComesBack() async throws {
        let cases = try await recorded(12)
        let file = try outsideFile("a.backup")
        let report = try await CaseStore.open(at: directory.url).backup(to: file)
        let later = try await recorded(3, seed: 6)

        let restored = try await CaseStore.restore(from: file, into: directory.url)

        #expect(restored.backup == report && report.photoCount == 12)
        let store = try await CaseStore.open(at: directory.url)
        for entry in cases {
            #expect(try await store.photo(0, of: entry.id) == entry.photo)
            #expect(
                try await store.adjudication(of: entry.id)?.order == entry.record.adjudication.order
            )
        }
        #expect(try await store.adjudication(of: later[0].id) == nil)
        #expect(try directory.filesHolding(later.flatMap(\.traces)) == [])
        let verification = try await AuditVerifier.verify(directory.url)
        #expect(verification.problem == nil && verification.unexportedLineCount == 0)
    }

    @Test func aBackupHoldsNoKeyAndIsForTheOwnerOnly() async throws {
        _ = try await recorded(2)
        let file = try outsideFile("a.backup")
        _ = try await CaseStore.open(at: directory.url).backup(to: file)
        let bytes = try Data(contentsOf: file)
        for key in ["keys/wrapping.key", "keys/signing.key"] {
            let line = String(
                decoding: try Data(contentsOf: directory.appending(key)), as: UTF8.self)
            let secret = try #require(line.split(separator: " ").last?.dropLast())
            let raw = try #require(Data(base64Encoded: String(secret)))
            #expect(bytes.firstRange(of: Data(secret.utf8)) == nil)
            #expect(bytes.firstRange(of: raw) == nil)
        }
        #expect(try outside.mode("a.backup") == 0o600)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: outside.url.path) == ["a.backup"])
    }

    @Test func anErasedCaseStaysErasedWhenAnOlderBackupIsRestored() async throws {
        let cases = try await recorded(4)
        let file = try outsideFile("a.backup")
        do {
            let store = try await CaseStore.open(at: directory.url)
            _ = try await store.backup(to: file)
            _ = try await store.erase([cases[1].id])
        }

        let restored = try await CaseStore.restore(from: file, into: directory.url)

        #expect(restored.erasedAgain == 1)
        #expect(try directory.filesHolding(cases[1].traces) == [])
        let again = try await CaseStore.open(at: directory.url)
        await #expect(throws: CaseStoreError.inspectionErased(cases[1].id)) {
            try await again.adjudication(of: cases[1].id)
        }
        #expect(try await again.photo(0, of: cases[2].id) == cases[2].photo)
    }

    @Test func withoutTombstonesAnOlderBackupBringsThePersonBack() async throws {
        // The documented price of losing the file: this is why it is to be copied elsewhere.
        let cases = try await recorded(2)
        let file = try outsideFile("a.backup")
        do {
            let store = try await CaseStore.open(at: directory.url)
            _ = try await store.backup(to: file)
            _ = try await store.erase([cases[0].id])
        }
        try FileManager.default.removeItem(at: directory.appending("tombstones.jsonl"))

        _ = try await CaseStore.restore(from: file, into: directory.url)

        let again = try await CaseStore.open(at: directory.url)
        #expect(try await again.adjudication(of: cases[0].id) != nil)
    }

    @Test func aDirectoryInUseIsLeftAlone() async throws {
        let cases = try await recorded(2)
        let file = try outsideFile("a.backup")
        let store = try await CaseStore.open(at: directory.url)
        _ = try await store.backup(to: file)

        await #expect(throws: CaseStoreError.directoryInUse(path: directory.url.path)) {
            try await CaseStore.restore(from: file, into: directory.url)
        }
        #expect(try await store.adjudication(of: cases[0].id) != nil)
    }

    @Test func anExistingFileIsNotOverwritten() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let file = try outsideFile("a.backup")
        try Data("mine".utf8).write(to: file)
        await #expect(throws: CaseStoreError.backupExists(path: file.path)) {
            try await store.backup(to: file)
        }
        #expect(try Data(contentsOf: file) == Data("mine".utf8))
    }

    /// One byte changed anywhere, or the end cut off: refused, and the old record stays.
    @Test func aChangedBackupIsRefused() async throws {
        let cases = try await recorded(3)
        let file = try outsideFile("a.backup")
        _ = try await CaseStore.open(at: directory.url).backup(to: file)
        let whole = try Data(contentsOf: file)
        var random = SeededGenerator(seed: 3)
        // The last 1,024 bytes are the archive's own end; a padding byte is covered by the hash.
        let places = (0..<25).map { _ in Int.random(in: 0..<whole.count - 1536, using: &random) }
        for place in places {
            var changed = whole
            changed[place] ^= 1
            try changed.write(to: file)
            await #expect(throws: CaseStoreError.self, "byte \(place)") {
                try await CaseStore.restore(from: file, into: directory.url)
            }
        }
        for length in [0, 100, 512, whole.count / 2, whole.count - 600] {
            try whole.prefix(length).write(to: file)
            await #expect(throws: CaseStoreError.self, "\(length) bytes") {
                try await CaseStore.restore(from: file, into: directory.url)
            }
        }
        let store = try await CaseStore.open(at: directory.url)
        #expect(try await store.photo(0, of: cases[0].id) == cases[0].photo)
        #expect(try await AuditVerifier.verify(directory.url).problem == nil)
    }

    @Test func restoringElsewhereNeedsTheKeys() async throws {
        let cases = try await recorded(2)
        let file = try outsideFile("a.backup")
        _ = try await CaseStore.open(at: directory.url).backup(to: file)
        let elsewhere = try outsideFile("other")
        let keyFile = elsewhere.appending(path: "keys/wrapping.key").path
        await #expect(throws: CaseStoreError.keyFileMissing(path: keyFile)) {
            try await CaseStore.restore(from: file, into: elsewhere)
        }
        try FileManager.default.removeItem(at: elsewhere)
        try FileManager.default.createDirectory(at: elsewhere, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            at: directory.appending("keys"), to: elsewhere.appending(path: "keys"))
        _ = try await CaseStore.restore(from: file, into: elsewhere)
        let store = try await CaseStore.open(at: elsewhere)
        #expect(try await store.photo(0, of: cases[1].id) == cases[1].photo)
    }

    /// A kill between any two steps of the switch leaves the old record or the new one.
    @Test(arguments: ["restored", "switching"])
    func aSwitchThatWasDecidedIsCompletedByTheNextOpening(folder: String) async throws {
        let cases = try await recorded(3)
        let file = try outsideFile("a.backup")
        _ = try await CaseStore.open(at: directory.url).backup(to: file)
        let other = TemporaryDirectory()
        try FileManager.default.createDirectory(at: other.url, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            at: directory.appending("keys"), to: other.appending("keys"))
        _ = try await CaseStore.restore(from: file, into: other.url)
        let later = try await recorded(2, seed: 6)

        // As a kill leaves it: everything unpacked and decided, in `switching` the old removed.
        let place = directory.appending(folder)
        if folder == "switching" {
            for name in try FileManager.default.contentsOfDirectory(atPath: directory.url.path)
            where !["keys", "tombstones.jsonl", "lock"].contains(name) {
                try FileManager.default.removeItem(at: directory.appending(name))
            }
        }
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        for name in try FileManager.default.contentsOfDirectory(atPath: other.url.path)
        where name == "photos" || name.hasPrefix("regrade.sqlite") {
            try FileManager.default.copyItem(
                at: other.appending(name), to: place.appending(path: name))
        }
        let store = try await CaseStore.open(at: directory.url)
        #expect(try await store.photo(0, of: cases[0].id) == cases[0].photo)
        #expect(try await store.adjudication(of: later[0].id) == nil)
    }

    @Test func tarListsIt() async throws {
        _ = try await recorded(2)
        let file = try outsideFile("a.backup")
        _ = try await CaseStore.open(at: directory.url).backup(to: file)
        let list = try outsideFile("names")
        try Data().write(to: list)
        #expect(try ChildProcess.run(["tar", "-tf", file.path], output: list.path) == 0)
        let names = try String(contentsOf: list, encoding: .utf8).split(separator: "\n")
        #expect(names.first == "regrade.sqlite" && names.last == "manifest.json")
        #expect(names.count == 4)
    }
}
