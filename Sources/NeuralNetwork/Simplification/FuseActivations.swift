/// Lets the node before an activation apply it.
enum FuseActivations {
    /// Operators whose kernels apply ``GraphNode/activation``.
    private static let hosts: Set<String> = ["Conv", "Gemm", "Add", "Mul", "Sub"]

    @Sendable
    static func run(_ graph: inout Graph) throws(ModelError) {
        let uses = GraphUses(graph)
        var removed: Set<Int> = []
        for (index, node) in graph.nodes.enumerated() {
            guard case let input?? = node.inputs.first, case let activated? = node.soleOutput,
                let producer = uses.producer(of: input),
                uses.soleConsumer(of: input) == index,
                hosts.contains(graph.nodes[producer].operatorName),
                graph.nodes[producer].activation == .identity,
                graph.types[activated]?.element == .float32,
                let activation = ActivationOperators.activation(of: node, in: graph)
            else { continue }
            graph.nodes[producer].activation = activation
            graph.nodes[producer].outputs = [activated]
            removed.insert(index)
        }
        graph.removeNodes(at: removed)
    }
}
