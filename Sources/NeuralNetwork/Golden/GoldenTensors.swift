public import Foundation

/// Inputs of a model and the outputs that its trainer recorded: `models/NAME.golden/`.
///
/// Folder: `manifest.json` with the members `schema` (`regrade.golden/1`), `model_sha256` (of the
/// model file, in hex), `tolerance` (largest difference of an output, as a share of its largest
/// magnitude); one `.npy` file per input and per output, named after it, except that the only input
/// of a model may be named `input.npy`. Characters other than letters, digits, `-`, `_` and `.` are
/// `_` in file names.
///
/// The folder is valid if
/// 1. the manifest has this schema and a tolerance above 0 and at most ``toleranceLimit``;
/// 2. `model_sha256` is the hash of the model that it is used with;
/// 3. there is one tensor for each input and each output of that model.
public struct GoldenTensors: Sendable {
    /// The schema that this reads.
    public static let schema = "regrade.golden/1"
    /// A larger tolerance would let a wrong network pass.
    public static let toleranceLimit: Float = 1e-2
    /// Bytes of the manifest.
    public static let manifestByteLimit = 1 << 16

    /// How one output compares.
    public struct Comparison: Sendable, Hashable, Codable {
        /// The output's name.
        public let name: String
        /// max|found - recorded| / max|recorded|; infinite if one is not finite.
        public let difference: Float
    }

    private struct Manifest: Decodable {
        let schema: String
        let model_sha256: String
        let tolerance: Float
    }

    private let folder: URL
    /// The SHA-256 of the model file, lower-case hex.
    public let modelHash: String
    /// Largest difference of an output, as a share of its largest magnitude.
    public let tolerance: Float

    /// Reads the manifest; blocks.
    ///
    /// - Throws: ``ModelError`` if it is unreadable or not valid.
    public init(folder: URL) throws(ModelError) {
        let bytes = try FileReader.bytes(
            at: folder.appending(path: "manifest.json").path, what: "golden manifest",
            limit: Self.manifestByteLimit)
        let manifest: Manifest
        do {
            manifest = try JSONDecoder().decode(Manifest.self, from: bytes)
        } catch {
            throw .malformed(what: "golden manifest", reason: "\(error)")
        }
        guard manifest.schema == Self.schema else {
            throw .malformed(
                what: "golden manifest",
                reason: "its schema is \(manifest.schema), this build reads \(Self.schema)")
        }
        guard manifest.tolerance > 0, manifest.tolerance <= Self.toleranceLimit else {
            throw .malformed(
                what: "golden manifest",
                reason: "tolerance \(manifest.tolerance) is not in 0 ..< \(Self.toleranceLimit)")
        }
        self.folder = folder
        modelHash = manifest.model_sha256.lowercased()
        tolerance = manifest.tolerance
    }

    /// Runs the model on the recorded inputs and compares every output; blocks.
    ///
    /// - Parameters:
    ///   - model: The model to check.
    ///   - modelHash: The SHA-256 of its file in hex.
    /// - Returns: All comparisons, in the model's order of outputs.
    /// - Throws: ``ModelError/outputDiffers(name:difference:tolerance:)`` for the first output
    ///   beyond the tolerance, or why the comparison was not possible.
    @discardableResult
    public func verify(
        _ model: NetworkModel, modelHash: String
    ) throws(ModelError) -> [Comparison] {
        guard modelHash.lowercased() == self.modelHash else {
            throw .goldenTensorsOfAnotherModel(
                expectedHash: self.modelHash, foundHash: modelHash)
        }
        var inputs: [String: Tensor] = [:]
        for input in model.inputs {
            inputs[input.name] = try inputTensor(input.name, isOnly: model.inputs.count == 1)
        }
        let outputs = try model.run(inputs)
        var comparisons: [Comparison] = []
        for name in model.outputNames {
            let recorded = try NumPyArray.read(contentsOf: file(name))
            guard let found = outputs[name], found.type == recorded.type else {
                throw .inputMismatch(
                    name: name, expected: outputs[name].map { "\($0.type)" } ?? "present",
                    found: "\(recorded.type)")
            }
            let difference = Self.difference(found, recorded)
            guard difference <= tolerance else {
                throw .outputDiffers(name: name, difference: difference, tolerance: tolerance)
            }
            comparisons.append(Comparison(name: name, difference: difference))
        }
        return comparisons
    }

    private func inputTensor(_ name: String, isOnly: Bool) throws(ModelError) -> Tensor {
        let named = file(name)
        let isThere = FileManager.default.fileExists(atPath: named.path)
        let url = isOnly && !isThere ? folder.appending(path: "input.npy") : named
        return try NumPyArray.read(contentsOf: url)
    }

    private func file(_ name: String) -> URL {
        folder.appending(path: Self.fileName(for: name))
    }

    /// The file of a value: its name, with `_` for characters that file systems treat specially.
    public static func fileName(for name: String) -> String {
        let allowed = name.map { character -> Character in
            let isPlain = character.isASCII && (character.isLetter || character.isNumber)
            return isPlain || "-_.".contains(character) ? character : "_"
        }
        // A leading dot could hide the file or leave the folder.
        return String(allowed).replacing(/^\.+/, with: "_") + ".npy"
    }

    /// max|a - b| / max|b| for float32; other types are equal or not.
    private static func difference(_ found: Tensor, _ recorded: Tensor) -> Float {
        guard let a = found.float32, let b = recorded.float32 else {
            return found == recorded ? 0 : .infinity
        }
        var largest: Float = 0
        var difference: Float = 0
        for (x, y) in zip(a, b) {
            guard x.isFinite, y.isFinite else { return .infinity }
            largest = max(largest, abs(y))
            difference = max(difference, abs(x - y))
        }
        return difference == 0 ? 0 : difference / largest
    }
}
