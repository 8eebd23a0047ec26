import Foundation
import NeuralNetwork
import TestSupport

/// A model with inputs and the outputs that another engine computed; written by scripts/conformance
/// and scripts/parity.
struct RecordedCase {
    private struct Description: Decodable {
        let inputs: [String]
        let outputs: [String]
        let rtol: Float
        let atol: Float
    }

    let name: String
    let folder: URL
    let inputs: [String: Tensor]
    let expected: [(name: String, tensor: Tensor)]
    let relativeTolerance: Float
    let absoluteTolerance: Float

    var model: URL { folder.appending(path: "model.onnx") }

    init(folder: URL) throws {
        self.folder = folder
        name = folder.lastPathComponent
        let bytes = try Data(contentsOf: folder.appending(path: "case.json"))
        let description = try JSONDecoder().decode(Description.self, from: bytes)
        let data = folder.appending(path: "data_0")
        var inputs: [String: Tensor] = [:]
        for (index, name) in description.inputs.enumerated() {
            inputs[name] = try NumPyArray.read(
                contentsOf: data.appending(path: "input_\(index).npy"))
        }
        var expected: [(String, Tensor)] = []
        for (index, name) in description.outputs.enumerated() {
            let file = data.appending(path: "output_\(index).npy")
            expected.append((name, try NumPyArray.read(contentsOf: file)))
        }
        self.inputs = inputs
        self.expected = expected
        relativeTolerance = description.rtol
        absoluteTolerance = description.atol
    }

    /// The folders of a generated suite in order, or nil (with a message) if it is absent.
    static func folders(of suite: String, variable: String) -> [URL]? {
        let place =
            ProcessInfo.processInfo.environment[variable].map { URL(filePath: $0) }
            ?? Repository.generatedSuites.appending(path: suite)
        let folder = place.resolvingSymlinksInPath()
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else {
            print("skipped: no folder \(folder.path); run scripts/\(suite)")
            return nil
        }
        return names.sorted().map { folder.appending(path: $0) }
    }
}

/// How two tensors differ.
enum TensorComparison {
    /// A sentence about the first difference beyond `absolute + relative * |expected|`, or nil.
    static func difference(
        _ found: Tensor, _ expected: Tensor, relative: Float, absolute: Float
    ) -> String? {
        guard found.shape == expected.shape else {
            return "shape \(found.shape) instead of \(expected.shape)"
        }
        guard let foundNumbers = found.float32, let numbers = expected.float32 else {
            return found.elements == expected.elements ? nil : "elements differ"
        }
        for (index, (a, b)) in zip(foundNumbers, numbers).enumerated() {
            let isEqual =
                a == b || a.isNaN && b.isNaN || abs(a - b) <= absolute + relative * abs(b)
            if !isEqual { return "element \(index) is \(a) instead of \(b)" }
        }
        return nil
    }

    /// max|a - b| / max|b|, infinite if the shapes differ or a number is not finite.
    static func relativeError(_ found: Tensor, _ expected: Tensor) -> Float {
        guard found.shape == expected.shape, let foundNumbers = found.float32,
            let numbers = expected.float32
        else { return found == expected ? 0 : .infinity }
        var largest: Float = 0
        var difference: Float = 0
        for (a, b) in zip(foundNumbers, numbers) {
            guard a.isFinite, b.isFinite else { return .infinity }
            largest = max(largest, abs(b))
            difference = max(difference, abs(a - b))
        }
        return difference == 0 ? 0 : difference / largest
    }
}
