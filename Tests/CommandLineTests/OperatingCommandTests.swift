import Foundation
import TestSupport
import Testing

struct OperatingCommandTests {
    @Test func doctorFindsAHealthyMachine() async throws {
        let data = try DataDirectory()
        _ = try await data.regrade("inspect", Fixtures.photo.path)
        // Some machines preset these, which the doctor rightly complains about.
        let output = try await RunningProgram(
            executable: URL(filePath: "/usr/bin/env"),
            arguments: [
                "-u", "OPENBLAS_CORETYPE", "-u", "OPENBLAS_L2_SIZE",
                RepositoryProgram.executable.path, "doctor", "--json", "--data", data.path,
            ]
        ).output()
        #expect(output.status == 0, "\(output.text)")
        let findings = try #require(
            try jsonLines(output.standardOutput)[0]["findings"] as? [[String: Any]])
        #expect(findings.allSatisfy { $0["ok"] as? Bool == true })
        #expect(findings.contains { ($0["text"] as? String)?.contains("1 inspections") == true })
    }

    @Test func doctorNamesWhatIsWrongAndTheCure() async throws {
        let output = try await RepositoryProgram.run(["doctor", "--model", "none.onnx"])
        #expect(output.status == 78)
        #expect(output.text.contains("there is no model file none.onnx"), "\(output.text)")
    }

    @Test func thePolicyIsCheckedWithLineAndMember() async throws {
        let right = try await RepositoryProgram.run(["policy", "check"])
        #expect(right.status == 0 && right.text.hasPrefix("ok: policy shipped"))
        let folder = try TemporaryFolder()
        let file = try folder.write("schema: regrade.policy/1\ncolour: red\n", to: "policy.yaml")
        let wrong = try await RepositoryProgram.run(["policy", "check", file.path])
        #expect(wrong.status == 78)
        #expect(wrong.text.contains("line 2") && wrong.text.contains("colour"), "\(wrong.text)")
    }

    @Test func automationIsAPilotOnlyWhereItIsOn() async throws {
        let data = try DataDirectory()
        _ = try await data.regrade("automation", "off")
        let on = try await data.regrade(
            "automation", "on", "--category", "phone", "--share", "0.25")
        #expect(on.text.contains("phone") && on.text.contains("25 %"), "\(on.text)")
        let off = try await data.regrade("automation", "off", "--json")
        let switches = try jsonLines(off.standardOutput)
        #expect(switches.count == 1 && switches[0]["share"] as? Double == 0)
        let wrong = try await data.regrade("automation", "on", "--share", "1.5")
        #expect(wrong.status == 64)
        let audit = try data.lines(of: "audit/00000001.jsonl")
        #expect(audit.count == 3)
    }

    @Test func aChangedAuditEntryIsFound() async throws {
        let data = try DataDirectory()
        _ = try await data.batchFixtures()
        let segment = data.file("audit/00000001.jsonl")
        let text = try String(contentsOf: segment, encoding: .utf8)
        var lines = text.split(separator: "\n").map(String.init)
        lines[2] = lines[2].replacing("\"kind\":\"", with: "\"kind\":\"x")
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: segment)
        let folder = try await RepositoryProgram.run(
            ["audit", "verify", segment.deletingLastPathComponent().path, "--json"])
        #expect(folder.status == 65)
        #expect(try jsonLines(folder.standardOutput)[0]["first_bad_entry"] as? Int == 3)
        let directory = try await data.regrade("audit", "verify")
        #expect(directory.status == 65 && directory.text.contains("BROKEN"), "\(directory.text)")
        let nothing = try await RepositoryProgram.run(["audit", "verify", "nowhere"])
        #expect(nothing.status == 66)
    }
}
