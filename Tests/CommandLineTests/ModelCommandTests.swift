import Foundation
import TestSupport
import Testing

struct ModelCommandTests {
    private static let model = Repository.models.appending(path: "damage-v1.onnx")
    private static let golden = Repository.models.appending(path: "damage-v1.golden")

    /// The float32 elements of a .npy file: those after the header that ends with a line feed.
    private func elements(of file: URL) throws -> [Float] {
        let bytes = Array(try Data(contentsOf: file))
        let headerLength = Int(bytes[8]) | Int(bytes[9]) << 8
        let body = bytes.dropFirst(10 + headerLength)
        return stride(from: body.startIndex, to: body.endIndex, by: 4).map { start in
            let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(body[start + $1]) << (8 * $1) }
            return Float(bitPattern: bits)
        }
    }

    @Test func runsAModelOnTensorsAndWritesEachOutput() async throws {
        let folder = try TemporaryFolder()
        let output = try await RepositoryProgram.run([
            "model", "run", Self.model.path, "--input",
            "pixels=\(Self.golden.appending(path: "input.npy").path)", "--output-dir",
            folder.url.path,
        ])
        #expect(output.status == 0, "\(output.messages)")
        for name in ["severity_logits", "type_logits", "damage_map", "novelty_distance"] {
            let found = try elements(of: folder.file("\(name).npy"))
            let expected = try elements(of: Self.golden.appending(path: "\(name).npy"))
            let largest = expected.map(abs).max() ?? 0
            let difference = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
            #expect(found.count == expected.count && difference <= 1e-4 * largest, "\(name)")
        }
    }

    @Test func theShippedModelComputesWhatItsTrainerComputed() async throws {
        let output = try await RepositoryProgram.run(["model", "verify", "--json"])
        #expect(output.status == 0, "\(output.messages)")
        let outputs = try #require(
            try jsonLines(output.standardOutput)[0]["outputs"] as? [[String: Any]])
        #expect(outputs.count == 6)
    }

    @Test func tamperedGoldenTensorsAreNoticed() async throws {
        let folder = try TemporaryFolder()
        let copy = folder.file("golden")
        try FileManager.default.copyItem(at: Self.golden, to: copy)
        let tensor = copy.appending(path: "type_logits.npy")
        var bytes = try Data(contentsOf: tensor)
        bytes[bytes.count - 1] ^= 0x40
        try bytes.write(to: tensor)
        let output = try await RepositoryProgram.run(
            ["model", "verify", "--golden", copy.path])
        #expect(output.status == 70)
        #expect(output.messages.contains("type_logits"), "\(output.messages)")
    }

    @Test func timesAModel() async throws {
        let output = try await RepositoryProgram.run([
            "model", "bench", "--batch", "2", "--threads", "2", "--seconds", "0.1", "--json",
        ])
        #expect(output.status == 0, "\(output.messages)")
        let result = try jsonLines(output.standardOutput)[0]
        #expect(try #require(result["median_ms"] as? Double) > 0)
        #expect(try #require(result["best_ms"] as? Double) > 0)
        #expect(try #require(result["runs"] as? Int) >= 5)
        #expect((result["kernels"] as? String)?.isEmpty == false)
    }

    @Test func saysWhatAModelHolds() async throws {
        let output = try await RepositoryProgram.run(["model", "info", "--json"])
        let info = try jsonLines(output.standardOutput)[0]
        #expect((info["metadata"] as? [String: String])?["regrade.format"] == "1")
        #expect((info["outputs"] as? [String])?.contains("damage_map") == true)
    }

    @Test func mistakesAreNamed() async throws {
        let folder = try TemporaryFolder()
        let text = try folder.write("no model", to: "text.onnx").path
        let cases: [(arguments: [String], status: Int32, message: String)] = [
            (["info", text], 78, "model_invalid"),
            (["info", "nowhere.onnx"], 78, "there is no model file"),
            (["run", Self.model.path, "--input", "pixels", "--output-dir", "x"], 64, "NAME=FILE"),
            (["bench", "--batch", "0"], 64, "--batch is 0"),
            (
                [
                    "run", Self.model.path, "--input",
                    "pixel=\(Self.golden.appending(path: "input.npy").path)", "--output-dir",
                    folder.url.path,
                ], 65, "pixel"
            ),
        ]
        for (arguments, status, message) in cases {
            let output = try await RepositoryProgram.run(["model"] + arguments)
            #expect(output.status == status, "\(arguments): \(output.messages)")
            #expect(output.messages.contains(message), "\(arguments): \(output.messages)")
        }
    }
}
