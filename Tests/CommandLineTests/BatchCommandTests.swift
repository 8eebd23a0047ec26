import Foundation
import ReturnsDomain
import TestSupport
import Testing

struct BatchCommandTests {
    @Test func everyOutcomeOccursOnTheFixturesOnceAPersonHasLooked() async throws {
        // Given: what the machine makes of the fixtures. The shipped calibration supports machine
        // decisions of one outcome in one category; see models/damage-v1.md.
        let data = try DataDirectory()
        let output = try await data.batchFixtures("--json")
        #expect(output.status == 0, "\(output.messages)")
        let report = try jsonLines(output.standardOutput)[0]
        let byMachine = try #require(report["outcomes"] as? [String: Int])
        #expect(Set(byMachine.keys) == ["human_review", "retake", "resell"])
        // When: a reviewer follows every recommendation.
        _ = try await data.regrade("reviewer", "add", "kim")
        while true {
            let next = try await data.regrade("review", "next", "--reviewer", "kim", "--json")
            guard next.status == 0 else { break }
            let record = try jsonLines(next.standardOutput)[0]
            let decided = try await data.regrade(
                "review", "decide", try #require(record["task"] as? String),
                try #require(record["recommended"] as? String), "--lease",
                try #require(record["lease"] as? String), "--reviewer", "kim", "--reason",
                "review_agrees")
            #expect(decided.status == 0, "\(decided.messages)")
        }
        // Then: all outcomes are in the record.
        let outcomes = try data.lines(of: "adjudications.jsonl").map { $0["outcome"] as? String }
        #expect(Set(outcomes) == Set(Outcome.allCases.map(\.rawValue)))
    }

    @Test func filesFollowTheDatabaseAndTheChainHolds() async throws {
        let data = try DataDirectory()
        let results = data.beside("results.jsonl")
        let table = data.beside("results.csv")
        let output = try await data.batchFixtures(
            "--out", results.path, "--csv", table.path, "--json")
        let report = try jsonLines(output.standardOutput)[0]
        let itemCount = try #require(report["items"] as? Int)
        let lines = try jsonLines(try Data(contentsOf: results))
        #expect(lines.count == itemCount)
        let documents = try data.lines(of: "adjudications.jsonl")
        #expect(documents.count == lines.count { $0["error"] == nil })
        let opened = try data.lines(of: "review-queue.jsonl")
        #expect(opened.count == documents.count { $0["outcome"] as? String == "human_review" })
        #expect(opened.allSatisfy { $0["event"] as? String == "opened" })
        let rows = try String(contentsOf: table, encoding: .utf8).split(separator: "\n")
        #expect(rows.count == itemCount + 1)
        let verdict = try await data.regrade("audit", "verify")
        #expect(verdict.status == 0)
        #expect(verdict.text.hasPrefix("the chain holds: "))
    }

    @Test func aSecondRunComputesNothingAndWritesTheSameLines() async throws {
        let data = try DataDirectory()
        let (first, second) = (data.beside("1.jsonl"), data.beside("2.jsonl"))
        _ = try await data.batchFixtures("--out", first.path)
        let output = try await data.batchFixtures("--out", second.path, "--json")
        let report = try jsonLines(output.standardOutput)[0]
        #expect(report["resumed"] as? Int == report["items"] as? Int)
        #expect(try Data(contentsOf: first) == Data(contentsOf: second))
    }

    @Test func aKnownPhotoIsNotComputedAgainAndTheDecisionIsMadeAnew() async throws {
        // Given: a photo that one run has assessed.
        let data = try DataDirectory()
        let photo = try Data(contentsOf: Fixtures.photo)
        _ = try data.write(photo, to: "first/a.jpg")
        let folder = data.beside("first").path
        let first = try await data.regrade("batch", folder, "--json")
        #expect(try jsonLines(first.standardOutput)[0]["reused_photos"] as? Int == 0)
        // When: it comes again under other names and with order data that matter.
        _ = try data.write(photo, to: "second/b.jpg")
        let manifest = try data.write(
            Data(
                """
                path,item,category,region,value,currency
                second/b.jpg,cheap,vehicle,US,1000,USD
                second/b.jpg,dear,vehicle,US,99999999,USD

                """.utf8), to: "items.csv")
        func documents(_ name: String, _ arguments: [String]) async throws -> [String] {
            let results = data.beside(name)
            let output = try await RepositoryProgram.run(
                ["batch", "--manifest", manifest.path, "--out", results.path, "--json"]
                    + arguments)
            let report = try jsonLines(output.standardOutput)[0]
            #expect(report["items"] as? Int == 2, "\(output.messages)")
            #expect(report["reused_photos"] as? Int == (arguments.contains("--fresh") ? 0 : 2))
            return try comparableDocuments(results)
        }
        let reused = try await documents("reused.jsonl", ["--data", data.path])
        // Then: nothing is computed, and the documents are those of a computation.
        let elsewhere = data.beside("elsewhere").path
        let computed = try await documents("computed.jsonl", ["--data", elsewhere, "--fresh"])
        #expect(reused == computed)
        #expect(reused[0].contains("high_value_item") == false)
        #expect(reused[1].contains("high_value_item"))
    }

    @Test func aManifestIsCheckedToItsEndBeforeAnythingIsInspected() async throws {
        let data = try DataDirectory()
        let manifest = try data.write(
            Data("path,item\n\(Fixtures.photo.path),A\nb.jpg,B\nc.jpg,A\n".utf8),
            to: "items.csv")
        let output = try await data.regrade("batch", "--manifest", manifest.path)
        #expect(output.status == 65)
        #expect(
            output.messages.contains("manifest line 4: item 'A' appeared before"),
            "\(output.messages)")
        #expect(!FileManager.default.fileExists(atPath: data.file("adjudications.jsonl").path))
    }

    @Test func killedAtAnyMomentItEndsWithTheSameLines() async throws {
        // Given: what an uninterrupted run writes.
        let undisturbed = try DataDirectory()
        let expected = undisturbed.beside("results.jsonl")
        let start = ContinuousClock.now
        _ = try await undisturbed.batchFixtures("--out", expected.path)
        let duration = start.duration(to: .now)
        // When: it is killed at several moments, on the same data directory, and then let run.
        let data = try DataDirectory()
        let results = data.beside("results.jsonl")
        let arguments = [
            "batch", "--manifest", Fixtures.manifest.path, "--data", data.path, "--out",
            results.path, "--workers", "1",
        ]
        for share in [0.2, 0.4, 0.5, 0.6, 0.8] {
            let program = try RepositoryProgram.start(arguments)
            try await Task.sleep(for: duration * share)
            program.kill()
            _ = try await program.output()
        }
        let output = try await RepositoryProgram.run(arguments)
        // Then: nothing is lost or doubled.
        #expect(output.status == 0, "\(output.messages)")
        #expect(try comparableDocuments(results) == comparableDocuments(expected))
        let documents = try data.lines(of: "adjudications.jsonl")
        #expect(Set(documents.compactMap { $0["id"] as? String }).count == documents.count)
        #expect(
            documents.count
                == (try jsonLines(try Data(contentsOf: results))).count { $0["error"] == nil })
        let verdict = try await data.regrade("audit", "verify")
        #expect(verdict.text.hasPrefix("the chain holds: "), "\(verdict.text)")
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func interruptedItRecordsWhatWasInspectedAndSaysTryAgain(signal: Int32) async throws {
        // Enough links to one photo, each computed anew, that the batch is at work when the signal
        // comes.
        let data = try DataDirectory()
        let photo = try data.write(try Data(contentsOf: Fixtures.photo), to: "photos/0.jpg")
        for number in 1..<3000 {
            try FileManager.default.linkItem(
                at: photo, to: data.beside("photos/\(number).jpg"))
        }
        let program = try RepositoryProgram.start([
            "batch", data.beside("photos").path, "--data", data.path, "--workers", "1",
            "--no-keep-photos", "--fresh",
        ])
        while (try? data.lines(of: "adjudications.jsonl").count) ?? 0 == 0 {
            try await Task.sleep(for: .milliseconds(5))
        }
        _ = kill(program.identifier, signal)
        let output = try await program.output()
        #expect(output.status == 75)
        #expect(output.messages.contains("run the same command again"), "\(output.messages)")
        let recordedCount = try data.lines(of: "adjudications.jsonl").count
        #expect((1..<3000).contains(recordedCount))
        let verdict = try await data.regrade("audit", "verify", "--json")
        #expect(
            try jsonLines(verdict.standardOutput)[0]["documents"] as? Int == recordedCount)
    }

    @Test func reportsUnreadableFilesAndFailsOnlyWithoutAnyReadableOne() async throws {
        let data = try DataDirectory()
        let folder = try data.write(Data("GIF89a".utf8), to: "photos/a.gif")
            .deletingLastPathComponent()
        _ = try data.write(Data(), to: "photos/empty.jpg")
        _ = try data.write(Data("notes".utf8), to: "photos/notes.txt")
        let none = try await data.regrade("batch", folder.path, "--json")
        #expect(none.status == 65, "\(none.messages)")
        _ = try data.write(try Data(contentsOf: Fixtures.photo), to: "photos/sub/good.jpg")
        let some = try await data.regrade("batch", folder.path, "--json")
        #expect(some.status == 0, "\(some.messages)")
        let report = try jsonLines(some.standardOutput)[0]
        #expect(report["items"] as? Int == 3)
        #expect((report["unreadable"] as? [String: Int])?.values.reduce(0, +) == 2)
    }

    @Test func aFolderCanBeOneItem() async throws {
        let data = try DataDirectory()
        let photo = try Data(contentsOf: Fixtures.photo)
        for name in ["x/1.jpg", "x/2.jpg", "y/1.jpg", "top.jpg"] {
            _ = try data.write(photo, to: "photos/\(name)")
        }
        let results = data.beside("results.jsonl")
        let output = try await data.regrade(
            "batch", data.beside("photos").path, "--group-by", "folder", "--out", results.path)
        #expect(output.status == 0, "\(output.messages)")
        let lines = try jsonLines(try Data(contentsOf: results))
        let paths = lines.map { ($0["paths"] as? [String]) ?? [($0["path"] as? String) ?? ""] }
        #expect(paths == [["top.jpg"], ["x/1.jpg", "x/2.jpg"], ["y/1.jpg"]])
    }

    @Test func automationOffSendsEverythingToPeople() async throws {
        let data = try DataDirectory()
        let switched = try await data.regrade("automation", "off", "--json")
        #expect(switched.status == 0, "\(switched.messages)")
        let output = try await data.batchFixtures("--json")
        let outcomes = try #require(
            try jsonLines(output.standardOutput)[0]["outcomes"] as? [String: Int])
        #expect(Set(outcomes.keys).isSubset(of: ["human_review", "retake"]))
        let document = try #require(
            try data.lines(of: "adjudications.jsonl").first {
                $0["outcome"] as? String == "human_review"
            })
        let reasons = try #require(document["reasons"] as? [[String: Any]])
        #expect(reasons.contains { $0["code"] as? String == "automation_off" })
    }
}
