import Foundation
import ReturnsDomain
import TestSupport
import Testing

/// `regrade model evaluate` and `regrade model calibrate` on the fixtures.
struct ModelJudgingCommandTests {
    private static let labels = """
        path,damaged,severity,category,source,group
        box-intact.jpg,0,,box,fixtures,a
        box-torn-open.jpg,1,,box,fixtures,b
        phone-intact.jpg,0,,phone,fixtures,c
        vehicle-wrecked.jpg,1,severe,vehicle,fixtures,d
        vehicle-intact.jpg,0,none,vehicle,fixtures,<e>
        not-a-photo.jpg,0,,box,fixtures,f
        nowhere.jpg,0,,box,fixtures,g

        """

    @Test func fixturesAreJudgedAndWrittenAsJSONAndHTML() async throws {
        let folder = try TemporaryFolder()
        let labels = try folder.write(Self.labels, to: "labels.csv")
        let output = try await RepositoryProgram.run([
            "model", "evaluate", "--manifest", labels.path, "--photos", Repository.fixtures.path,
            "--out", folder.file("figures.json").path, "--html", folder.file("page.html").path,
            "--resamples", "100",
        ])
        #expect(output.status == 0, "\(output.messages)")
        #expect(output.text.contains("without looking"), "\(output.text)")
        let json = try JSONSerialization.jsonObject(
            with: Data(contentsOf: folder.file("figures.json")))
        let figures = try #require(json as? [String: Any])
        #expect(figures["schema"] as? String == "regrade.evaluation/1")
        #expect(figures["n"] as? Int == 5)
        let unreadable = try #require(figures["unreadable"] as? [[String: String]])
        #expect(unreadable.map { $0["path"] } == ["not-a-photo.jpg", "nowhere.jpg"])
        let mistakes = try #require(figures["mistakes"] as? [[String: Any]])
        let page = try String(contentsOf: folder.file("page.html"), encoding: .utf8)
        #expect(
            page.components(separatedBy: "data:image/jpeg;base64,").count == 2 * mistakes.count + 1)
        #expect(!page.contains("://") && !page.contains("<script"))
    }

    @Test func tooFewLabelsAdmitNothingAndTheFileIsUsable() async throws {
        let folder = try TemporaryFolder()
        let labels = try folder.write(Self.labels, to: "labels.csv")
        let file = folder.file("shop.calibration.json").path
        let output = try await RepositoryProgram.run([
            "model", "calibrate", "--labels", labels.path, "--photos", Repository.fixtures.path,
            "--risk", "resell=0.01,reject=0.05", "--out", file,
        ])
        #expect(output.status == 0, "\(output.messages)")
        #expect(output.text.contains("cases are missing even without any error"))
        #expect(output.messages.contains("no column split"))
        let calibration = try JSONDecoder().decode(
            Calibration.self, from: Data(contentsOf: URL(filePath: file)))
        #expect(calibration.automated.isEmpty && calibration.problems().isEmpty)
        let inspection = try await RepositoryProgram.run([
            "inspect", Repository.fixtures.appending(path: "vehicle-intact.jpg").path,
            "--category", "vehicle", "--calibration", file, "--json",
        ])
        #expect(inspection.status == 0, "\(inspection.messages)")
        let document = try jsonLines(inspection.standardOutput)[0]
        #expect((document["model"] as? [String: Any])?["calibration"] as? String == calibration.id)
        #expect(document["outcome"] as? String == "human_review")
    }

    @Test func mistakesAreNamed() async throws {
        let folder = try TemporaryFolder()
        let odd = try folder.write("path,colour\na.jpg,red\n", to: "odd.csv").path
        let labels = try folder.write(Self.labels, to: "labels.csv").path
        let out = folder.file("x.json").path
        let cases: [(arguments: [String], status: Int32, message: String)] = [
            (["evaluate", "--manifest", odd], 65, "unknown columns colour"),
            (["evaluate", "--manifest", "nowhere.csv"], 66, "no labels file"),
            (["evaluate", "--manifest", labels, "--mistakes", "97"], 64, "--mistakes is 97"),
            (["evaluate", "--manifest", labels, "--split", "test"], 64, "has the split 'test'"),
            (
                ["calibrate", "--labels", labels, "--risk", "resell=2", "--out", out], 64,
                "expected above 0 and below 1"
            ),
            (["evaluate", "--manifest", labels], 65, "can be judged"),
        ]
        for (arguments, status, message) in cases {
            let output = try await RepositoryProgram.run(["model"] + arguments)
            #expect(output.status == status, "\(arguments): \(output.messages)")
            #expect(output.messages.contains(message), "\(arguments): \(output.messages)")
        }
    }
}
