import Foundation
import TestSupport
import Testing

struct BatchReportTests {
    @Test func thePageHoldsEverythingAndEscapesHostileNames() async throws {
        // Given: a photo whose name is an attack, and a file that is none.
        let data = try DataDirectory()
        let photo = try Data(contentsOf: Fixtures.photo)
        let hostile = "<img src=x onerror=alert(1)>&\"'.jpg"
        _ = try data.write(photo, to: "photos/\(hostile)")
        _ = try data.write(Data("GIF89a".utf8), to: "photos/<script>alert(2)<.gif")
        let page = data.beside("report.html")
        // When
        let output = try await data.regrade(
            "batch", data.beside("photos").path, "--report", page.path, "--json")
        // Then
        #expect(output.status == 0, "\(output.messages)")
        let html = try String(contentsOf: page, encoding: .utf8)
        #expect(html.contains("&lt;img src=x onerror=alert(1)&gt;&amp;&quot;&#39;.jpg"))
        #expect(html.contains("&lt;script&gt;alert(2)&lt;.gif"))
        #expect(html.contains("unsupported_format"))
        #expect(!html.contains("<img src=x") && !html.contains("<script"))
        // Two thumbnails, photo and heat map, in each of two groups.
        #expect(html.components(separatedBy: "src=\"data:image/jpeg;base64,").count == 5)
        for address in ["http:", "https:", "//cdn", "url(", "@import", " style="] {
            #expect(!html.contains(address), "\(address)")
        }
        #expect(html.contains("Content-Security-Policy"))
    }
}

struct CompareTests {
    @Test func flipsBetweenTwoPoliciesAreListedTheSameWayEachTime() async throws {
        // Given: a run, and a second one under a policy that asks a person sooner.
        let data = try DataDirectory()
        let results = data.beside("first.jsonl")
        let first = try await data.batchFixtures("--out", results.path, "--json")
        let run = try #require(try jsonLines(first.standardOutput)[0]["run"] as? String)
        let shipped = Repository.root.appending(
            path: "Sources/Workflow/Policy/shipped-policy.yaml")
        let text = try String(contentsOf: shipped, encoding: .utf8)
        let policy = try data.write(Data((text + "\n# another\n").utf8), to: "policy.yaml")
        _ = try await data.regrade("automation", "off")
        func comparison(_ earlier: String) async throws -> [String: Any] {
            let output = try await data.batchFixtures(
                "--policy", policy.path, "--compare", earlier, "--flips",
                data.beside("flips.jsonl").path, "--json")
            #expect(output.status == 0, "\(output.messages)")
            return try #require(
                try jsonLines(output.standardOutput)[0]["comparison"] as? [String: Any])
        }
        // When: it is compared with the recorded run, and with its results as a file.
        var recorded = try await comparison(run)
        var file = try await comparison(results.path)
        // Then: with automation off nothing ends by machine, and both say the same.
        let flips = try #require(recorded["flips"] as? [[String: Any]])
        #expect(!flips.isEmpty)
        #expect(recorded["flipped"] as? Int == flips.count)
        #expect(
            flips.allSatisfy {
                ($0["before"] as? [String: Any])?["outcome"] as? String == "resell"
                    && ($0["after"] as? [String: Any])?["outcome"] as? String == "human_review"
            })
        #expect(recorded["vanished"] as? Int == 0 && recorded["appeared"] as? Int == 0)
        #expect(
            try jsonLines(try Data(contentsOf: data.beside("flips.jsonl"))).count == flips.count)
        let table = try #require(recorded["confusion"] as? [String: [String: Int]])
        #expect(table["resell"] == ["human_review": flips.count])
        #expect(table["unreadable"]?.keys.contains("unreadable") == true)
        recorded["before"] = nil
        file["before"] = nil
        #expect(NSDictionary(dictionary: recorded) == NSDictionary(dictionary: file))
    }

    @Test func whatIsNoRunAndNoFileIsMissing() async throws {
        let data = try DataDirectory()
        _ = try data.write(try Data(contentsOf: Fixtures.photo), to: "photos/a.jpg")
        let folder = data.beside("photos").path
        let output = try await data.regrade("batch", folder, "--compare", "nowhere.jsonl")
        #expect(output.status == 66, "\(output.messages)")
        let wrong = try data.write(Data("{\"path\":\"b\"}\n".utf8), to: "wrong.jsonl")
        let invalid = try await data.regrade("batch", folder, "--compare", wrong.path)
        #expect(invalid.status == 65, "\(invalid.messages)")
    }
}

struct ReportCommandTests {
    @Test func theSameRecordGivesTheSameBytes() async throws {
        // Given: a record with a decision by a person.
        let data = try DataDirectory()
        _ = try await data.batchFixtures("--json")
        _ = try await data.regrade("reviewer", "add", "kim")
        let next = try await data.regrade("review", "next", "--reviewer", "kim", "--json")
        let task = try jsonLines(next.standardOutput)[0]
        _ = try await data.regrade(
            "review", "decide", try #require(task["task"] as? String),
            try #require(task["recommended"] as? String), "--lease",
            try #require(task["lease"] as? String), "--reviewer", "kim", "--reason",
            "review_agrees")
        let (one, two) = (data.beside("1.html"), data.beside("2.html"))
        // When
        let first = try await data.regrade("report", "--since", "30d", "--html", one.path, "--json")
        let second = try await data.regrade(
            "report", "--since", "30d", "--html", two.path, "--json")
        let text = try await data.regrade("report")
        // Then
        #expect(first.status == 0, "\(first.messages)")
        #expect(first.standardOutput == second.standardOutput)
        #expect(try Data(contentsOf: one) == Data(contentsOf: two))
        let report = try jsonLines(first.standardOutput)[0]
        #expect(report["schema"] as? String == "regrade.report/1")
        let sections = try #require(report["sections"] as? [[String: Any]])
        let figures = sections.flatMap { $0["figures"] as? [[String: Any]] ?? [] }
        func value(_ key: String) -> Double? {
            figures.first { $0["key"] as? String == key }?["value"] as? Double
        }
        // Seventeen fixtures are readable; the machine closes one and a person another.
        #expect(value("cases") == 17)
        #expect(value("closed") == 2)
        #expect(value("stp") == 0.5)
        #expect(value("override") == 0)
        #expect(text.text.contains("Containment rate"))
        #expect(text.text.contains("– no cost parameters"))
    }

    @Test(arguments: [
        (["--since", "yesterday"], "--since is 'yesterday'"),
        (["--until", "2026-13-01"], "--until is '2026-13-01'"),
        (["--costs", "nowhere.json"], "there is no file nowhere.json"),
    ])
    func wrongArgumentsAreNamed(arguments: [String], sentence: String) async throws {
        let data = try DataDirectory()
        let output = try await RepositoryProgram.run(
            ["report", "--data", data.path] + arguments)
        #expect(output.status != 0)
        #expect(output.messages.contains(sentence), "\(output.messages)")
    }
}
