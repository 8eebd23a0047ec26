import Foundation
import TestSupport
import Testing

/// What `scripts/sbom` says the program is made of.
struct BillOfMaterialsTests {
    private static let script = Repository.root.appending(path: "scripts/sbom")
    private static let pins = Repository.root.appending(path: "Package.resolved")
    private static let python = URL(filePath: "/usr/bin/python3")

    private static func run() async throws -> Data {
        let program = try RunningProgram(
            executable: script, arguments: [])
        let output = try await program.output()
        #expect(output.status == 0, "\(output.messages)")
        return output.standardOutput
    }

    private struct Bill: Decodable {
        let specVersion: String
        let components: [Component]

        struct Component: Decodable {
            let name: String
            let version: String
            let licenses: [Licence]?
            let hashes: [Hash]?
        }

        struct Licence: Decodable {
            let license: [String: String]?
            let expression: String?
        }

        struct Hash: Decodable {
            let content: String
        }
    }

    private struct Pins: Decodable {
        let pins: [Pin]

        struct Pin: Decodable {
            let identity: String
            let state: [String: String]
        }
    }

    @Test(
        .enabled(
            if: Repository.exists(pins) && Repository.exists(python),
            "there is no Package.resolved or no python3"))
    func everythingThatIsPinnedAndShippedIsListedWithItsLicence() async throws {
        let bytes = try await Self.run()
        let bill = try JSONDecoder().decode(Bill.self, from: bytes)
        #expect(bill.specVersion == "1.6")
        let pins = try JSONDecoder().decode(Pins.self, from: Data(contentsOf: Self.pins)).pins
        #expect(!pins.isEmpty)
        for pin in pins {
            let found = bill.components.filter { $0.name == pin.identity }
            #expect(found.map(\.version) == [pin.state["version"] ?? "?"], "\(pin.identity)")
        }
        let page = try String(
            contentsOf: Repository.root.appending(path: "docs/licences.md"), encoding: .utf8)
        for component in bill.components where component.hashes == nil {
            let licence = component.licenses?.first.flatMap {
                $0.expression ?? $0.license?["id"]
            }
            let row = "| \(component.name) | \(licence ?? "none") |"
            #expect(page.contains(row), "docs/licences.md lacks the row \(row)")
        }
        let models = try FileManager.default.contentsOfDirectory(atPath: Repository.models.path)
        for name in models where [".onnx", ".json"].contains(where: name.hasSuffix) {
            let found = bill.components.first { $0.name == "models/\(name)" }
            #expect(found?.hashes?.first?.content.count == 64, "\(name)")
        }
        #expect(try await Self.run() == bytes, "two runs differ")
    }
}
