import CaseStore
import Foundation
import ReturnsDomain
import Testing

@Suite struct OpeningTests {
    let directory = TemporaryDirectory()

    @Test func createsFoldersAndFilesForTheOwnerOnly() async throws {
        let store = try await CaseStore.open(at: directory.url)
        try await store.record([.fixture(photo: Data(repeating: 1, count: 100))])
        try await store.export()

        #expect(try directory.mode("") == 0o700)
        for path in try FileManager.default.subpathsOfDirectory(atPath: directory.url.path) {
            #expect(try directory.mode(path) & 0o077 == 0, "\(path)")
        }
        #expect(try directory.mode("keys/wrapping.key") == 0o600)
        #expect(try directory.mode("keys/signing.key") == 0o600)
    }

    @Test(arguments: [
        ("synchronous", "2"), ("journal_mode", "wal"), ("secure_delete", "1"),
        ("foreign_keys", "1"), ("user_version", "\(CaseStore.schemaVersion)"),
        ("busy_timeout", "5000"),
    ])
    func writesDurably(setting: String, expected: String) async throws {
        let store = try await CaseStore.open(at: directory.url)
        #expect(try await store.databaseSetting(setting) == expected)
    }

    @Test func aSecondOpeningKeepsTheKeys() async throws {
        let record = InspectionRecord.fixture(photo: Data("picture".utf8))
        try await CaseStore.open(at: directory.url).record([record])

        let again = try await CaseStore.open(at: directory.url)

        #expect(try await again.photo(0, of: record.adjudication.id) == Data("picture".utf8))
    }

    @Test func processesThatStartTogetherAgreeOnTheKeys() async throws {
        let url = directory.url
        let stores = try await withThrowingTaskGroup(of: CaseStore.self) { group in
            for _ in 0..<8 { group.addTask { try await CaseStore.open(at: url) } }
            var stores: [CaseStore] = []
            for try await store in group { stores.append(store) }
            return stores
        }
        let record = InspectionRecord.fixture(photo: Data("picture".utf8))
        try await stores[0].record([record])
        for store in stores {
            #expect(try await store.photo(0, of: record.adjudication.id) == Data("picture".utf8))
        }
    }

    @Test(arguments: [0o640, 0o604, 0o620])
    func refusesAKeyThatOthersCanReach(mode: Int) async throws {
        _ = try await CaseStore.open(at: directory.url)
        let key = directory.appending("keys/wrapping.key")
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: key.path)

        let expected = CaseStoreError.keyFileExposed(
            path: key.path, mode: "0" + String(mode, radix: 8))
        await #expect(throws: expected) { try await CaseStore.open(at: directory.url) }
    }

    @Test func refusesADatabaseWhoseKeyIsGone() async throws {
        _ = try await CaseStore.open(at: directory.url)
        let key = directory.appending("keys/wrapping.key")
        try FileManager.default.removeItem(at: key)

        await #expect(throws: CaseStoreError.keyFileMissing(path: key.path)) {
            try await CaseStore.open(at: directory.url)
        }
        #expect(!FileManager.default.fileExists(atPath: key.path))
    }

    @Test func refusesAMalformedKey() async throws {
        _ = try await CaseStore.open(at: directory.url)
        let key = directory.appending("keys/signing.key")
        try Data("regrade.signing-key/2 AAAA\n".utf8).write(to: key)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key.path)

        await #expect(throws: CaseStoreError.keyFileMalformed(path: key.path)) {
            try await CaseStore.open(at: directory.url)
        }
    }

    @Test func refusesADatabaseOfANewerBuild() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let supported = CaseStore.schemaVersion
        let newer = supported + 1
        _ = try await store.databaseSetting("user_version = \(newer)")

        await #expect(throws: CaseStoreError.databaseNewer(found: newer, supported: supported)) {
            try await CaseStore.open(at: directory.url)
        }
        await #expect(throws: CaseStoreError.databaseNewer(found: newer, supported: supported)) {
            try await AuditVerifier.verify(directory.url)
        }
    }

    @Test func refusesAFileThatIsNoDatabase() async throws {
        _ = try await CaseStore.open(at: directory.url)
        for suffix in ["-wal", "-shm"] {
            try? FileManager.default.removeItem(at: directory.appending("regrade.sqlite" + suffix))
        }
        try Data(repeating: 65, count: 8192).write(to: directory.appending("regrade.sqlite"))

        await #expect(throws: CaseStoreError.self) { try await CaseStore.open(at: directory.url) }
    }

    // MARK: - Several processes

    /// As a restore or a change of keys does it.
    @Test func whatAnotherHasToItselfIsNotOpened() async throws {
        do { _ = try await CaseStore.open(at: directory.url) }
        let other = FileDescriptor(
            unsafe open(directory.url.path, O_RDONLY | O_DIRECTORY), directory.url)
        // The store that was here may still be letting go.
        #expect(try other.lock(waits: true))
        await #expect(throws: CaseStoreError.directoryReserved(path: directory.url.path)) {
            try await CaseStore.open(at: directory.url)
        }
        other.unlock()
        _ = try await CaseStore.open(at: directory.url)
    }

    @Test func oneServesADirectoryAtATime() async throws {
        let stores = [
            try await CaseStore.open(at: directory.url),
            try await CaseStore.open(at: directory.url),
        ]
        let right = try await stores[0].startServing()
        await #expect(throws: CaseStoreError.servedElsewhere(path: directory.url.path)) {
            _ = try await stores[1].startServing()
        }
        withExtendedLifetime(right) {}
    }
}
