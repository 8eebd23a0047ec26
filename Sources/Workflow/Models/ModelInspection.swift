import Foundation
import NeuralNetwork
import ReturnsDomain

/// What an ONNX file holds, for `regrade model info`.
public struct ModelInspection: Encodable, Sendable {
    /// One input or output.
    public struct Value: Encodable, Sendable {
        /// Its name.
        public let name: String
        /// What its elements are, such as `float32`; nil for an output, which the file need not
        /// say.
        public let elementType: String?
        /// Its sizes, outermost first; nil where the caller decides.
        public let shape: [Int?]

        private enum CodingKeys: String, CodingKey {
            case name, shape
            case elementType = "element_type"
        }
    }

    /// The file.
    public let path: String
    /// SHA-256 of the file.
    public let sha256: String
    /// How many bytes the file has.
    public let byteCount: Int
    /// The version of the operator set.
    public let opset: Int
    /// How many numbers the weights hold.
    public let parameterCount: Int
    /// What goes in.
    public let inputs: [Value]
    /// What comes out.
    public let outputs: [String]
    /// How often each operator occurs in the file.
    public let operators: [String: Int]
    /// The metadata properties.
    public let metadata: [String: String]

    private enum CodingKeys: String, CodingKey {
        case path, sha256, opset, inputs, outputs, operators, metadata
        case byteCount = "bytes"
        case parameterCount = "parameters"
    }

    /// Reads and checks a model file.
    ///
    /// - Throws: ``Failure`` naming the node and the operator that is not supported, if any.
    public init(path: String) throws {
        self.path = path
        do {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
            let model = try NetworkModel(bytes: bytes)
            sha256 = Digest.contentHash(of: Array(bytes)).description
            byteCount = bytes.count
            opset = model.opset
            parameterCount = model.parameterCount
            inputs = model.inputs.map {
                Value(name: $0.name, elementType: $0.elementType.rawValue, shape: $0.shape)
            }
            outputs = model.outputNames
            operators = model.operatorCounts
            metadata = model.metadata
        } catch {
            throw Failure(describing: error)
        }
    }

    /// The same for a person.
    public var lines: [String] {
        var lines = [
            path, "  sha256      \(sha256)",
            "  size        \(byteCount) bytes, \(parameterCount) parameters, opset \(opset)",
        ]
        for input in inputs {
            let shape = input.shape.map { $0.map(String.init) ?? "N" }.joined(separator: " x ")
            lines.append("  input       \(input.name): \(input.elementType ?? "") \(shape)")
        }
        lines.append("  outputs     " + outputs.joined(separator: ", "))
        let counts = operators.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        lines.append(
            "  operators   " + counts.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            lines.append("  \(key) = \(value)")
        }
        return lines
    }
}
