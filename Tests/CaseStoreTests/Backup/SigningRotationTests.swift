import CaseStore
import Foundation
import ReturnsDomain
import Testing

/// `regrade key rotate signing`: one log, several keys, and whoever trusts the first one follows.
@Suite struct SigningRotationTests {
    let directory = TemporaryDirectory()
    private var keys: URL { directory.appending("keys") }

    private func open() async throws -> CaseStore { try await CaseStore.open(at: directory.url) }

    private func keyFiles() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: keys.path).sorted()
    }

    /// Records a few cases and signs them; the public key that did.
    @discardableResult
    private func work(_ count: Int = 3) async throws -> String {
        let store = try await open()
        try await store.record((0..<count).map { _ in .fixture(photo: Data("photo".utf8)) })
        try await store.checkpoint()
        return try await store.auditHead().publicKey
    }

    private func verify(_ witness: AuditWitness = .none) async throws -> AuditVerification {
        try await AuditVerifier.verify(directory.url, witness: witness)
    }

    @Test func whoTrustsTheFirstKeyFollowsToTheNewest() async throws {
        let first = try await work()
        let secret = try Data(contentsOf: keys.appending(path: "signing.key"))
        let kept = try #require(try await open().auditHead().note)
        let report = try await CaseStore.rotateSigningKey(at: directory.url)
        #expect(report.from == first && report.to != first && report.changeCount == 1)
        let second = try await work()
        #expect(second == report.to)
        let third = try await CaseStore.rotateSigningKey(at: directory.url).to
        #expect(try await work() == third)

        #expect(
            try keyFiles() == ["signing-history.jsonl", "signing.key", "wrapping.key"])
        for (_, bytes) in try directory.contents() {
            #expect(bytes.range(of: secret.dropFirst(24).prefix(40)) == nil)
        }
        let head = try await open().auditHead()
        #expect(head.publicKeys == [first, second, third])
        // All three are keys of one log.
        #expect(Set(head.publicKeys.map { $0.split(separator: "+")[0] }).count == 1)
        for witness in [
            .none, AuditWitness(publicKey: first), AuditWitness(publicKey: second),
            AuditWitness(publicKey: third), AuditWitness(publicKey: first, checkpoints: [kept]),
            AuditWitness(checkpoints: [kept, head.note ?? ""]),
        ] as [AuditWitness] {
            let verification = try await verify(witness)
            #expect(verification.problem == nil && verification.movedKeyChangeCount == 0)
            #expect(verification.publicKeys == head.publicKeys)
            #expect(verification.signedEntryCount == 11 && verification.entryCount == 11)
        }
        let exported = directory.appending("exported")
        _ = try await open().exportAuditLog(to: exported)
        for key in [nil, first, second, third] {
            let found = try await AuditVerifier.verify(
                exported, witness: AuditWitness(publicKey: key))
            #expect(found.problem == nil && found.signedEntryCount == 12)
        }
    }

    @Test func theEntryNamesBothKeysAndHoldsTheStatement() async throws {
        let first = try await work()
        let second = try await CaseStore.rotateSigningKey(at: directory.url).to
        let line = try #require(try await open().auditEntries(from: 4, limit: 1).first)
        let entry = try members(String(decoding: line, as: UTF8.self))
        let meta = try #require(entry["meta"] as? [String: String])
        #expect(entry["kind"] as? String == "key_change" && meta["key"] == "signing")
        #expect(first.contains("+\(meta["from"] ?? "?")+"))
        #expect(second.contains("+\(meta["to"] ?? "?")+"))
        let statement = try #require(meta["statement"])
        #expect(statement.contains("\n3\n"), "over the three entries before it")
        #expect(statement.contains("signed so far by \(first)\n"))
        #expect(statement.contains("signed from here on by \(second)\n"))
        let event = try await open().value(
            "SELECT CAST(body AS TEXT) FROM outboxEvent WHERE type LIKE '%checkpoint%' "
                + "ORDER BY seq DESC LIMIT 1 OFFSET 1")
        #expect(event?.contains("signed from here on by") == true)
    }

    @Test func receiptsHoldUnderTheKeyOfTheirTimeAndItsSuccessors() async throws {
        let first = try await work()
        let old = try await open().auditReceipt(for: .entry(1))
        let second = try await CaseStore.rotateSigningKey(at: directory.url).to
        let third = try await CaseStore.rotateSigningKey(at: directory.url).to
        let new = try await open().auditReceipt(for: .entry(1))
        let grown = try await open().auditConsistencyProof(from: 3)

        func holds(_ receipt: Data, _ key: String) throws -> Bool {
            try ReceiptCheck.check(Array(receipt), publicKey: key).holds
        }
        #expect(try holds(old, first))
        #expect(try holds(old, second) == false)
        #expect(try holds(old, third) == false)
        for key in [first, second, third, "\(first)\n\(second)\n\(third)\n"] {
            #expect(try holds(new, key))
            #expect(try holds(grown, key))
        }
        let stranger = TemporaryDirectory()
        let other = try await CaseStore.open(at: stranger.url).auditHead().publicKey
        #expect(try holds(new, other) == false)
        for index in new.indices where index.isMultiple(of: 11) {
            var flipped = new
            flipped[index] ^= 1 << (index % 8)
            try #require(try holds(flipped, first) == false, "byte \(index)")
        }
    }

    @Test func everyTenantsLogIsHandedOver() async throws {
        let tenant = try #require(Tenant("second"))
        try await work()
        try await open().forTenant(tenant).record([.fixture(), .fixture()])
        _ = try await CaseStore.rotateSigningKey(at: directory.url)
        let late = try #require(Tenant("late"))
        try await open().forTenant(late).record([.fixture()])
        try await open().checkpoint()
        _ = try await CaseStore.rotateSigningKey(at: directory.url)
        for (tenant, keyCount) in [(.default, 3), (tenant, 3), (late, 2)] as [(Tenant, Int)] {
            let found = try await AuditVerifier.verify(directory.url, tenant: tenant)
            #expect(found.problem == nil && found.publicKeys.count == keyCount)
            #expect(found.signedEntryCount == found.entryCount)
        }
    }

    // MARK: - What must fail

    @Test func whoHasTheNewKeyCannotRewriteWhatTheOldOneSigned() async throws {
        let first = try await work()
        _ = try await CaseStore.rotateSigningKey(at: directory.url)
        let store = try await open()
        let folder = try await AuditFolder(exporting: store, to: directory.appending("exported"))
        let rewritten = try folder.rewritten(
            line: 0, replacing: "\"confidence\":\"0.71\"", with: "\"confidence\":\"0.99\"")
        try folder.write(
            lines: rewritten,
            checkpoints: [try AuditFolder.checkpoint(over: rewritten, by: try store.signer())])

        let problem = try await folder.verify(AuditWitness(publicKey: first)).problem

        #expect(problem == AuditProblem(.keyChangeMoved(size: 3), seq: 4, file: "00000001.jsonl"))
    }

    @Test func aChangeThatTheOldKeyDidNotSignIsRefused() async throws {
        let first = try await work()
        _ = try await CaseStore.rotateSigningKey(at: directory.url)
        let store = try await open()
        let folder = try await AuditFolder(exporting: store, to: directory.appending("exported"))
        let thief = try NoteSigner(
            name: String(try #require(first.split(separator: "+").first)), secret: Data(0..<32))
        let newest = try await store.auditHead().publicKey
        let rewritten = try folder.rewritten(
            line: 3, replacing: "on by \(newest)", with: "on by \(thief.key)")
        try folder.write(
            lines: rewritten,
            checkpoints: [try AuditFolder.checkpoint(over: rewritten, by: thief)],
            publicKey: "\(first)\n\(thief.key)\n")
        for witness in [.none, AuditWitness(publicKey: first)] as [AuditWitness] {
            #expect(
                try await folder.verify(witness).problem
                    == AuditProblem(.keyChangeNotSigned, seq: 4, file: "00000001.jsonl"))
        }
        // Neither does a list beside the log make a key one of the log's.
        try folder.restore()
        try folder.write(publicKey: "\(thief.key)\n\(newest)\n")
        #expect(try await folder.verify(AuditWitness(publicKey: newest)).problem != nil)
        try folder.write(publicKey: "\(first)\n\(newest)\n\(thief.key)\n")
        #expect(
            try await folder.verify().problem
                == AuditProblem(.keyChangeMissing, seq: 3, file: "public-key.txt"))
    }

    /// Reliability test T12 for a log of two keys: checkpoints, keys, and the entry of the change.
    @Test func flipsOfALogOfTwoKeysAreDetected() async throws {
        try await work()
        _ = try await CaseStore.rotateSigningKey(at: directory.url)
        let folder = try await AuditFolder(
            exporting: try await open(), to: directory.appending("exported"))
        #expect(folder.checkpoints.count == 3 && folder.lines.count == 5)
        var count = 0
        for name in ["checkpoints.jsonl", "public-key.txt", "00000001.jsonl"] {
            let file = folder.url.appending(path: name)
            let whole = try Data(contentsOf: file)
            for index in whole.indices where index.isMultiple(of: Self.byteStride) {
                for bit in 0..<8 {
                    var flipped = whole
                    flipped[index] ^= 1 << bit
                    try flipped.write(to: file)
                    count += 1
                    let problem = try await folder.verify().problem
                    try #require(problem != nil, "byte \(index), bit \(bit) of \(name)")
                }
            }
            try whole.write(to: file)
        }
        print("audit: \(count) single-bit flips of a log of two keys, 0 missed")
    }

    /// Every fifth byte; a build without optimisation takes every 53rd.
    private static var byteStride: Int {
        var stride = 5
        assert(
            {
                stride = 53; return true
            }())
        return stride
    }

    @Test func keysThatAreMissingOrSwappedFailClosed() async throws {
        try await work()
        let old = try Data(contentsOf: keys.appending(path: "signing.key"))
        _ = try await CaseStore.rotateSigningKey(at: directory.url)
        let file = keys.appending(path: "signing.key")
        let history = keys.appending(path: "signing-history.jsonl")
        let (now, changes) = (try Data(contentsOf: file), try Data(contentsOf: history))

        try write(old, to: file)
        await expectOpening(fails: .signingKeyDiffers(path: file.path))
        try FileManager.default.removeItem(at: file)
        await expectOpening(fails: .keyFileMissing(path: file.path))
        try write(now, to: file)
        try FileManager.default.removeItem(at: history)
        await expectOpening(
            fails: .signingHistoryInvalid(
                path: history.path,
                reason: "the audit log of tenant default knows changes that are not in it"))
        try write(changes.dropLast(9) + Data("\n".utf8), to: history)
        await expectOpening(
            fails: .signingHistoryInvalid(
                path: history.path, reason: "line 1 is not a change of keys that follows"))
        try write(changes, to: history)
        _ = try await open()
    }

    /// Without any change of keys there is no history; the last checkpoint tells.
    @Test func aKeyThatDidNotSignTheLogIsRefused() async throws {
        try await work()
        let stranger = TemporaryDirectory()
        _ = try await CaseStore.open(at: stranger.url)
        let file = keys.appending(path: "signing.key")
        try write(try Data(contentsOf: stranger.appending("keys/signing.key")), to: file)
        await expectOpening(fails: .signingKeyDiffers(path: file.path))
    }

    @Test func aDirectoryInUseIsLeftAlone() async throws {
        let store = try await open()
        let before = try keyFiles()
        await #expect(throws: CaseStoreError.directoryInUse(path: directory.url.path)) {
            try await CaseStore.rotateSigningKey(at: directory.url)
        }
        #expect(try keyFiles() == before)
        withExtendedLifetime(store) {}
    }

    private func write(_ bytes: Data, to file: URL) throws {
        try bytes.write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    }

    private func expectOpening(fails expected: CaseStoreError) async {
        await #expect(throws: expected) { try await CaseStore.open(at: directory.url) }
    }
}
