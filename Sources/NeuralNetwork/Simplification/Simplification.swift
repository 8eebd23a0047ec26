/// Rewrites of a specialised graph that compute the same with fewer or cheaper nodes.
enum Simplification {
    /// One rewrite.
    struct Pass: Sendable {
        let name: String
        let run: @Sendable (inout Graph) throws(ModelError) -> Void
    }

    /// In this order, since each makes room for the next.
    static let pipeline = [
        Pass(name: "remove identities", run: RemoveIdentities.run),
        Pass(name: "fuse padding", run: FusePadding.run),
        Pass(name: "fold batch normalisation", run: FoldBatchNormalization.run),
        Pass(name: "recognise activations", run: RecognizeActivations.run),
        Pass(name: "remove unused nodes", run: RemoveUnusedNodes.run),
        Pass(name: "fuse activations", run: FuseActivations.run),
        Pass(name: "arrange channels last", run: ArrangeChannelsLast.run),
        Pass(name: "fuse sums", run: FuseSums.run),
    ]

    static func run(on graph: inout Graph) throws(ModelError) {
        for pass in pipeline {
            try pass.run(&graph)
        }
    }
}

/// Who uses each value of a graph; taken before a pass changes it.
struct GraphUses {
    private let consumers: [ValueIdentifier: [Int]]
    private let outputs: Set<ValueIdentifier>
    private let producers: [ValueIdentifier: Int]

    init(_ graph: Graph) {
        var consumers: [ValueIdentifier: [Int]] = [:]
        var producers: [ValueIdentifier: Int] = [:]
        for (index, node) in graph.nodes.enumerated() {
            for case let input? in node.inputs { consumers[input, default: []].append(index) }
            for case let output? in node.outputs { producers[output] = index }
        }
        self.consumers = consumers
        self.producers = producers
        outputs = Set(graph.readValues)
    }

    func isUsed(_ value: ValueIdentifier) -> Bool {
        outputs.contains(value) || consumers[value] != nil
    }

    /// The index of the only node that reads the value, if nothing else does.
    func soleConsumer(of value: ValueIdentifier) -> Int? {
        guard !outputs.contains(value), let nodes = consumers[value], nodes.count == 1 else {
            return nil
        }
        return nodes[0]
    }

    /// All nodes that read the value, in order, with repetition.
    func consumers(of value: ValueIdentifier) -> [Int] { consumers[value] ?? [] }

    /// The index of the node that computes the value.
    func producer(of value: ValueIdentifier) -> Int? { producers[value] }
}

extension Graph {
    /// Removes the nodes at the given indices.
    mutating func removeNodes(at indices: Set<Int>) {
        guard !indices.isEmpty else { return }
        nodes = nodes.enumerated().filter { !indices.contains($0.offset) }.map(\.element)
    }

    /// The elements of a float32 constant.
    func floats(_ value: ValueIdentifier?) -> [Float]? {
        value.flatMap { constants[$0]?.float32 }
    }

    /// Adds a constant.
    mutating func addConstant(_ tensor: Tensor, named name: String) -> ValueIdentifier {
        let value = addValue(named: name)
        constants[value] = tensor
        return value
    }
}
