public import Foundation

/// A network as its file describes it: read and checked, not yet bound to shapes.
///
/// Immutable; may be shared by threads. To run it, plan a ``NetworkProgram``.
public struct NetworkModel: Sendable {
    /// An input or output as the file declares it.
    public struct Value: Hashable, Sendable {
        /// The name by which inputs are given and outputs are read.
        public let name: String
        /// What its elements are.
        public let elementType: ElementType
        /// Sizes, outermost first, `nil` where the caller decides; empty if nothing is declared.
        public let shape: [Int?]
    }

    let graph: Graph
    /// The file's metadata properties, as `regrade.labels`.
    public let metadata: [String: String]

    /// Reads and checks a model file; blocks while reading.
    ///
    /// - Throws: ``ModelError``, which names the node and the operator if one is not supported.
    public init(contentsOf url: URL) throws(ModelError) {
        try self.init(ModelFile(path: url.path))
    }

    /// Checks the bytes of a model file.
    ///
    /// - Throws: ``ModelError``, which names the node and the operator if one is not supported.
    public init(bytes: Data) throws(ModelError) {
        try self.init(ModelFile(bytes: bytes))
    }

    private init(_ file: ModelFile) throws(ModelError) {
        metadata = try file.metadata()
        graph = try GraphReader.read(file)
        for node in graph.nodes {
            _ = try OperatorRegistry.definition(for: node, opset: graph.opset)
        }
    }

    /// The inputs that a caller supplies, in the file's order.
    public var inputs: [Value] {
        graph.inputs.map {
            Value(name: $0.name, elementType: $0.element, shape: $0.declaredShape ?? [])
        }
    }

    /// The names of the outputs, in the file's order.
    public var outputNames: [String] { graph.outputs.map { graph.valueNames[$0] } }

    /// The version of the default ONNX operator set.
    public var opset: Int { graph.opset }

    /// How many numbers the weights hold.
    public var parameterCount: Int {
        graph.constants.values.reduce(0) { $0 + $1.checkedShape.elementCount }
    }

    /// How often each operator occurs.
    public var operatorCounts: [String: Int] {
        Dictionary(graph.nodes.map { ($0.operatorName, 1) }, uniquingKeysWith: +)
    }
}
