import Foundation
import TestSupport
import Testing

/// Labels that name an inspection, as `review export --labels` writes them, judged with the photos
/// that the data directory keeps.
struct KeptLabelCommandTests {
    /// A dozen, so that chance hardly ever puts them all on one side of the calibration's split.
    private static let cases = [
        (photo: "box-intact.jpg", category: "box", severity: "none"),
        (photo: "box-stained.jpg", category: "box", severity: "minor"),
        (photo: "box-torn-open.jpg", category: "box", severity: "severe"),
        (photo: "box-crushed-corner.jpg", category: "box", severity: "moderate"),
        (photo: "phone-intact.jpg", category: "phone", severity: "none"),
        (photo: "phone-cracked-rotated.jpg", category: "phone", severity: "severe"),
        (photo: "vehicle-dent-closeup.jpg", category: "vehicle", severity: "minor"),
        (photo: "vehicle-door-dented.jpg", category: "vehicle", severity: "moderate"),
        (photo: "vehicle-door-scratched.jpg", category: "vehicle", severity: "minor"),
        (photo: "vehicle-intact.jpg", category: "vehicle", severity: "none"),
        (photo: "vehicle-wrecked.jpg", category: "vehicle", severity: "severe"),
        (photo: "mug-broken.jpg", category: "other", severity: "severe"),
    ]

    @Test func whatTheWarehouseSaidIsJudgedWithoutPhotoFiles() async throws {
        let data = try DataDirectory()
        var ids: [String] = []
        for item in Self.cases {
            ids.append(try await graded(item.photo, item.category, item.severity, in: data))
        }
        let labels = data.beside("labels.csv").path
        let exported = try await data.regrade("review", "export", "--labels", labels)
        #expect(exported.status == 0, "\(exported.messages)")

        // The same as with the photos as files.
        let rows = Self.cases.map { "\($0.photo),\($0.severity),\($0.category)" }
        let byPath = try data.write(
            Data("path,severity,category\n\(rows.joined(separator: "\n"))\n".utf8),
            to: "by-path.csv")
        let found = try await evaluation(of: labels, data.path)
        let count = Self.cases.count
        #expect(found["n"] as? Int == count && found["groups"] as? Int == count)
        #expect((found["unreadable"] as? [Any])?.isEmpty == true)
        let expected = try await evaluation(
            of: byPath.path, nil, more: ["--photos", Repository.fixtures.path])
        #expect(try abs(brierScore(found) - brierScore(expected)) < 1e-9)

        let file = data.beside("shop.calibration.json")
        let calibrated = try await data.regrade(
            "model", "calibrate", "--labels", labels, "--risk", "resell=0.05", "--out", file.path)
        #expect(calibrated.status == 0, "\(calibrated.messages)")
        #expect(calibrated.text.contains("0 photos unreadable"), "\(calibrated.text)")
        #expect(Repository.exists(file))

        // Every look at a photo is in the log: evaluated, and calibrated with.
        let log = try data.lines(of: "audit/00000001.jsonl")
        #expect(log.count { $0["kind"] as? String == "photo_view" } == 2 * count)

        _ = try await data.regrade("case", "erase", ids[0])
        let after = try await evaluation(of: labels, data.path)
        #expect(after["n"] as? Int == count - 1)
        let unreadable = try #require(after["unreadable"] as? [[String: String]])
        #expect(unreadable.map { $0["code"] } == ["inspection_erased"])
        #expect(unreadable[0]["path"]?.hasPrefix(ids[0]) == true)

        let nowhere = try await RepositoryProgram.run(["model", "evaluate", "--manifest", labels])
        #expect(nowhere.status == 64 && nowhere.messages.contains("--data"), "\(nowhere.messages)")
    }

    /// Records a case with its photo and what the warehouse found; returns its id.
    private func graded(
        _ photo: String, _ category: String, _ severity: String, in data: DataDirectory
    ) async throws -> String {
        let inspected = try await data.regrade(
            "inspect", Repository.fixtures.appending(path: photo).path, "--category", category,
            "--json")
        #expect(inspected.status == 0, "\(inspected.messages)")
        let id = try #require(try jsonLines(inspected.standardOutput)[0]["id"] as? String)
        let truth = try await data.regrade("case", "truth", id, "--severity", severity)
        #expect(truth.status == 0, "\(truth.messages)")
        return id
    }

    private func evaluation(
        of labels: String, _ data: String?, more: [String] = []
    ) async throws -> [String: Any] {
        let output = try await RepositoryProgram.run(
            ["model", "evaluate", "--manifest", labels, "--resamples", "100", "--json"]
                + (data.map { ["--data", $0] } ?? []) + more)
        #expect(output.status == 0, "\(output.messages)")
        return try jsonLines(output.standardOutput)[0]
    }

    private func brierScore(_ evaluation: [String: Any]) throws -> Double {
        let questions = try #require(evaluation["questions"] as? [[String: Any]])
        let scores = try #require(questions[0]["calibrated"] as? [String: Any])
        return try #require(scores["brier"] as? Double)
    }
}
