import CaseStore
import Foundation
import ReturnsDomain
import Testing

@Suite struct CheckpointTests {
    let directory = TemporaryDirectory()

    private func open(
        every entryCount: Int64 = 1000, clock: StoreClock = .system
    ) async throws -> CaseStore {
        var options = ExportOptions()
        options.checkpointEntryCount = entryCount
        options.segmentLineCount = 5
        return try await CaseStore.open(at: directory.url, clock: clock, export: options)
    }

    private func verify() async throws -> AuditVerification {
        try await AuditVerifier.verify(directory.url, segmentLineCount: 5)
    }

    @Test func oneIsMadeAfterSoManyEntriesAndAtTheEnd() async throws {
        let store = try await open(every: 3)
        for index in 0..<7 {
            try await store.addEntries(1, named: "a\(index)")
            try await store.export()
        }
        #expect(try await verify().signedEntryCount == 6)
        #expect(try await verify().checkpointCount == 2)

        try await store.checkpoint()
        try await store.checkpoint()

        let verification = try await verify()
        #expect(verification.holds)
        #expect(verification.signedEntryCount == 7 && verification.checkpointCount == 3)
        #expect(try lines(directory.appending("audit/checkpoints.jsonl")).count == 3)
    }

    @Test func oneIsMadeWhenEntriesHaveWaitedAMinute() async throws {
        let clock = SettableClock()
        let store = try await open(clock: clock.clock())
        try await store.addEntries(1)
        try await store.export()
        clock.advance(by: .seconds(59))
        try await store.export()
        #expect(try await verify().checkpointCount == 0)
        // The wall clock may go where it likes.
        clock.stepWall(by: .seconds(-3600))
        clock.advance(by: .seconds(1))

        try await store.export()

        #expect(try await verify().signedEntryCount == 1)
    }

    @Test func theEventTellsOfIt() async throws {
        let store = try await open()
        try await store.addEntries(2)
        try await store.checkpoint()
        let body = try #require(
            try await store.value("SELECT CAST(body AS TEXT) FROM outboxEvent WHERE seq = 1"))
        let event = try members(body)
        #expect(event["type"] as? String == "regrade.audit.checkpoint.v1")
        let data = try #require(event["data"] as? [String: Any])
        #expect(data["size"] as? Int == 2)
        #expect(data["note"] as? String == (try await store.auditHead().note))
    }

    /// The tree grows from the stored frontier; the verifier computes it from the entries.
    @Test func manyCheckpointsAndSubtreesHold() async throws {
        let first = try await open(every: 100)
        let second = try await open(every: 100)
        for index in 0..<12 {
            let store = index.isMultiple(of: 2) ? first : second
            for _ in 0..<5 {
                try await store.record((0..<10).map { _ in .fixture(outcome: .resell) })
            }
            try await store.export()
        }
        let verification = try await verify()
        #expect(verification.holds && verification.entryCount == 600)
        #expect(verification.signedEntryCount >= 500 && verification.checkpointCount >= 5)
        for seq in [1, 256, 257, 300, 512, 513, 600] {
            let receipt = try await first.auditReceipt(for: .entry(Int64(seq)))
            let key = try await first.auditHead().publicKey
            #expect(try ReceiptCheck.check(Array(receipt), publicKey: key).problem == nil)
        }
    }

    @Test func tenantsHaveLogsOfTheirOwn() async throws {
        let store = try await open()
        let other = store.forTenant(try #require(Tenant("second")))
        try await store.addEntries(1)
        try await other.addEntries(2)
        try await store.checkpoint()
        let heads = [try await store.auditHead(), try await other.auditHead()]
        #expect(heads.map(\.signedEntryCount) == [1, 2])
        #expect(heads[0].publicKey != heads[1].publicKey)
        #expect(heads[1].publicKey.hasPrefix("regrade-audit/second/"))
        let verification = try await AuditVerifier.verify(
            directory.url, tenant: other.tenant,
            witness: AuditWitness(publicKey: heads[1].publicKey, checkpoints: [heads[1].note ?? ""])
        )
        #expect(verification.holds)
        let mixed = try await AuditVerifier.verify(
            directory.url, tenant: other.tenant,
            witness: AuditWitness(checkpoints: [heads[0].note ?? ""]))
        #expect(mixed.problem?.kind == .witnessNotSigned)
    }

    /// A log never signs that it is shorter than it signed before.
    @Test func aCutLogIsNotSigned() async throws {
        let store = try await open()
        try await store.addEntries(5)
        try await store.checkpoint()
        try await store.tamper(
            """
            DELETE FROM auditEntry WHERE seq > 3;
            UPDATE sequence SET last = 3 WHERE name = 'auditEntry';
            """)
        await #expect(throws: CaseStoreError.auditLogCut(entryCount: 3, signed: 5)) {
            try await store.checkpoint()
        }
        #expect(try await verify().problem?.kind == .checkpointBeyondLog(size: 5))
    }

    @Test(arguments: [
        ("UPDATE auditCheckpoint SET frontier = randomblob(length(frontier))", "frontier differ"),
        ("UPDATE auditCheckpoint SET frontier = randomblob(7)", "is cut"),
        ("DELETE FROM auditEntry WHERE seq = 6", "audit entry 6 is missing"),
    ])
    func aTreeThatDoesNotFitIsNotSigned(sql: String, reason: String) async throws {
        let store = try await open()
        try await store.addEntries(3)
        try await store.checkpoint()
        try await store.addEntries(4, named: "more")
        try await store.tamper(sql)
        let error = await #expect(throws: CaseStoreError.self) { try await store.checkpoint() }
        #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }

    /// Receipts and the next checkpoint are made from what lies beside the entries.
    @Test(arguments: [
        ("UPDATE auditSubtree SET root = randomblob(32) WHERE number = 1", 512),
        ("DELETE FROM auditSubtree WHERE number = 0", 256),
        ("DELETE FROM auditSubtree WHERE number = 1", 512),
        ("UPDATE auditSubtree SET number = 2 WHERE number = 1", 512),
        ("INSERT INTO auditSubtree VALUES ('default', 2, randomblob(32))", 601),
    ])
    func storedRootsThatAreNotThoseOfTheEntriesAreNamed(sql: String, seq: Int64) async throws {
        let store = try await CaseStore.open(at: directory.url)
        for _ in 0..<6 {
            try await store.record((0..<100).map { _ in .fixture(outcome: .resell) })
        }
        try await store.checkpoint()
        #expect(try await AuditVerifier.verify(directory.url).holds)
        try await store.tamper(sql)
        let problem = try await AuditVerifier.verify(directory.url).problem
        #expect(problem == AuditProblem(.subtreeDiffers, seq: seq, file: nil))
    }

    @Test func aStoredFrontierThatIsNotTheCheckpointsIsNamed() async throws {
        let store = try await open()
        try await store.addEntries(3)
        try await store.checkpoint()
        try await store.tamper(
            "UPDATE auditCheckpoint SET frontier = randomblob(length(frontier))")
        let problem = try await verify().problem
        #expect(problem == AuditProblem(.checkpointFrontierDiffers, seq: 1, file: nil))
    }

    @Test func theKeyLiesBesideTheLogAndTheSecretDoesNot() async throws {
        let store = try await open()
        try await store.addEntries(1)
        try await store.checkpoint()
        let line = String(
            decoding: try Data(contentsOf: directory.appending("audit/public-key.txt")),
            as: UTF8.self)
        #expect(try await store.auditHead().publicKey + "\n" == line)
        #expect(try directory.mode("keys/signing.key") == 0o600)
        try FileManager.default.removeItem(at: directory.appending("audit/public-key.txt"))
        #expect(try await verify().problem?.kind == .publicKeyUnusable)
        try await store.addEntries(1, named: "later")
        try await store.checkpoint()
        #expect(try await verify().holds)
    }
}
