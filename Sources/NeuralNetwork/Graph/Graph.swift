/// A number that stands for one named value of a graph.
typealias ValueIdentifier = Int

/// A network as values and nodes: what the ONNX file says, without its encoding.
///
/// Invariants, established by ``GraphReader`` and kept by every simplification:
/// 1. every value has at most one producer: a node, a constant or a graph input;
/// 2. nodes stand in an order in which producers come before consumers.
struct Graph: Sendable {
    /// The name of each value, indexed by ``ValueIdentifier``.
    var valueNames: [String]
    var nodes: [GraphNode]
    var constants: [ValueIdentifier: Tensor]
    let inputs: [GraphInput]
    var outputs: [ValueIdentifier]
    /// Inner values that stay readable too, see ``NetworkProgram/taps``.
    var taps: [ValueIdentifier] = []
    /// The version of the default ONNX operator set.
    let opset: Int
    /// Of computed values and inputs, once the graph is bound to shapes.
    var types: [ValueIdentifier: TensorType] = [:]

    /// What is read from outside after a run.
    var readValues: [ValueIdentifier] { outputs + taps }

    /// Adds a value that no node of the file names.
    mutating func addValue(named name: String) -> ValueIdentifier {
        valueNames.append(name)
        return valueNames.count - 1
    }
}

/// An input that the caller supplies.
struct GraphInput: Sendable, Hashable {
    let value: ValueIdentifier
    let name: String
    let element: ElementType
    /// The declared sizes, `nil` where open; the whole is `nil` if the file declares no shape.
    let declaredShape: [Int?]?
}

/// One application of an operator.
struct GraphNode: Sendable {
    /// The node's name in the file, or its first output's if it has none.
    let label: String
    let operatorName: String
    var attributes: [String: AttributeValue]
    /// `nil` where an optional input is left out.
    var inputs: [ValueIdentifier?]
    /// `nil` where an optional output is not wanted.
    var outputs: [ValueIdentifier?]
    /// Applied to every element of the first output; set by simplification.
    var activation: Activation = .identity
    /// Whether it is one of ``ChannelsLastOperators``, which simplification makes and no file has.
    var isInternal = false

    /// The only output, or `nil` if there are several.
    var soleOutput: ValueIdentifier? { outputs.count == 1 ? outputs[0] : nil }
}

/// The value of a node's attribute.
enum AttributeValue: Sendable, Hashable {
    case float(Float)
    case integer(Int)
    case string(String)
    case tensor(Tensor)
    case floats([Float])
    case integers([Int])
    /// Of a kind that no built-in operator reads, with the specification's type number.
    case other(Int)
}
