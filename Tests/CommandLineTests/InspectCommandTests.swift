import Foundation
import ReturnsDomain
import TestSupport
import Testing

struct InspectCommandTests {
    @Test func printsAValidDocumentWithoutRecordingAnything() async throws {
        let output = try await RepositoryProgram.run([
            "inspect", Fixtures.photo.path, "--json", "--category", "box", "--region", "DE",
            "--value", "4990", "--currency", "EUR",
        ])
        #expect(output.status == 0, "\(output.messages)")
        let document = try JSONDecoder().decode(Adjudication.self, from: output.standardOutput)
        #expect(document.order.category == "box")
        #expect(document.order.value == Money(minorUnits: 4990, currency: "EUR"))
        #expect(document.photos.count == 1)
        #expect(document.probabilities != nil)
        #expect(document.decision.predictionSet.contains(document.decision.recommended))
        #expect(!document.decision.reasons.isEmpty)
        #expect(document.timings.map { $0.total > 0 } == true)
        let members = try jsonLines(output.standardOutput)[0]
        #expect(members["audit"] is NSNull)
        #expect(members["comparison"] is NSNull)
    }

    @Test func recordsWithADataDirectoryAndNamesTheAuditEntry() async throws {
        let data = try DataDirectory()
        let output = try await data.regrade("inspect", Fixtures.photo.path, "--json")
        #expect(output.status == 0, "\(output.messages)")
        let document = try JSONDecoder().decode(Adjudication.self, from: output.standardOutput)
        #expect(document.audit?.seq == 1)
        #expect(try data.lines(of: "adjudications.jsonl").count == 1)
        let entry = try #require(try data.lines(of: "audit/00000001.jsonl").first)
        #expect(entry["hash"] as? String == document.audit?.hash.description)
    }

    /// An editor's name in the metadata is a reason to look, and is kept nowhere.
    @Test func anEditedPhotoIsLookedAt() async throws {
        let data = try DataDirectory()
        let photo = try Data(contentsOf: Fixtures.photo)
        let packet = "http://ns.adobe.com/xap/1.0/\0<x xmp:CreatorTool='GIMP 9.8.7'/>"
        let length = UInt8(packet.utf8.count + 2)
        let edited = photo.prefix(2) + [0xFF, 0xE1, 0, length] + Data(packet.utf8)
        let path = try data.write(edited + photo.dropFirst(2), to: "edited.jpg").path
        for (file, isSuspected) in [(Fixtures.photo.path, false), (path, true)] {
            let output = try await data.regrade("inspect", file, "--json", "--region", "US")
            #expect(output.status == 0, "\(output.messages)")
            let document = try JSONDecoder().decode(Adjudication.self, from: output.standardOutput)
            let reasons = document.decision.reasons.map(\.code)
            #expect(reasons.contains(.photoMetadataEdited) == isSuspected)
            if isSuspected {
                #expect(document.decision.outcome == .humanReview)
                #expect(document.rationale.reviewer.contains("metadata name an editor"))
            }
        }
        let task = try await data.regrade("review", "list", "--json")
        let listed = try jsonLines(task.standardOutput).compactMap {
            $0["metadata_signs"] as? [String]
        }
        #expect(listed == [["editing_software"]])
        for name in try FileManager.default.subpathsOfDirectory(atPath: data.path) {
            let bytes = (try? Data(contentsOf: data.file(name))) ?? Data()
            #expect(bytes.range(of: Data("GIMP 9".utf8)) == nil, "\(name)")
        }
    }

    /// A machine may decide about vehicles, and not about what an order calls one.
    @Test(arguments: [("vehicle-intact.jpg", Outcome.resell), ("phone-intact.jpg", .humanReview)])
    func whatTheOrderCallsAVehicleMustLookLikeOne(photo: String, outcome: Outcome) async throws {
        let output = try await RepositoryProgram.run([
            "inspect", Repository.fixtures.appending(path: photo).path, "--category", "vehicle",
            "--region", "US", "--value", "9900", "--currency", "USD", "--json",
        ])
        #expect(output.status == 0, "\(output.messages)")
        let document = try JSONDecoder().decode(Adjudication.self, from: output.standardOutput)
        #expect(document.decision.outcome == outcome)
        #expect(document.decision.recommended == .resell)
        let reasons = document.decision.reasons.map(\.code)
        #expect(reasons.contains(.categoryMismatch) == (outcome == .humanReview))
        let shown = photo.split(separator: "-").first.map(String.init)
        #expect(document.photos.map(\.category?.name) == [shown])
    }

    @Test func writesAHeatMapPerPhoto() async throws {
        let data = try DataDirectory()
        let maps = data.beside("maps")
        let output = try await RepositoryProgram.run([
            "inspect", Fixtures.photo.path, "--view", "back=\(Fixtures.photo.path)",
            "--heatmap", maps.path,
        ])
        #expect(output.status == 0, "\(output.messages)")
        let names = try FileManager.default.contentsOfDirectory(atPath: maps.path).sorted()
        #expect(
            names == ["0-box-intact.heatmap.png", "1-box-intact.heatmap.png"])
        let bytes = try Data(contentsOf: maps.appending(path: names[0]))
        #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    }

    @Test func saysWhatIsWrongAndExitsAsTheContractSays() async throws {
        let data = try DataDirectory()
        let text = try data.write(Data("not a photo".utf8), to: "note.jpg").path
        let cases: [(arguments: [String], status: Int32, message: String)] = [
            ([], 64, "no photo is named"),
            (["missing.jpg"], 66, "there is no file missing.jpg"),
            ([text], 65, "JPEG and PNG are accepted"),
            ([Fixtures.photo.path, "--value", "12.90", "--currency", "EUR"], 64, "minor units"),
            ([Fixtures.photo.path, "--view", "top=x.jpg"], 64, "expected VIEW=PATH"),
            ([Fixtures.photo.path, "--model", "none.onnx"], 78, "there is no model file"),
            ([Fixtures.photo.path, "--policy", text], 78, "policy"),
            ([Fixtures.photo.path, "--workers", "0"], 78, "workers is 0, expected 1 to 256"),
            ([Fixtures.photo.path, "--colour", "red"], 64, "--colour"),
        ]
        for (arguments, status, message) in cases {
            let output = try await RepositoryProgram.run(["inspect"] + arguments)
            #expect(output.status == status, "\(arguments): \(output.messages)")
            #expect(output.messages.contains(message), "\(arguments): \(output.messages)")
            #expect(output.standardOutput.isEmpty)
        }
    }

    @Test func explainsItselfToAPerson() async throws {
        let output = try await RepositoryProgram.run(["inspect", Fixtures.photo.path])
        for word in ["why", "severity", "photos", "policy", "time"] {
            #expect(output.text.contains("  \(word)"), "\(output.text)")
        }
        #expect(!output.text.contains("\u{1B}["), "no colour where there is no terminal")
    }
}
