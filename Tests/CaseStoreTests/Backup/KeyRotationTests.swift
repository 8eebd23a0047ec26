import CaseStore
import Foundation
import ReturnsDomain
import Statistics
import Testing

@Suite struct KeyRotationTests {
    let directory = TemporaryDirectory()

    private func recorded(_ count: Int) async throws -> [PersonalCase] {
        var random = SeededGenerator(seed: 21)
        let cases = (0..<count).map { _ in PersonalCase(using: &random) }
        try await record(cases)
        try await directory.waitUntilClosed()
        return cases
    }

    private func record(_ cases: [PersonalCase]) async throws {
        let store = try await CaseStore.open(at: directory.url)
        for start in stride(from: 0, to: cases.count, by: 100) {
            let some = cases[start..<min(start + 100, cases.count)]
            try await store.record(some.map(\.record))
        }
    }

    private func keyFiles() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.appending("keys").path)
            .sorted()
    }

    @Test func everythingOpensWithTheNewKeyAloneAfterwards() async throws {
        let cases = try await recorded(300)
        let old = try Data(contentsOf: directory.appending("keys/wrapping.key"))

        let report = try await CaseStore.rotateWrappingKey(at: directory.url)

        #expect(report.rewrapped == 300)
        #expect(try keyFiles() == ["signing.key", "wrapping.key"])
        #expect(try Data(contentsOf: directory.appending("keys/wrapping.key")) != old)
        #expect(try directory.mode("keys/wrapping.key") == 0o600)
        let store = try await CaseStore.open(at: directory.url)
        for entry in [cases[0], cases[150], cases[299]] {
            #expect(try await store.photo(0, of: entry.id) == entry.photo)
        }
        #expect(try await AuditVerifier.verify(directory.url).problem == nil)
    }

    @Test func anInterruptedRotationGoesOnWithTheKeyThatWasMade() async throws {
        // Given: the old key under its own name and a new one in place, nothing wrapped anew yet.
        let cases = try await recorded(2)
        let keys = directory.appending("keys")
        let fresh = TemporaryDirectory()
        _ = try await CaseStore.open(at: fresh.url)
        try FileManager.default.moveItem(
            at: keys.appending(path: "wrapping.key"),
            to: keys.appending(path: "wrapping-0123456789abcdef.key"))
        try FileManager.default.copyItem(
            at: fresh.appending("keys/wrapping.key"), to: keys.appending(path: "wrapping.key"))
        let made = try Data(contentsOf: keys.appending(path: "wrapping.key"))
        do {
            let store = try await CaseStore.open(at: directory.url)
            #expect(try await store.photo(0, of: cases[0].id) == cases[0].photo)
        }

        let report = try await CaseStore.rotateWrappingKey(at: directory.url)

        #expect(report.rewrapped == 2)
        #expect(try Data(contentsOf: keys.appending(path: "wrapping.key")) == made)
        #expect(try keyFiles() == ["signing.key", "wrapping.key"])
        let store = try await CaseStore.open(at: directory.url)
        #expect(try await store.photo(0, of: cases[1].id) == cases[1].photo)
    }

    @Test func anOlderBackupNeedsTheOldKey() async throws {
        let cases = try await recorded(2)
        let outside = TemporaryDirectory()
        try FileManager.default.createDirectory(at: outside.url, withIntermediateDirectories: true)
        let file = outside.appending("a.backup")
        _ = try await CaseStore.open(at: directory.url).backup(to: file)
        let old = try Data(contentsOf: directory.appending("keys/wrapping.key"))
        _ = try await CaseStore.rotateWrappingKey(at: directory.url)

        let error = await #expect(throws: CaseStoreError.self) {
            try await CaseStore.restore(from: file, into: directory.url)
        }
        guard case .backupKeyMissing = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        let place = directory.appending("keys/wrapping-old.key")
        try old.write(to: place)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: place.path)
        _ = try await CaseStore.restore(from: file, into: directory.url)
        let store = try await CaseStore.open(at: directory.url)
        #expect(try await store.photo(0, of: cases[0].id) == cases[0].photo)
    }

    @Test func aDirectoryInUseIsLeftAlone() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let before = try keyFiles()
        await #expect(throws: CaseStoreError.directoryInUse(path: directory.url.path)) {
            try await CaseStore.rotateWrappingKey(at: directory.url)
        }
        #expect(try keyFiles() == before)
        withExtendedLifetime(store) {}
    }
}
