/// Lets convolutions work on images with channels last, and what stands between them too.
///
/// With channels last a pointwise convolution is a product of matrices as they lie in memory, and
/// a depthwise one needs no shifted copies of its rows. Images change their arrangement where such
/// a run of nodes begins or ends: usually once, at the network's input.
enum ArrangeChannelsLast {
    @Sendable
    static func run(_ graph: inout Graph) throws(ModelError) {
        var arrangement = Arrangement(graph: graph)
        for node in graph.nodes { try arrangement.append(node) }
        for output in graph.outputs { arrangement.needChannelsFirst(output) }
        try arrangement.arrangeTaps()
        graph = arrangement.graph
        graph.nodes = arrangement.nodes
    }

    /// Only arranges the taps of a graph that is run as it stands.
    static func arrangeTaps(of graph: inout Graph) throws(ModelError) {
        var arrangement = Arrangement(graph: graph, nodes: graph.nodes)
        try arrangement.arrangeTaps()
        graph = arrangement.graph
        graph.nodes = arrangement.nodes
    }
}

/// The rewritten part of a graph.
private struct Arrangement {
    private(set) var graph: Graph
    private(set) var nodes: [GraphNode]
    /// For values with channels first, the same with channels last, if there is such a value.
    private var twins: [ValueIdentifier: ValueIdentifier] = [:]
    /// Values that exist with channels last only.
    private var missing: Set<ValueIdentifier> = []

    init(graph: Graph, nodes: [GraphNode] = []) {
        self.graph = graph
        self.nodes = nodes
    }

    /// Taps are read with channels last, as most of them stand anyway.
    mutating func arrangeTaps() throws(ModelError) {
        var taps: [ValueIdentifier] = []
        for tap in graph.taps {
            guard shape(tap)?.count == 4 else {
                throw .tapUnusable(name: graph.valueNames[tap])
            }
            taps.append(try channelsLast(tap))
        }
        graph.taps = taps
    }

    mutating func append(_ node: GraphNode) throws(ModelError) {
        if try appendConvolution(node) { return }
        if try appendPool(node) { return }
        if try appendMean(node) { return }
        if try appendJoin(node) { return }
        if try appendElementwise(node) { return }
        for case let input? in node.inputs { needChannelsFirst(input) }
        nodes.append(node)
    }

    // MARK: Values

    private func shape(_ value: ValueIdentifier) -> [Int]? {
        guard let type = graph.types[value], type.element == .float32 else { return nil }
        return type.shape.dimensions
    }

    /// Makes the value exist as the file has it.
    mutating func needChannelsFirst(_ value: ValueIdentifier) {
        guard missing.remove(value) != nil, let twin = twins[value] else { return }
        nodes.append(
            internalNode(ChannelsLastOperators.toChannelsFirst, [twin], [value], for: value))
    }

    /// The value with channels last.
    private mutating func channelsLast(
        _ value: ValueIdentifier
    ) throws(ModelError) -> ValueIdentifier {
        if let twin = twins[value] { return twin }
        let twin = try addTwin(of: value)
        nodes.append(
            internalNode(ChannelsLastOperators.toChannelsLast, [value], [twin], for: value))
        return twin
    }

    private mutating func addTwin(
        of value: ValueIdentifier
    ) throws(ModelError) -> ValueIdentifier {
        let name = "\(graph.valueNames[value]), channels last"
        let twin = graph.addValue(named: name)
        if let sizes = shape(value), sizes.count == 4 {
            let shape = try TensorShape([sizes[0], sizes[2], sizes[3], sizes[1]], of: name)
            graph.types[twin] = TensorType(element: .float32, shape: shape)
        }
        twins[value] = twin
        return twin
    }

    /// A twin of an output that some node will compute.
    private mutating func computedTwin(
        of value: ValueIdentifier
    ) throws(ModelError) -> ValueIdentifier {
        missing.insert(value)
        return try addTwin(of: value)
    }

    private func internalNode(
        _ name: String, _ inputs: [ValueIdentifier], _ outputs: [ValueIdentifier],
        for value: ValueIdentifier
    ) -> GraphNode {
        GraphNode(
            label: graph.valueNames[value], operatorName: name, attributes: [:], inputs: inputs,
            outputs: outputs, isInternal: true)
    }

    /// A node's name and attributes with other inputs and outputs.
    private func rewritten(
        _ node: GraphNode, as name: String, _ inputs: [ValueIdentifier],
        _ outputs: [ValueIdentifier]
    ) -> GraphNode {
        GraphNode(
            label: node.label, operatorName: name, attributes: node.attributes, inputs: inputs,
            outputs: outputs, activation: node.activation, isInternal: true)
    }

    // MARK: Nodes

    private mutating func appendConvolution(_ node: GraphNode) throws(ModelError) -> Bool {
        guard node.operatorName == "Conv", case let input?? = node.inputs.first,
            let output = node.soleOutput, let inputShape = shape(input), inputShape.count == 4,
            let weightsValue = node.inputs[1], let weights = graph.constants[weightsValue],
            let elements = weights.float32
        else { return false }
        var bias: [Float]?
        if node.inputs.count > 2, let value = node.inputs[2] {
            guard let elements = graph.floats(value) else { return false }
            bias = elements
        }
        let problem = try ConvolutionOperator.problem(
            NodePlanner.context(
                node, opset: graph.opset, types: graph.types, constants: graph.constants))
        let convolution = PixelConvolution(
            batch: inputShape[0], inputChannels: inputShape[1], outputChannels: weights.shape[0],
            groups: problem.groups,
            window: PlaneWindow(problem.window, spatial: problem.spatial),
            activation: node.activation)
        guard convolution.isSuitable else { return false }
        let packed = convolution.packedWeights(elements, bias: bias)
        let packedValue = graph.addConstant(
            try Tensor(shape: [packed.count], float32: packed), named: "\(node.label).packed")
        var rewritten = rewritten(
            node, as: ChannelsLastOperators.convolution,
            [try channelsLast(input), packedValue], [try computedTwin(of: output)])
        rewritten.attributes["kernel_shape"] = .integers(Array(weights.shape.dropFirst(2)))
        rewritten.attributes["output_channels"] = .integer(weights.shape[0])
        nodes.append(rewritten)
        return true
    }

    private mutating func appendPool(_ node: GraphNode) throws(ModelError) -> Bool {
        guard node.operatorName == "MaxPool", case let input?? = node.inputs.first,
            let output = node.soleOutput, let twin = twins[input],
            shape(output).map({ !$0.contains(0) }) == true
        else { return false }
        nodes.append(
            rewritten(
                node, as: ChannelsLastOperators.maxPool, [twin], [try computedTwin(of: output)]))
        return true
    }

    /// The mean over the whole image, by either of its names.
    private mutating func appendMean(_ node: GraphNode) throws(ModelError) -> Bool {
        guard case let input?? = node.inputs.first, let output = node.soleOutput,
            let twin = twins[input], let sizes = shape(input), !sizes.contains(0)
        else { return false }
        switch node.operatorName {
        case "GlobalAveragePool": break
        case "ReduceMean":
            var axes: [Int]?
            if case .integers(let given) = node.attributes["axes"] { axes = given }
            if node.inputs.count > 1, let value = node.inputs[1] {
                axes = graph.constants[value]?.integers
            }
            guard let axes, Set(axes.map { $0 < 0 ? $0 + 4 : $0 }) == [2, 3] else { return false }
        default: return false
        }
        var mean = rewritten(node, as: ChannelsLastOperators.mean, [twin], [output])
        mean.attributes = mean.attributes.filter { $0.key == "keepdims" }
        nodes.append(mean)
        return true
    }

    /// Joined channels.
    private mutating func appendJoin(_ node: GraphNode) throws(ModelError) -> Bool {
        guard node.operatorName == "Concat", let output = node.soleOutput,
            node.attributes["axis"] == .integer(1) || node.attributes["axis"] == .integer(-3)
        else { return false }
        let inputs = node.inputs.compactMap { $0.flatMap { twins[$0] } }
        guard inputs.count == node.inputs.count else { return false }
        var joined = node
        joined.inputs = inputs
        joined.outputs = [try computedTwin(of: output)]
        joined.attributes["axis"] = .integer(3)
        nodes.append(joined)
        return true
    }

    /// Functions of single elements, in whatever order these stand.
    private static let elementwise: Set<String> = [
        "Abs", "Add", "Clip", "Div", "Elu", "Gelu", "HardSigmoid", "HardSwish", "LeakyRelu",
        "Mish", "Mul", "Relu", "Sigmoid", "Softplus", "Sub", "Swish", "Tanh",
    ]

    /// All operands must have a twin, one pixel, or one element.
    private mutating func appendElementwise(_ node: GraphNode) throws(ModelError) -> Bool {
        guard Self.elementwise.contains(node.operatorName), let output = node.soleOutput,
            node.inputs.contains(where: { $0.map(missing.contains) == true })
        else { return false }
        for case let input? in node.inputs {
            if let constant = graph.constants[input] {
                guard constant.elements.count == 1, constant.shape.count <= 4 else { return false }
            } else {
                guard let sizes = shape(input), sizes.count == 4,
                    twins[input] != nil || sizes[2] * sizes[3] == 1
                else { return false }
            }
        }
        var inputs: [ValueIdentifier?] = []
        for input in node.inputs {
            guard let input, graph.constants[input] == nil else {
                inputs.append(input)
                continue
            }
            inputs.append(try channelsLast(input))
        }
        var arranged = node
        arranged.inputs = inputs
        arranged.outputs = [try computedTwin(of: output)]
        nodes.append(arranged)
        return true
    }
}
