import CaseStore
import Foundation
import ReturnsDomain
import TestSupport
import Testing

/// Mutants of what an auditor is handed.
///
/// Beside crashes this looks for mutants that are believed.
@Suite struct AuditFuzzTests {
    let directory = TemporaryDirectory()

    private static let words = [
        "\"hash\":", "\"prev\":", "\"seq\":", "\n", "\\u0000", "\u{2014} ", "9223372036854775808",
        "-1",
        "{}", "[]", "\"", "regrade-audit/",
    ]

    @Test func receiptsAreAnsweredAndNoneIsBelieved() async throws {
        let store = try await CaseStore.open(at: directory.url)
        try await store.record([.fixture(), .fixture()])
        let receipt = Array(try await store.auditReceipt(for: .entry(1)))
        let key = try await store.auditHead().publicKey
        let fuzzing = ParserFuzzing("receipt", seeds: [receipt], words: Self.words)
        try await fuzzing.run { bytes in
            let verdict = try ReceiptCheck.check(bytes, publicKey: key)
            let isTheReceipt = bytes == receipt || bytes == receipt + [0x0A]
            #expect(!verdict.holds || isTheReceipt, "a changed receipt holds")
        }
    }

    @Test func logsAreAnsweredAndNoneIsBelieved() async throws {
        let store = try await CaseStore.open(at: directory.url.appending(path: "data"))
        try await store.addEntries(5)
        let log = try await AuditFolder(
            exporting: store, to: directory.url.appending(path: "audit"))
        for (name, lines) in [("log", log.lines), ("checkpoints", log.checkpoints)] {
            let seed = Array(lines.map { $0 + "\n" }.joined().utf8)
            let file = log.url.appending(
                path: name == "log" ? "00000001.jsonl" : "checkpoints.jsonl")
            try await ParserFuzzing("audit-\(name)", seeds: [seed], words: Self.words).run {
                bytes in
                try Data(bytes).write(to: file)
                let verdict = try await log.verify()
                let isPrefix = bytes.isEmpty || seed.starts(with: bytes) && bytes.last == 0x0A
                #expect(verdict.problem != nil || isPrefix, "a changed \(name) is believed")
            }
            try log.restore()
        }
    }

    @Test func notesAndKeysAreAnsweredWithoutACrash() async throws {
        let store = try await CaseStore.open(at: directory.url.appending(path: "data"))
        try await store.addEntries(2)
        // An export signs a checkpoint first.
        _ = try await store.exportAuditLog(to: directory.url.appending(path: "audit"))
        let head = try await store.auditHead()
        let note = try #require(head.note)
        let fuzzing = ParserFuzzing(
            "note", seeds: [Array(note.utf8), Array(head.publicKey.utf8)],
            words: Self.words, fastCount: 2_000)
        try await fuzzing.run { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            _ = SignedNote(text).flatMap { Checkpoint($0.text) }
            _ = NoteVerifierKey(text)
            _ = CanonicalJSON(parsing: Data(bytes))
        }
    }

    @Test func backupsAreAnsweredAndWhatIsRestoredHolds() async throws {
        let data = directory.url.appending(path: "data")
        let file = directory.url.appending(path: "a.backup")
        do {
            let store = try await CaseStore.open(at: data)
            try await store.addEntries(2)
            _ = try await store.backup(to: file)
        }
        let fuzzing = ParserFuzzing(
            "backup", seeds: [Array(try Data(contentsOf: file))],
            words: ["ustar", "../", "photos/", "0000644"], fastCount: 20)
        try await fuzzing.run { bytes in
            try Data(bytes).write(to: file)
            _ = try await CaseStore.restore(from: file, into: data)
            #expect(try await AuditVerifier.verify(data).problem == nil)
        }
    }
}
