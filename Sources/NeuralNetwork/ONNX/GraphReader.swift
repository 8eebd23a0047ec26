internal import Foundation

/// Builds a ``Graph`` from the protobuf message and checks that it is well formed.
struct GraphReader {
    private var identifiers: [String: ValueIdentifier] = [:]
    private var graph: Graph

    /// - Throws: ``ModelError`` for a limit, a value defined twice, a value used before it is
    ///   defined, or an element type that is not supported.
    static func read(_ file: ModelFile) throws(ModelError) -> Graph {
        let message = file.message.graph
        guard message.node.count <= ModelLimits.nodeCountLimit else {
            throw .limitExceeded(
                what: "number of nodes", value: message.node.count,
                limit: ModelLimits.nodeCountLimit)
        }
        var reader = GraphReader(opset: try file.opset(), inputs: [])
        try reader.readConstants(message.initializer)
        let inputs = try reader.readInputs(message.input)
        for node in message.node {
            try reader.readNode(node)
        }
        try reader.readOutputs(message.output)
        let read = reader.graph
        return Graph(
            valueNames: read.valueNames, nodes: read.nodes, constants: read.constants,
            inputs: inputs, outputs: read.outputs, opset: read.opset)
    }

    private init(opset: Int, inputs: [GraphInput]) {
        graph = Graph(
            valueNames: [], nodes: [], constants: [:], inputs: inputs, outputs: [], opset: opset)
    }

    private mutating func define(_ name: String) throws(ModelError) -> ValueIdentifier {
        guard identifiers[name] == nil else {
            throw .malformed(what: "graph", reason: "value \(name) is defined twice")
        }
        guard graph.valueNames.count < ModelLimits.valueCountLimit else {
            throw .limitExceeded(
                what: "number of values", value: graph.valueNames.count + 1,
                limit: ModelLimits.valueCountLimit)
        }
        let identifier = graph.addValue(named: name)
        identifiers[name] = identifier
        return identifier
    }

    private mutating func readConstants(_ messages: [OnnxTensorProto]) throws(ModelError) {
        for message in messages {
            let identifier = try define(message.name)
            graph.constants[identifier] = try TensorReader.read(message, name: message.name)
        }
    }

    /// Older files list constants among the inputs too; those are not inputs for a caller.
    private mutating func readInputs(
        _ messages: [OnnxValueInfoProto]
    ) throws(ModelError) -> [GraphInput] {
        var inputs: [GraphInput] = []
        for message in messages {
            if let known = identifiers[message.name], graph.constants[known] != nil { continue }
            let type = message.type.tensorType
            guard message.hasType, message.type.hasTensorType else {
                throw .unsupportedInput(name: message.name)
            }
            guard let element = ElementType(onnxType: Int(type.elemType)) else {
                throw .unsupportedElementType(tensor: message.name, onnxType: Int(type.elemType))
            }
            inputs.append(
                GraphInput(
                    value: try define(message.name), name: message.name, element: element,
                    declaredShape: type.hasShape ? type.shape.dim.map(declaredSize) : nil))
        }
        return inputs
    }

    private func declaredSize(_ dimension: OnnxTensorShapeProto.Dimension) -> Int? {
        guard case .dimValue(let size) = dimension.value, size >= 0 else { return nil }
        return Int(size)
    }

    private mutating func readNode(_ message: OnnxNodeProto) throws(ModelError) {
        let label = message.name.isEmpty ? message.output.first ?? "?" : message.name
        guard message.domain.isEmpty || message.domain == "ai.onnx" else {
            throw .unsupportedOperator(
                node: label, operatorName: "\(message.domain).\(message.opType)",
                opset: graph.opset)
        }
        let valueCount = message.input.count + message.output.count
        guard valueCount <= ModelLimits.nodeValueCountLimit else {
            throw .limitExceeded(
                what: "number of values of node \(label)", value: valueCount,
                limit: ModelLimits.nodeValueCountLimit)
        }
        var inputs: [ValueIdentifier?] = []
        for name in message.input {
            guard !name.isEmpty else {
                inputs.append(nil)
                continue
            }
            guard let identifier = identifiers[name] else {
                throw .malformed(
                    what: "graph", reason: "node \(label) uses \(name) before it is defined")
            }
            inputs.append(identifier)
        }
        let attributes = try readAttributes(message.attribute, label: label)
        var outputs: [ValueIdentifier?] = []
        for name in message.output {
            outputs.append(name.isEmpty ? nil : try define(name))
        }
        graph.nodes.append(
            GraphNode(
                label: label, operatorName: message.opType, attributes: attributes,
                inputs: inputs, outputs: outputs))
    }

    private func readAttributes(
        _ messages: [OnnxAttributeProto], label: String
    ) throws(ModelError) -> [String: AttributeValue] {
        var attributes: [String: AttributeValue] = [:]
        for message in messages {
            // Numbers of AttributeProto.AttributeType in the ONNX specification.
            attributes[message.name] =
                switch message.type {
                case 1: .float(message.f)
                case 2: .integer(Int(message.i))
                case 3: .string(String(bytes: message.s, encoding: .utf8) ?? "")
                case 4: .tensor(try TensorReader.read(message.t, name: "\(label).\(message.name)"))
                case 6: .floats(message.floats)
                case 7: .integers(message.ints.map { Int($0) })
                default: .other(Int(message.type))
                }
        }
        return attributes
    }

    private mutating func readOutputs(_ messages: [OnnxValueInfoProto]) throws(ModelError) {
        for message in messages {
            guard let identifier = identifiers[message.name] else {
                throw .malformed(what: "graph", reason: "nothing computes output \(message.name)")
            }
            graph.outputs.append(identifier)
        }
    }
}
