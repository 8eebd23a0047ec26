/// Replaces activations that exporters spell out by one node.
///
/// `x * HardSigmoid(x)` with slope 1/6 and offset 1/2 is `HardSwish(x)`; `x * Sigmoid(x)` is
/// `Swish(x)`, which has an operator of its own only from opset 24 on.
enum RecognizeActivations {
    @Sendable
    static func run(_ graph: inout Graph) throws(ModelError) {
        let uses = GraphUses(graph)
        for (index, node) in graph.nodes.enumerated() where node.operatorName == "Mul" {
            guard node.inputs.count == 2, let left = node.inputs[0], let right = node.inputs[1]
            else { continue }
            for (plain, gate) in [(left, right), (right, left)] {
                guard let producer = uses.producer(of: gate),
                    graph.nodes[producer].inputs.first == .some(plain),
                    let name = productName(of: graph.nodes[producer])
                else { continue }
                graph.nodes[index] = GraphNode(
                    label: node.label, operatorName: name, attributes: [:], inputs: [plain],
                    outputs: node.outputs)
                break
            }
        }
    }

    /// The operator that equals the product of its input and this node.
    private static func productName(of node: GraphNode) -> String? {
        switch node.operatorName {
        case "Sigmoid": return "Swish"
        case "HardSigmoid":
            guard case .float(let alpha) = node.attributes["alpha"],
                abs(alpha - 1 / 6) < 1e-6,
                node.attributes["beta"] ?? .float(0.5) == .float(0.5)
            else { return nil }
            return "HardSwish"
        default: return nil
        }
    }
}
