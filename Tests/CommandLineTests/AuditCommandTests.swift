import Foundation
import TestSupport
import Testing

struct AuditCommandTests {
    @Test func aWitnessKeepsAHeadAndAuditorsCheckWithIt() async throws {
        let data = try DataDirectory()
        _ = try await data.regrade("reviewer", "add", "kim")
        _ = try await data.regrade("automation", "off")

        let key = try await data.regrade("audit", "head", "--key")
        let note = try await data.regrade("audit", "head", "--note")
        let keyFile = try data.write(key.standardOutput, to: "key.txt")
        let noteFile = try data.write(note.standardOutput, to: "note.txt")
        #expect(key.text.hasPrefix("regrade-audit/default/"), "\(key.text)")
        #expect(note.text.contains("\n2\n"), "the commands end with a checkpoint: \(note.text)")
        let folder = data.beside("exported").path
        let export = try await data.regrade("audit", "export", folder)
        #expect(export.status == 0 && export.text.contains("3 entries"), "\(export.text)")

        let verified = try await RepositoryProgram.run([
            "audit", "verify", folder, "--public-key", keyFile.path, "--checkpoint",
            noteFile.path, "--json",
        ])
        #expect(verified.status == 0, "\(verified.text)")
        let verdict = try jsonLines(verified.standardOutput)[0]
        #expect(verdict["entries"] as? Int == 3 && verdict["kept_checkpoints"] as? Int == 1)
        #expect(verdict["signed_entries"] as? Int == 3)
        let directory = try await data.regrade("audit", "verify", "--checkpoint", noteFile.path)
        #expect(directory.status == 0 && directory.text.contains("agrees"), "\(directory.text)")
        let wrong = try await RepositoryProgram.run([
            "audit", "verify", folder, "--public-key", noteFile.path,
        ])
        #expect(wrong.status == 65 && wrong.messages.contains("NAME+KEYID+BASE64"))
    }

    @Test func theSigningKeyIsReplacedAndAWitnessFollows() async throws {
        let data = try DataDirectory()
        _ = try await data.regrade("reviewer", "add", "kim")
        let key = try await data.regrade("audit", "head", "--key")
        let keyFile = try data.write(key.standardOutput, to: "key.txt")

        let rotated = try await data.regrade("key", "rotate", "signing", "--json")
        #expect(rotated.status == 0, "\(rotated.messages)")
        let report = try jsonLines(rotated.standardOutput)[0]
        #expect(key.text == "\(report["from"] as? String ?? "")\n")
        let head = try await data.regrade("audit", "head", "--key")
        #expect(head.text == "\(report["to"] as? String ?? "")\n")
        let shown = try await data.regrade("audit", "head")
        #expect(shown.text.contains("before"))

        let verified = try await data.regrade(
            "audit", "verify", "--public-key", keyFile.path)
        #expect(verified.status == 0, "\(verified.text)")
        #expect(verified.text.contains("keys: 2 in turn, each signed over to the next"))
        let receipt = try await data.regrade("audit", "prove", "1")
        let receiptFile = try data.write(receipt.standardOutput, to: "receipt.json")
        let checked = try await RepositoryProgram.run([
            "audit", "check-receipt", receiptFile.path, "--public-key", keyFile.path,
        ])
        #expect(checked.status == 0 && checked.text.contains("proven: entry 1"))
    }

    @Test func aReceiptIsCheckedWithThePublicKeyAlone() async throws {
        let data = try DataDirectory()
        let inspected = try await data.regrade("inspect", Fixtures.photo.path, "--json")
        let id = try #require(try jsonLines(inspected.standardOutput)[0]["id"] as? String)
        let key = try await data.regrade("audit", "head", "--key")
        let keyFile = try data.write(key.standardOutput, to: "key.txt")
        let receipt = data.beside("receipt.json")
        let proven = try await data.regrade("audit", "prove", id, "--out", receipt.path)
        #expect(proven.status == 0, "\(proven.text)")

        func check(_ file: URL, _ arguments: String...) async throws -> ProgramOutput {
            try await RepositoryProgram.run(
                ["audit", "check-receipt", file.path, "--public-key", keyFile.path] + arguments)
        }
        let checked = try await check(receipt, "--json")
        #expect(checked.status == 0, "\(checked.text)")
        #expect(try jsonLines(checked.standardOutput)[0]["inspection"] as? String == id)
        let shown = try await check(receipt)
        #expect(shown.text.contains("proven: entry 1 (decision about \(id)"), "\(shown.text)")
        let text = try String(contentsOf: receipt, encoding: .utf8)
        let forged = try data.write(
            Data(text.replacing("\"seq\":1,", with: "\"seq\":2,").utf8), to: "forged.json")
        let refused = try await check(forged)
        #expect(refused.status == 65 && refused.text.contains("NOT valid"), "\(refused.text)")

        let grown = try await data.regrade("audit", "prove", "--from", "1")
        let grownFile = try data.write(grown.standardOutput, to: "grown.json")
        #expect(try await check(grownFile).text.contains("is the beginning of the log of"))
    }

    @Test func entriesAreShown() async throws {
        let data = try DataDirectory()
        _ = try await data.regrade("reviewer", "add", "kim")
        let shown = try await data.regrade("audit", "show")
        #expect(shown.text.contains("reviewer_added  by operator host"), "\(shown.text)")
        let lines = try await data.regrade("audit", "show", "1", "--json")
        #expect(
            try jsonLines(lines.standardOutput).count == 1
                && lines.standardOutput
                    == Data(contentsOf: data.file("audit/00000001.jsonl"))
        )
        #expect(try await data.regrade("audit", "show", "7").status == 66)
        #expect(try await data.regrade("audit", "show", "seven").status == 64)
        #expect(try await data.regrade("audit", "prove").status == 64)
    }
}
