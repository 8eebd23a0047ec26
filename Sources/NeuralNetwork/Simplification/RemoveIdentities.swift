/// Lets consumers of an `Identity` or `Dropout` read its input directly.
enum RemoveIdentities {
    @Sendable
    static func run(_ graph: inout Graph) throws(ModelError) {
        let uses = GraphUses(graph)
        var replacements: [ValueIdentifier: ValueIdentifier] = [:]
        var removed: Set<Int> = []
        for (index, node) in graph.nodes.enumerated() {
            graph.nodes[index].inputs = node.inputs.map { $0.map { replacements[$0] ?? $0 } }
            guard ["Identity", "Dropout"].contains(node.operatorName),
                case let output?? = node.outputs.first,
                case let input?? = graph.nodes[index].inputs.first
            else { continue }
            let hasUsedMask = node.outputs.dropFirst().contains { $0.map(uses.isUsed) ?? false }
            guard !hasUsedMask else { continue }
            replacements[output] = input
            removed.insert(index)
        }
        graph.outputs = graph.outputs.map { replacements[$0] ?? $0 }
        graph.taps = graph.taps.map { replacements[$0] ?? $0 }
        graph.removeNodes(at: removed)
    }
}
