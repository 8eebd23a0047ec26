/// Lets a convolution add what an `Add` behind it would add.
///
/// The convolution moves to the place of the `Add`, where the other operand is known.
enum FuseSums {
    @Sendable
    static func run(_ graph: inout Graph) throws(ModelError) {
        let uses = GraphUses(graph)
        var removed: Set<Int> = []
        for (index, node) in graph.nodes.enumerated()
        where node.operatorName == "Add" && node.inputs.count == 2 {
            guard let left = node.inputs[0], let right = node.inputs[1], left != right,
                let type = graph.types[left], graph.types[right] == type
            else { continue }
            for (sum, addend) in [(right, left), (left, right)] {
                guard let producer = uses.producer(of: sum), uses.soleConsumer(of: sum) == index,
                    case let convolution = graph.nodes[producer],
                    convolution.isInternal,
                    convolution.operatorName == ChannelsLastOperators.convolution,
                    convolution.inputs.count == 2, convolution.activation == .identity,
                    case .integer(let groups) =
                        convolution.attributes["group"] ?? .integer(1), groups == 1
                else { continue }
                var fused = convolution
                fused.inputs.append(addend)
                fused.outputs = node.outputs
                fused.activation = node.activation
                graph.nodes[index] = fused
                removed.insert(producer)
                break
            }
        }
        graph.removeNodes(at: removed)
    }
}
