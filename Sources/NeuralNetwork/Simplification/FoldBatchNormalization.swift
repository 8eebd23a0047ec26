/// Multiplies the scale of a `BatchNormalization` into the weights of the `Conv` before it, and
/// its shift into the bias.
///
/// With s = scale / sqrt(variance + epsilon): W' = s W, b' = s (b - mean) + shift (Ioffe and
/// Szegedy 2015, section 3.1).
enum FoldBatchNormalization {
    @Sendable
    static func run(_ graph: inout Graph) throws(ModelError) {
        let uses = GraphUses(graph)
        var removed: Set<Int> = []
        for (index, node) in graph.nodes.enumerated() {
            guard node.operatorName == "BatchNormalization", node.inputs.count == 5,
                case let normalized? = node.soleOutput, case let input?? = node.inputs.first,
                let producer = uses.producer(of: input),
                uses.soleConsumer(of: input) == index,
                let folded = fold(node, into: graph.nodes[producer], of: graph)
            else { continue }
            var convolution = graph.nodes[producer]
            let weights = graph.addConstant(folded.weights, named: "\(node.label).weights")
            let bias = graph.addConstant(folded.bias, named: "\(node.label).bias")
            convolution.inputs = [convolution.inputs[0], weights, bias]
            convolution.outputs = [normalized]
            graph.nodes[producer] = convolution
            removed.insert(index)
        }
        graph.removeNodes(at: removed)
    }

    private static func fold(
        _ node: GraphNode, into convolution: GraphNode, of graph: Graph
    ) -> (weights: Tensor, bias: Tensor)? {
        guard convolution.operatorName == "Conv", convolution.inputs.count >= 2,
            node.attributes["training_mode"] ?? .integer(0) == .integer(0),
            let value = convolution.inputs[1], let weights = graph.constants[value],
            var elements = weights.float32, let channels = weights.shape.first, channels > 0,
            let scale = graph.floats(node.inputs[1]), let shift = graph.floats(node.inputs[2]),
            let mean = graph.floats(node.inputs[3]), let variance = graph.floats(node.inputs[4]),
            [scale, shift, mean, variance].allSatisfy({ $0.count == channels })
        else { return nil }
        var bias = [Float](repeating: 0, count: channels)
        if convolution.inputs.count > 2, let value = convolution.inputs[2] {
            guard let given = graph.floats(value), given.count == channels else { return nil }
            bias = given
        }
        var epsilon: Float = 1e-5
        if case .float(let given) = node.attributes["epsilon"] { epsilon = given }
        let channelCount = elements.count / channels
        for channel in 0..<channels {
            let factor = scale[channel] / (variance[channel] + epsilon).squareRoot()
            for index in channel * channelCount..<(channel + 1) * channelCount {
                elements[index] *= factor
            }
            bias[channel] = (bias[channel] - mean[channel]) * factor + shift[channel]
        }
        guard let biasShape = try? TensorShape([channels], of: "bias") else { return nil }
        return (
            Tensor(checked: weights.checkedShape, elements: .float32(elements)),
            Tensor(checked: biasShape, elements: .float32(bias))
        )
    }
}
