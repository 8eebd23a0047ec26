import Foundation
import HTTPService
import ReturnsDomain
import TestSupport
import Testing

/// `regrade review --server`: the same commands on a queue elsewhere, over a socket.
struct RemoteReviewTests {
    @Test func elsewhereEverythingLooksAsItDoesHere() async throws {
        let data = try await DataDirectory.withQueue(3)
        let served = try await ServedQueue(data)
        for arguments in [["list"], ["list", "--json"], ["list", "--limit", "1"]] {
            let here = try await RepositoryProgram.run(
                ["review"] + arguments + ["--data", data.path])
            let there = try await RepositoryProgram.run(["review"] + arguments + served.flags)
            #expect(there.status == 0, "\(there.messages)")
            #expect(there.text == here.text, "\(arguments)")
        }
        let leased = try await served.regrade("review", "next", "--reviewer", "kim", "--json")
        #expect(leased.status == 0, "\(leased.messages)")
        let record = try jsonLines(leased.standardOutput)[0]
        let task = try #require(record["task"] as? String)
        let lease = try #require(record["lease"] as? String)
        for flags in [[], ["--json"]] {
            let show = ["review", "show", task] + flags
            let here = try await RepositoryProgram.run(show + ["--data", data.path])
            let there = try await RepositoryProgram.run(show + served.flags)
            #expect(there.text == here.text)
        }
        let folder = data.beside("photos")
        let shown = try await served.regrade(
            "review", "show", task, "--photos", folder.path, "--reviewer", "kim")
        #expect(shown.status == 0, "\(shown.messages)")
        let photo = try Data(contentsOf: folder.appending(path: "0-other.jpg"))
        #expect(photo.starts(with: [0xFF, 0xD8]))
        let view = try #require(try data.lines(of: "audit/00000001.jsonl").last)
        #expect(view["kind"] as? String == "photo_view")
        #expect(((view["actor"] as? [String: Any])?["id"] as? String)?.hasPrefix("rvw_") == true)

        let decided = try await served.regrade(
            "review", "decide", task, "refurbish", "--lease", lease, "--reviewer", "kim",
            "--reason", "review_damage_missed", "--comment", "seam is open", "--json")
        #expect(decided.status == 0, "\(decided.messages)")
        let document = try JSONDecoder().decode(Adjudication.self, from: decided.standardOutput)
        #expect(document.decidedBy == .reviewer && document.decision.outcome == .refurbish)
        let second = try await served.regrade("review", "next", "--reviewer", "kim", "--json")
        let other = try jsonLines(second.standardOutput)[0]
        let released = try await served.regrade(
            "review", "release", try #require(other["task"] as? String), "--lease",
            try #require(other["lease"] as? String))
        #expect(released.status == 0, "\(released.messages)")
        try await served.stop()
        let verdict = try await data.regrade("audit", "verify")
        #expect(verdict.status == 0, "\(verdict.text)")
    }

    @Test func refusalsHaveTheCodesAndExitCodesOfTheMachineItself() async throws {
        let data = try await DataDirectory.withQueue(1)
        let served = try await ServedQueue(data)
        let task = "rev_" + String(repeating: "0", count: 26)
        let lease = "lease_" + String(repeating: "0", count: 26)
        let decide = [
            "decide", task, "resell", "--lease", lease, "--reviewer", "kim", "--reason",
            "review_agrees",
        ]
        let leased = try await data.regrade("review", "next", "--reviewer", "kim", "--json")
        let held = try #require(try jsonLines(leased.standardOutput)[0]["task"] as? String)
        let cases: [(arguments: [String], status: Int32, code: String)] = [
            (["next", "--reviewer", "nobody"], 64, "reviewer_unknown"),
            (["next", "--reviewer", "kim"], 75, "queue_empty"),
            (["show", task], 66, "task_not_found"),
            (decide, 66, "task_not_found"),
            (["release", held, "--lease", lease], 75, "lease_lost"),
            (decide + ["--policy", "x"], 64, "policy_elsewhere"),
            (["list", "--data", data.path], 64, "two_queues"),
        ]
        for (arguments, status, code) in cases {
            let output = try await RepositoryProgram.run(["review"] + arguments + served.flags)
            #expect(output.status == status, "\(arguments): \(output.messages)")
            #expect(output.messages.contains("[\(code)]"), "\(arguments): \(output.messages)")
        }
        try await served.stop()
        let gone = try await served.regrade("review", "list")
        #expect(gone.status == 69 && gone.messages.contains("server_unreachable"))
    }

    @Test func theKeyIsKeptAndSentWithCare() async throws {
        let data = try await DataDirectory.withQueue(1)
        let served = try await ServedQueue(data, scope: "submit")
        let closed = try await served.regrade("review", "list")
        #expect(closed.status == 78 && closed.messages.contains("scope_missing"))
        let other = try data.write(Data("key_01M7Y9FMFBEV8NWB3NGN9WC0ZB.x\n".utf8), to: "other")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: other.path)
        func list(_ url: String, _ file: URL) async throws -> ProgramOutput {
            try await RepositoryProgram.run([
                "review", "list", "--server", url, "--key-file", file.path,
            ])
        }
        let refused = try await list(served.url, other)
        #expect(refused.status == 78 && refused.messages.contains("not_signed_in"))
        #expect(!refused.messages.contains("key_01M7Y9"), "a key is not printed")
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: other.path)
        let exposed = try await list(served.url, other)
        #expect(exposed.status == 78 && exposed.messages.contains("key_file_exposed"))
        #expect(try await list("http://192.0.2.1:1", served.keyFile).status == 64)
        #expect(try await list("ftp://localhost", served.keyFile).status == 64)
        #expect(try await list(served.url, data.beside("none")).status == 66)
        let keyless = try await RepositoryProgram.run(["review", "list", "--server", served.url])
        #expect(keyless.status == 64)
        try await served.stop()
    }

    @Test func aSessionWorksThroughAQueueElsewhere() async throws {
        let data = try await DataDirectory.withQueue(2)
        let served = try await ServedQueue(data)
        let terminal = try PseudoTerminal(
            RepositoryProgram.executable, ["review", "--reviewer", "kim"] + served.flags,
            environment: [
                "TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "", "TMUX": "",
                "STY": "",
            ])
        try await terminal.wait(for: "A-1 ")
        try await terminal.wait(for: "▀▀▀▀▀▀")
        terminal.type("h")
        try await terminal.wait(for: "· heat map")
        terminal.type("t")
        try await terminal.wait(for: "because …")
        terminal.type("p")
        try await terminal.wait(for: "recorded: retake for A-1")
        try await terminal.wait(for: "A-2 ")
        terminal.type("u")
        try await terminal.wait(for: "undone: A-1 is open again")
        terminal.type("f3")
        try await terminal.wait(for: "recorded: refurbish for A-1")
        terminal.type("q")
        try await terminal.wait(for: "1 decided, 1 undone")
        #expect(await terminal.status() == 0)
        try await served.stop()
        let words = try data.lines(of: "review-queue.jsonl").compactMap { $0["event"] as? String }
        #expect(words.count { $0 == "decided" } == 2 && words.last == "released")
        let verdict = try await data.regrade("audit", "verify")
        #expect(verdict.status == 0, "\(verdict.text)")
    }

    @Test(arguments: [
        (status: 503, retryAfter: 5, tryCount: 1, isRepeatable: false, seconds: 5.0),
        (status: 429, retryAfter: 600, tryCount: 2, isRepeatable: false, seconds: 10.0),
        (status: 500, retryAfter: nil, tryCount: 1, isRepeatable: true, seconds: 0.5),
        (status: 502, retryAfter: nil, tryCount: 2, isRepeatable: true, seconds: 1.0),
        (status: 500, retryAfter: nil, tryCount: 1, isRepeatable: false, seconds: nil),
        (status: 503, retryAfter: 5, tryCount: 3, isRepeatable: true, seconds: nil),
        (status: 409, retryAfter: 2, tryCount: 1, isRepeatable: true, seconds: nil),
    ])
    func onlyWhatMayBeDoneTwiceIsSentTwice(
        status: Int, retryAfter: Int?, tryCount: Int, isRepeatable: Bool, seconds: Double?
    ) {
        let pause = RetryPlan.pause(
            after: status, retryAfter: retryAfter, tryCount: tryCount, isRepeatable: isRepeatable)
        #expect(pause == seconds.map { .milliseconds(Int($0 * 1000)) })
    }
}
