/// Removes nodes that no output depends on.
enum RemoveUnusedNodes {
    @Sendable
    static func run(_ graph: inout Graph) throws(ModelError) {
        var needed = Set(graph.readValues)
        var unused: Set<Int> = []
        for (index, node) in graph.nodes.enumerated().reversed() {
            let isNeeded = node.outputs.contains { $0.map(needed.contains) ?? false }
            guard isNeeded else {
                unused.insert(index)
                continue
            }
            for case let input? in node.inputs { needed.insert(input) }
        }
        graph.removeNodes(at: unused)
    }
}
