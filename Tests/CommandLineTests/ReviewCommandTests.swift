import Foundation
import ReturnsDomain
import TestSupport
import Testing

struct ReviewCommandTests {
    /// A data directory with two open tasks and a reviewer.
    private func queue() async throws -> DataDirectory {
        let data = try DataDirectory()
        _ = try await data.regrade("automation", "off")
        for value in ["1000", "900000"] {
            let output = try await data.regrade(
                "inspect", Fixtures.photo.path, "--value", value, "--currency", "EUR",
                "--category", "box", "--region", "DE")
            #expect(output.status == 0, "\(output.messages)")
        }
        let added = try await data.regrade("reviewer", "add", "kim")
        #expect(added.status == 0, "\(added.messages)")
        return data
    }

    private func next(_ data: DataDirectory) async throws -> [String: Any] {
        let output = try await data.regrade("review", "next", "--reviewer", "kim", "--json")
        #expect(output.status == 0, "\(output.messages)")
        return try jsonLines(output.standardOutput)[0]
    }

    @Test func theMostValuableUncertainCaseComesFirst() async throws {
        let data = try await queue()
        let record = try await next(data)
        let document = try #require(record["adjudication"] as? [String: Any])
        let value = try #require(document["value"] as? [String: Any])
        #expect(value["minor_units"] as? Int == 900_000)
        for member in [
            "task", "lease", "expires_at", "inspection", "recommended", "confidence",
            "prediction_set", "reasons", "policy_rule", "suggested_reply",
        ] {
            #expect(record[member] != nil, "\(member) is missing")
        }
    }

    @Test func aDecisionIsRecordedAuditedAndLeavesTheQueue() async throws {
        let data = try await queue()
        let record = try await next(data)
        let task = try #require(record["task"] as? String)
        let lease = try #require(record["lease"] as? String)
        let decided = try await data.regrade(
            "review", "decide", task, "refurbish", "--lease", lease, "--reviewer", "kim",
            "--reason", "review_damage_missed", "--comment", "seam is open", "--json")
        #expect(decided.status == 0, "\(decided.messages)")
        let document = try JSONDecoder().decode(Adjudication.self, from: decided.standardOutput)
        #expect(document.decidedBy == .reviewer)
        #expect(document.decision.outcome == .refurbish)
        #expect(document.decision.reasons.contains { $0.code == .reviewDamageMissed })
        let list = try await data.regrade("review", "list", "--json")
        #expect(try jsonLines(list.standardOutput).count == 1)
        let events = try data.lines(of: "review-queue.jsonl").compactMap { $0["event"] as? String }
        #expect(events == ["opened", "opened", "leased", "decided"])
        let audit = try String(contentsOf: data.file("audit/00000001.jsonl"), encoding: .utf8)
        #expect(audit.contains("rvw_") && !audit.contains("kim") && !audit.contains("seam"))
        let verdict = try await data.regrade("audit", "verify")
        #expect(verdict.status == 0, "\(verdict.text)")
    }

    @Test func aPersonSeesTheKeptPhotosAndTheLogSaysWho() async throws {
        let data = try await queue()
        let record = try await next(data)
        let task = try #require(record["task"] as? String)
        let folder = data.beside("photos")
        let shown = try await data.regrade(
            "review", "show", task, "--photos", folder.path, "--reviewer", "kim")
        #expect(shown.status == 0, "\(shown.messages)")
        let file = folder.appending(path: "0-other.jpg")
        let bytes = try Data(contentsOf: file)
        #expect(bytes.starts(with: [0xFF, 0xD8]))
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        let entries = try data.lines(of: "audit/00000001.jsonl")
        let view = try #require(entries.last)
        #expect(view["kind"] as? String == "photo_view")
        #expect(((view["actor"] as? [String: Any])?["id"] as? String)?.hasPrefix("rvw_") == true)
    }

    @Test func aStaleLeaseIsRefused() async throws {
        let data = try await queue()
        let record = try await next(data)
        let task = try #require(record["task"] as? String)
        let lease = try #require(record["lease"] as? String)
        let released = try await data.regrade("review", "release", task, "--lease", lease)
        #expect(released.status == 0, "\(released.messages)")
        let late = try await data.regrade(
            "review", "decide", task, "resell", "--lease", lease, "--reviewer", "kim",
            "--reason", "review_agrees")
        #expect(late.status == 75)
        #expect(late.messages.contains("lease_lost"), "\(late.messages)")
    }

    @Test func anEmptyQueueSaysTryAgain() async throws {
        let data = try await queue()
        _ = try await next(data)
        _ = try await next(data)
        let empty = try await data.regrade("review", "next", "--reviewer", "kim")
        #expect(empty.status == 75)
        #expect(empty.messages.contains("queue_empty"))
    }

    @Test func mistakesAreNamed() async throws {
        let data = try await queue()
        let task = "rev_" + String(repeating: "0", count: 26)
        let lease = "lease_" + String(repeating: "0", count: 26)
        let cases: [(arguments: [String], status: Int32, message: String)] = [
            (["next", "--reviewer", "nobody"], 64, "there is no reviewer 'nobody'"),
            (["show", "insp_1"], 64, "is no id that starts with rev_"),
            (["show", task], 66, "there is no review task"),
            (
                [
                    "decide", task, "keep", "--lease", lease, "--reviewer", "kim", "--reason",
                    "review_agrees",
                ], 64, "'keep' is no decision"
            ),
            (
                [
                    "decide", task, "resell", "--lease", lease, "--reviewer", "kim", "--reason",
                    "because",
                ], 64, "'because' is no reviewer's reason"
            ),
        ]
        for (arguments, status, message) in cases {
            let output = try await RepositoryProgram.run(
                ["review"] + arguments + ["--data", data.path])
            #expect(output.status == status, "\(arguments): \(output.messages)")
            #expect(output.messages.contains(message), "\(arguments): \(output.messages)")
        }
    }

    @Test func aFolderThatIsNoDataDirectoryIsNotMadeByReading() async throws {
        let data = try DataDirectory()
        let output = try await data.regrade("review", "list")
        #expect(output.status == 66)
        #expect(!FileManager.default.fileExists(atPath: data.path))
    }
}
