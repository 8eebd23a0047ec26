/// Moves the zeros of a `Pad` into the `pads` of the convolution that follows.
///
/// Legal if the padding is constant zero, not negative, touches no batch or channel, and the
/// convolution states its padding as numbers.
enum FusePadding {
    @Sendable
    static func run(_ graph: inout Graph) throws(ModelError) {
        let uses = GraphUses(graph)
        var removed: Set<Int> = []
        for (index, node) in graph.nodes.enumerated() where node.operatorName == "Pad" {
            guard case let output? = node.soleOutput,
                let consumer = uses.soleConsumer(of: output),
                graph.nodes[consumer].operatorName == "Conv",
                graph.nodes[consumer].inputs.first == .some(output),
                let pads = zeroPads(of: node, in: graph),
                let fused = fusedPads(of: graph.nodes[consumer], adding: pads)
            else { continue }
            graph.nodes[consumer].attributes["pads"] = .integers(fused)
            graph.nodes[consumer].attributes["auto_pad"] = nil
            graph.nodes[consumer].inputs[0] = node.inputs[0]
            removed.insert(index)
        }
        graph.removeNodes(at: removed)
    }

    /// The padding of all dimensions, begins before ends, if it consists of zeros.
    private static func zeroPads(of node: GraphNode, in graph: Graph) -> [Int]? {
        if let mode = node.attributes["mode"], mode != .string("constant") { return nil }
        if let value = node.attributes["value"], value != .float(0) { return nil }
        if node.inputs.count > 3, node.inputs[3] != nil { return nil }
        if node.inputs.count > 2, let value = node.inputs[2] {
            guard let elements = graph.floats(value), elements.allSatisfy({ $0 == 0 }) else {
                return nil
            }
        }
        if case .integers(let pads) = node.attributes["pads"] { return pads }
        guard node.inputs.count > 1, let value = node.inputs[1] else { return nil }
        return graph.constants[value]?.integers
    }

    private static func fusedPads(of convolution: GraphNode, adding pads: [Int]) -> [Int]? {
        let rank = pads.count / 2
        let spatialCount = rank - 2
        guard spatialCount > 0, pads.count == 2 * rank,
            pads.allSatisfy({ 0...WindowAttributes.extentLimit ~= $0 }),
            pads[0] == 0, pads[1] == 0, pads[rank] == 0, pads[rank + 1] == 0
        else { return nil }
        var own = [Int](repeating: 0, count: 2 * spatialCount)
        switch convolution.attributes["auto_pad"] {
        case nil, .string("NOTSET"):
            if case .integers(let given) = convolution.attributes["pads"] { own = given }
        case .string("VALID"): break
        default: return nil
        }
        guard own.count == 2 * spatialCount,
            own.allSatisfy({ 0...WindowAttributes.extentLimit ~= $0 })
        else { return nil }
        let added = Array(pads[2..<rank]) + Array(pads[(rank + 2)...])
        return zip(own, added).map(+)
    }
}
