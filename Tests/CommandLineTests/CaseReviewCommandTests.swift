import Foundation
import ReturnsDomain
import TestSupport
import Testing

/// `regrade case`, `review stats`, `review export`, `reviewer retire`, as a person types them.
struct CaseReviewCommandTests {
    @Test func aCaseGoesFromReviewOverAppealToTruthAndLabels() async throws {
        let data = try DataDirectory()
        _ = try await data.regrade("automation", "off")
        let inspected = try await data.regrade(
            "inspect", Fixtures.photo.path, "--value", "12900", "--currency", "EUR",
            "--category", "box", "--region", "DE", "--order-id", "4711", "--json")
        #expect(inspected.status == 0, "\(inspected.messages)")
        let inspection = try #require(try jsonLines(inspected.standardOutput)[0]["id"] as? String)
        for name in ["kim", "lee"] { _ = try await data.regrade("reviewer", "add", name) }

        let snapshot = try await data.regrade("review", "export")
        #expect(try jsonLines(snapshot.standardOutput).map { $0["event"] as? String } == ["opened"])

        try await decide(data, "kim", "reject")
        let early = try await data.regrade("review", "export")
        #expect(early.standardOutput.isEmpty)

        let appeal = try await data.regrade(
            "case", "appeal", inspection, "--statement", "it arrived like this", "--json")
        #expect(appeal.status == 0, "\(appeal.messages)")
        let none = try await data.regrade("review", "next", "--reviewer", "kim")
        #expect(none.status == 75)
        let shown = try await data.regrade("review", "list")
        #expect(!shown.text.contains("reject"), "\(shown.text)")
        let record = try await decide(data, "lee", "refurbish")
        #expect(record["recommended"] is NSNull && record["confidence"] is NSNull)
        #expect(record["appeal_statement"] as? String == "it arrived like this")

        let truth = try await data.regrade(
            "case", "truth", inspection, "--grade", "resell", "--severity", "none",
            "--types", "none", "--resale-value", "9900")
        #expect(truth.status == 0, "\(truth.messages)")
        let list = try await data.regrade("case", "list", "--outcome", "refurbish", "--json")
        #expect(try jsonLines(list.standardOutput).map { $0["id"] as? String } == [inspection])
        let detail = try await data.regrade("case", "show", inspection, "--json")
        let document = try jsonLines(detail.standardOutput)[0]
        #expect((document["adjudications"] as? [Any])?.count == 3)
        #expect((document["tasks"] as? [Any])?.count == 2)
        let gold = try await data.regrade("review", "gold", "add", inspection)
        #expect(gold.status == 0, "\(gold.messages)")

        let stats = try await data.regrade("review", "stats", "--json")
        let figures = try jsonLines(stats.standardOutput)[0]
        #expect(figures["open"] as? Int == 0)
        let reviewers = figures["reviewers"] as? [[String: Any]]
        #expect(reviewers?.compactMap { $0["decisions"] as? Int } == [1, 1])

        let labels = data.beside("labels.csv")
        let exported = try await data.regrade(
            "review", "export", "--labels", labels.path, "--photos",
            data.beside("photos").path)
        #expect(exported.status == 0, "\(exported.messages)")
        try checkLabels(labels, inspection: inspection)
        #expect(try await data.regrade("audit", "verify").status == 0)
    }

    @Test func mistakesAreNamed() async throws {
        let data = try DataDirectory()
        _ = try await data.regrade("reviewer", "add", "kim")
        let unknown = "insp_" + String(repeating: "0", count: 26)
        let cases: [(arguments: [String], status: Int32, message: String)] = [
            (["case", "show", "4711"], 64, "is no id that starts with insp_"),
            (["case", "show", unknown], 66, "there is no inspection"),
            (["case", "appeal", unknown], 66, "there is no inspection"),
            (["case", "truth", unknown], 64, "nothing is stated"),
            (["case", "truth", unknown, "--grade", "retake"], 64, "--grade is 'retake'"),
            (["case", "truth", unknown, "--types", "rust"], 64, "--types has 'rust'"),
            (["case", "list", "--outcome", "lost"], 64, "'lost' is no outcome"),
            (["reviewer", "retire", "lee"], 64, "there is no reviewer 'lee'"),
            (["review", "gold", "add", unknown], 64, "cannot be a case of known answer"),
        ]
        for (arguments, status, message) in cases {
            let output = try await RepositoryProgram.run(arguments + ["--data", data.path])
            #expect(output.status == status, "\(arguments): \(output.messages)")
            #expect(output.messages.contains(message), "\(arguments): \(output.messages)")
        }
        #expect(try await data.regrade("reviewer", "retire", "kim").status == 0)
        #expect(try await data.regrade("reviewer", "list").text.isEmpty)
    }

    /// Leases the next task and decides it; returns the hand-over record.
    @discardableResult
    private func decide(
        _ data: DataDirectory, _ reviewer: String, _ outcome: String
    ) async throws -> [String: Any] {
        let next = try await data.regrade("review", "next", "--reviewer", reviewer, "--json")
        #expect(next.status == 0, "\(next.messages)")
        let record = try jsonLines(next.standardOutput)[0]
        let (task, lease) = (record["task"] as? String, record["lease"] as? String)
        let decided = try await data.regrade(
            "review", "decide", task ?? "", outcome, "--lease", lease ?? "", "--reviewer",
            reviewer, "--reason", "review_damage_missed")
        #expect(decided.status == 0, "\(decided.messages)")
        return record
    }

    private func checkLabels(_ file: URL, inspection: String) throws {
        let text = try String(contentsOf: file, encoding: .utf8)
        let rows = text.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        let row = Dictionary(uniqueKeysWithValues: zip(rows[0], rows[1]))
        #expect(row["inspection"] == inspection)
        #expect(row["outcome"] == "resell" && row["severity"] == "none" && row["damaged"] == "0")
        #expect(row["labelled_by"] == "warehouse" && row["category"] == "box")
        let path = try #require(row["path"])
        #expect(path == "photos/\(row["sha256"] ?? "").jpg")
        let photo = file.deletingLastPathComponent().appending(path: path)
        #expect(try Data(contentsOf: photo).starts(with: [0xFF, 0xD8]))
    }
}
