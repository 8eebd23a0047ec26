import Foundation
import NeuralNetwork
import ReturnsDomain

/// A model that still computes what its trainer computed, for `regrade model verify`.
public struct GoldenCheck: Encodable, Sendable {
    /// One output compared.
    public struct Output: Encodable, Sendable {
        /// Its name.
        public let name: String
        /// The largest difference, as a share of the largest golden value.
        public let difference: Float
    }

    /// The outputs in the model's order, all within the tolerance.
    public let outputs: [Output]
    /// The largest difference allowed, as a share of the largest golden value.
    public let tolerance: Float

    /// Runs the model on its golden input and compares.
    ///
    /// - Parameters:
    ///   - path: The ONNX file.
    ///   - golden: The folder of golden tensors; nil for `NAME.golden` beside the model.
    /// - Throws: ``Failure`` naming the first output that differs, or why nothing was compared.
    public init(path: String, golden: String? = nil) throws {
        let url = URL(fileURLWithPath: path)
        let beside = url.deletingPathExtension().path + ".golden"
        do {
            let bytes = try Data(contentsOf: url)
            let tensors = try GoldenTensors(folder: URL(fileURLWithPath: golden ?? beside))
            outputs = try tensors.verify(
                NetworkModel(bytes: bytes),
                modelHash: Digest.contentHash(of: Array(bytes)).description
            ).map { Output(name: $0.name, difference: $0.difference) }
            tolerance = tensors.tolerance
        } catch {
            throw Failure(describing: error)
        }
    }

    /// The same for a person.
    public var lines: [String] {
        outputs.map {
            String(
                format: "ok  %@: differs by %.1e of its largest value, allowed are %.0e",
                $0.name, $0.difference, tolerance)
        }
    }
}
