import CaseStore
import Foundation
import ReturnsDomain
import Testing

/// Reliability test T12: what someone can do to an exported log of 1,000 entries, and who sees it.
@Suite struct TamperTests {
    let directory = TemporaryDirectory()

    private func exported(entryCount: Int) async throws -> AuditFolder {
        let store = try await CaseStore.open(at: directory.url)
        for group in stride(from: 0, to: entryCount - 1, by: 250) {
            try await store.record(
                (group..<min(group + 250, entryCount - 1)).map { index in
                    .fixture(outcome: index.isMultiple(of: 2) ? .resell : .refurbish)
                })
        }
        // The last entry is the one that says that the log was exported.
        return try await AuditFolder(exporting: store, to: directory.appending("exported"))
    }

    @Test func wholeLinesThatMoveAreNamed() async throws {
        let folder = try await exported(entryCount: 1000)
        let lines = folder.lines
        #expect(try await folder.verify().holds)
        #expect(lines.count == 1000)
        for index in [0, 1, 499, 998] {
            var deleted = lines
            deleted.remove(at: index)
            var swapped = lines
            swapped.swapAt(index, index + 1)
            var doubled = lines
            doubled.insert(lines[index], at: index + 1)
            var inserted = lines
            inserted.insert(lines[(index + 300) % 1000], at: index)
            let cases: [([String], AuditProblem.Kind, Int)] = [
                (deleted, .outOfSequence(found: Int64(index + 2)), index + 1),
                (swapped, .outOfSequence(found: Int64(index + 2)), index + 1),
                (doubled, .outOfSequence(found: Int64(index + 1)), index + 2),
                (inserted, .outOfSequence(found: Int64((index + 300) % 1000 + 1)), index + 1),
            ]
            for (lines, kind, seq) in cases {
                try folder.write(lines: lines)
                let problem = try await folder.verify().problem
                #expect(problem == AuditProblem(kind, seq: Int64(seq), file: "00000001.jsonl"))
            }
        }
    }

    /// The tail goes, and with it every checkpoint over it: only an outsider's checkpoint tells.
    @Test func aCutTailIsSeenByAWitnessOnly() async throws {
        let folder = try await exported(entryCount: 1000)
        let witness = AuditWitness(checkpoints: [try #require(folder.checkpoints.last)])
        #expect(try await folder.verify(witness).holds)

        try folder.write(lines: Array(folder.lines.prefix(900)))
        let signed = try await folder.verify().problem
        #expect(
            signed
                == AuditProblem(
                    .checkpointBeyondLog(size: 1000), seq: Int64(folder.checkpoints.count),
                    file: "checkpoints.jsonl"))

        try folder.write(lines: Array(folder.lines.prefix(900)), checkpoints: [])
        let alone = try await folder.verify()
        #expect(alone.holds && alone.entryCount == 900, "nothing inside shows it")
        let problem = try await folder.verify(witness).problem
        #expect(problem == AuditProblem(.witnessBeyondLog, seq: 1000, file: nil))
        // A noted head shows it to the eye.
        #expect(try await folder.verify().head?.seq == 900)
    }

    /// Every hash is computed anew; the checkpoints stay, because the key is not at hand.
    @Test func aRewrittenLogWithoutTheKeyIsSeenByItsCheckpoints() async throws {
        let folder = try await exported(entryCount: 1000)
        let rewritten = try folder.rewritten(
            line: 700, replacing: "\"outcome\":\"resell\"", with: "\"outcome\":\"reject\"")
        #expect(rewritten[700] != folder.lines[700] && rewritten[999] != folder.lines[999])
        try folder.write(lines: rewritten)

        let problem = try await folder.verify().problem

        guard case .checkpointRootDiffers(let size, _)? = problem?.kind else {
            Issue.record("found \(String(describing: problem))")
            return
        }
        #expect(size > 700 && problem?.file == "checkpoints.jsonl")
    }

    /// Every hash is computed anew and signed with another key: the log looks right by itself.
    @Test func aRewrittenLogWithAnotherKeyIsSeenByAWitnessOnly() async throws {
        let folder = try await exported(entryCount: 1000)
        let checkpoint = try #require(folder.checkpoints.last)
        let rewritten = try folder.rewritten(
            line: 700, replacing: "\"outcome\":\"resell\"", with: "\"outcome\":\"reject\"")
        let thief = try NoteSigner(name: "regrade-audit/default/0123", secret: Data(0..<32))
        try folder.write(
            lines: rewritten,
            checkpoints: [try AuditFolder.checkpoint(over: rewritten, by: thief)],
            publicKey: "\(thief.key)\n")

        #expect(try await folder.verify().holds, "nothing inside shows it")
        let byCheckpoint = try await folder.verify(AuditWitness(checkpoints: [checkpoint]))
        #expect(byCheckpoint.problem?.kind == .witnessNotSigned)
        let byKey = try await folder.verify(AuditWitness(publicKey: folder.publicKey))
        #expect(byKey.problem?.kind == .checkpointMalformed)
        // Without the thief's checkpoints the log is a chain that nobody signed.
        try folder.write(lines: rewritten, checkpoints: [], publicKey: folder.publicKey)
        let unsigned = try await folder.verify()
        #expect(unsigned.holds && unsigned.signedEntryCount == 0)
        let byBoth = try await folder.verify(
            AuditWitness(publicKey: folder.publicKey, checkpoints: [checkpoint]))
        #expect(byBoth.problem == AuditProblem(.witnessRootDiffers, seq: 1000, file: nil))
    }

    /// An entry that was changed with its own hash, and with nothing after it.
    @Test func anEntryMustContinueTheOneBefore() async throws {
        let folder = try await exported(entryCount: 10)
        let rewritten = try folder.rewritten(
            line: 4, replacing: "\"outcome\":\"resell\"", with: "\"outcome\":\"reject\"")
        var lines = folder.lines
        lines[4] = rewritten[4]
        #expect(lines[4] != folder.lines[4])
        try folder.write(lines: lines)
        let problem = try #require(try await folder.verify().problem)
        #expect(problem.kind == .previousHashDiffers && problem.seq == 6)
    }

    /// A checkpoint that is right in all but its signature.
    @Test func aCheckpointMustBeSignedByTheLogsKey() async throws {
        let folder = try await exported(entryCount: 10)
        let forged = try AuditFolder.checkpoint(over: folder.lines, by: try thief(of: folder))
        try folder.write(checkpoints: [forged])
        #expect(try await folder.verify().problem?.kind == .checkpointNotSigned)
    }

    /// Signs in the name of a log, with a key that is not the log's.
    private func thief(of folder: AuditFolder) throws -> NoteSigner {
        let name = try #require(folder.publicKey.split(separator: "+").first)
        return try NoteSigner(name: String(name), secret: Data(0..<32))
    }

    /// Somebody hands an auditor a checkpoint in the log's name, to have it blamed or believed.
    @Test func aWitnessInTheLogsNameMustBeSignedByItsKey() async throws {
        let folder = try await exported(entryCount: 10)
        let forged = try AuditFolder.checkpoint(over: folder.lines, by: try thief(of: folder))
        let verdict = try await folder.verify(AuditWitness(checkpoints: [forged]))
        #expect(verdict.problem == AuditProblem(.witnessNotSigned, seq: 10, file: nil))
    }

    /// Whoever holds the signing key too can rewrite everything, but not what a witness keeps.
    @Test func aRewrittenLogWithTheSameKeyIsSeenByAWitnessOnly() async throws {
        let folder = try await exported(entryCount: 1000)
        let checkpoint = try #require(folder.checkpoints.last)
        let rewritten = try folder.rewritten(
            line: 0, replacing: "\"outcome\":\"resell\"", with: "\"outcome\":\"reject\"")
        try folder.write(
            lines: rewritten,
            checkpoints: [
                try AuditFolder.checkpoint(over: rewritten, by: try owner(of: folder))
            ])

        let alone = try await folder.verify(AuditWitness(publicKey: folder.publicKey))
        #expect(alone.holds && alone.signedEntryCount == 1000, "nothing inside shows it")
        let problem = try await folder.verify(
            AuditWitness(publicKey: folder.publicKey, checkpoints: [checkpoint])
        ).problem
        #expect(problem == AuditProblem(.witnessRootDiffers, seq: 1000, file: nil))
    }

    /// The signer that the data directory's key file makes.
    private func owner(of folder: AuditFolder) throws -> NoteSigner {
        let file = String(
            decoding: try Data(contentsOf: directory.appending("keys/signing.key")),
            as: UTF8.self)
        let secret = try #require(
            file.split(whereSeparator: \.isWhitespace).last.flatMap {
                Data(base64Encoded: String($0))
            })
        let name = try #require(folder.publicKey.split(separator: "+").first)
        return try NoteSigner(name: String(name), secret: secret)
    }

    @Test func checkpointsThatMoveAreNamed() async throws {
        var options = ExportOptions()
        options.checkpointEntryCount = 2
        let store = try await CaseStore.open(at: directory.url, export: options)
        for index in 0..<8 {
            try await store.addEntries(1, named: "entry-\(index)")
            try await store.export()
        }
        let folder = try await AuditFolder(exporting: store, to: directory.appending("exported"))
        let whole = folder.checkpoints
        #expect(whole.count == 5)
        var swapped = whole
        swapped.swapAt(1, 2)
        let cases: [([String], AuditProblem.Kind, Int64)] = [
            (Array(whole.dropFirst()), .checkpointOutOfSequence(found: 2), 1),
            (swapped, .checkpointOutOfSequence(found: 3), 2),
            ([whole[0], whole[0]], .checkpointOutOfSequence(found: 1), 2),
            ([whole[0], "{}"], .checkpointMalformed, 2),
            (
                [whole[0].replacing("\"seq\":1", with: "\"seq\":2")],
                .checkpointOutOfSequence(found: 2), 1
            ),
            (
                [
                    whole[1].replacing("\"seq\":2", with: "\"seq\":1"),
                    whole[0].replacing("\"seq\":1", with: "\"seq\":2"),
                ],
                .checkpointNotLarger(size: 2), 2
            ),
        ]
        for (checkpoints, kind, seq) in cases {
            try folder.write(checkpoints: checkpoints)
            let problem = try await folder.verify().problem
            #expect(problem == AuditProblem(kind, seq: seq, file: "checkpoints.jsonl"))
        }
    }

    @Test(arguments: ["", "no key", "a+00000000+AQ=="])
    func whatIsNoWitnessIsRefused(text: String) async throws {
        let folder = try await exported(entryCount: 2)
        await #expect(throws: CaseStoreError.witnessUnreadable(.publicKey)) {
            try await folder.verify(AuditWitness(publicKey: text))
        }
        await #expect(throws: CaseStoreError.witnessUnreadable(.checkpoint)) {
            try await folder.verify(AuditWitness(checkpoints: [text]))
        }
    }
}
