/// Binds a graph to the shapes of its inputs and computes all that is thereby known.
///
/// Afterwards the graph holds only nodes whose results depend on the elements of an input; nodes
/// that worked on shapes or on weights alone have become constants.
struct GraphSpecializer {
    private var graph: Graph
    private var constantByteCount = 0

    /// - Parameters:
    ///   - inputTypes: One per graph input, in their order.
    ///   - knownInputs: Elements of inputs that decide shapes.
    static func specialize(
        _ graph: Graph, inputTypes: [TensorType], knownInputs: [ValueIdentifier: Tensor]
    ) throws(ModelError) -> Graph {
        var specializer = GraphSpecializer(graph: graph)
        for (input, type) in zip(graph.inputs, inputTypes) {
            specializer.graph.types[input.value] = type
        }
        for constant in graph.constants.values {
            specializer.constantByteCount += constant.type.byteCount
        }
        for (value, tensor) in knownInputs {
            try specializer.define(value, as: tensor)
        }
        var remaining: [GraphNode] = []
        for node in graph.nodes where try !specializer.evaluate(node) {
            remaining.append(node)
        }
        specializer.graph.nodes = remaining
        return specializer.graph
    }

    private init(graph: Graph) {
        self.graph = graph
    }

    private mutating func define(
        _ value: ValueIdentifier, as tensor: Tensor
    ) throws(ModelError) {
        constantByteCount += tensor.type.byteCount
        guard constantByteCount <= ModelLimits.workingMemoryByteLimit else {
            throw .limitExceeded(
                what: "size of constants in bytes", value: constantByteCount,
                limit: ModelLimits.workingMemoryByteLimit)
        }
        graph.constants[value] = tensor
    }

    /// Whether all inputs that the plan reads are constants; a view reads only the first.
    private func isKnown(_ plan: NodePlan, of node: GraphNode) -> Bool {
        var inputs = node.inputs[...]
        if case .view = plan.work { inputs = inputs.prefix(1) }
        return inputs.allSatisfy { input in
            input.map { graph.constants[$0] != nil } ?? true
        }
    }

    /// Whether the node's outputs are known, in which case they are now constants.
    private mutating func evaluate(_ node: GraphNode) throws(ModelError) -> Bool {
        let plan = try NodePlanner.plan(
            node, opset: graph.opset, types: graph.types, constants: graph.constants)
        var results: [Tensor]?
        if case .constants(let tensors) = plan.work {
            results = tensors
        } else if isKnown(plan, of: node) {
            let inputs = node.inputs.map { $0.flatMap { graph.constants[$0] } }
            results = try ConstantEvaluator.evaluate(plan, node: node, inputs: inputs)
        }
        for (index, output) in node.outputs.enumerated() {
            guard let output else { continue }
            if let results {
                try define(output, as: results[index])
            } else {
                graph.types[output] = plan.outputs[index]
            }
        }
        return results != nil
    }
}

/// Asks a node's operator what it will do.
enum NodePlanner {
    static func plan(
        _ node: GraphNode, opset: Int, types: [ValueIdentifier: TensorType],
        constants: [ValueIdentifier: Tensor]
    ) throws(ModelError) -> NodePlan {
        let definition = try OperatorRegistry.definition(for: node, opset: opset)
        let plan = try definition.plan(
            context(node, opset: opset, types: types, constants: constants))
        guard plan.outputs.count >= node.outputs.count else {
            throw .unsupportedUse(
                node: node.label, operatorName: node.operatorName,
                reason: "\(node.outputs.count) outputs")
        }
        return plan
    }

    /// What is known of a node's inputs.
    static func context(
        _ node: GraphNode, opset: Int, types: [ValueIdentifier: TensorType],
        constants: [ValueIdentifier: Tensor]
    ) throws(ModelError) -> NodeContext {
        var inputs: [NodeContext.Input?] = []
        for value in node.inputs {
            guard let value else {
                inputs.append(nil)
                continue
            }
            let constant = constants[value]
            guard let type = constant?.type ?? types[value] else {
                throw .invalidNode(
                    node: node.label, operatorName: node.operatorName,
                    reason: "an input is not computed before it is used")
            }
            inputs.append(NodeContext.Input(type: type, constant: constant))
        }
        return NodeContext(node: node, opset: opset, inputs: inputs)
    }
}
