/// Where a value lies: in the program's constants or in the session's arena.
enum ValueLocation: Sendable, Hashable {
    case constant(offset: Int)
    case arena(offset: Int)
}

/// A value that a step reads or writes.
struct StepValue: Sendable, Hashable {
    let location: ValueLocation
    let type: TensorType
}

/// One kernel call of a program.
struct ProgramStep: Sendable {
    let label: String
    let operatorName: String
    let kernel: Kernel
    let scratchFloatCount: Int
    let inputs: [StepValue?]
    let outputs: [StepValue]
}

/// Turns a simplified graph into steps, and gives every value its place.
struct ProgramPlanner {
    private struct PlannedNode {
        let node: GraphNode
        let outputs: [TensorType]
        let scratchFloatCount: Int
        let kernel: Kernel
        /// The buffer of each output.
        let buffers: [Int]
    }

    private let graph: Graph
    private var types: [ValueIdentifier: TensorType] = [:]
    private var buffers: [ValueIdentifier: Int] = [:]
    private var requests: [(byteCount: Int, first: Int, last: Int)] = []
    private var planned: [PlannedNode] = []

    private init(_ graph: Graph) {
        self.graph = graph
    }

    /// All that a session needs to run.
    struct Result: Sendable {
        let steps: [ProgramStep]
        let inputs: [StepValue]
        let outputs: [StepValue]
        let taps: [StepValue]
        let constants: AlignedMemory
        let arenaByteCount: Int
        let scratchFloatCount: Int
    }

    static func plan(
        _ graph: Graph, inputTypes: [TensorType]
    ) throws(ModelError) -> Result {
        var planner = ProgramPlanner(graph)
        planner.reserveInputs(inputTypes)
        for node in graph.nodes {
            try planner.reserve(node)
        }
        // Outputs and taps stay readable until the next run.
        for value in graph.readValues {
            planner.extendLifetime(of: value, to: Int.max)
        }
        return try planner.finish(inputTypes)
    }

    /// Inputs keep their contents between runs, so that a caller need not write them again.
    private mutating func reserveInputs(_ inputTypes: [TensorType]) {
        for (input, type) in zip(graph.inputs, inputTypes) {
            types[input.value] = type
            buffers[input.value] = requests.count
            requests.append((type.byteCount, 0, Int.max))
        }
    }

    private mutating func reserve(_ node: GraphNode) throws(ModelError) {
        let plan = try NodePlanner.plan(
            node, opset: graph.opset, types: types, constants: graph.constants)
        let step = planned.count
        for case let input? in node.inputs { extendLifetime(of: input, to: step) }
        switch plan.work {
        case .view:
            guard case let input?? = node.inputs.first, case let output?? = node.outputs.first,
                let buffer = buffers[input]
            else { throw internalInconsistency(node) }
            types[output] = plan.outputs[0]
            buffers[output] = buffer
        case .kernel(let scratchFloatCount, let kernel):
            var outputBuffers: [Int] = []
            for (index, type) in plan.outputs.enumerated() {
                outputBuffers.append(requests.count)
                if index < node.outputs.count, let output = node.outputs[index] {
                    types[output] = type
                    buffers[output] = requests.count
                }
                requests.append((type.byteCount, step, step))
            }
            planned.append(
                PlannedNode(
                    node: node, outputs: plan.outputs, scratchFloatCount: scratchFloatCount,
                    kernel: kernel, buffers: outputBuffers))
        case .constants:
            throw internalInconsistency(node)
        }
    }

    /// The specializer left a node whose result is known.
    private func internalInconsistency(_ node: GraphNode) -> ModelError {
        .invalidNode(
            node: node.label, operatorName: node.operatorName, reason: "it was not folded")
    }

    private mutating func extendLifetime(of value: ValueIdentifier, to step: Int) {
        guard let buffer = buffers[value] else { return }
        requests[buffer].last = max(requests[buffer].last, step)
    }

    private func finish(_ inputTypes: [TensorType]) throws(ModelError) -> Result {
        let end = max(1, planned.count)
        let placement = ArenaPlanner.place(
            requests.map {
                BufferRequest(byteCount: $0.byteCount, lifetime: $0.first...min($0.last, end))
            })
        var constants = ConstantLayout(graph: graph)
        for planned in planned { constants.append(planned.node.inputs) }
        constants.append(graph.readValues)
        let scratchFloatCount = planned.map(\.scratchFloatCount).max() ?? 0
        let total = placement.byteCount + constants.layout.byteCount + scratchFloatCount * 4
        guard total <= ModelLimits.workingMemoryByteLimit else {
            throw .limitExceeded(
                what: "memory of the planned network in bytes", value: total,
                limit: ModelLimits.workingMemoryByteLimit)
        }
        func value(_ identifier: ValueIdentifier) -> StepValue? {
            if let offset = constants.offsets[identifier], let tensor = graph.constants[identifier]
            {
                return StepValue(location: .constant(offset: offset), type: tensor.type)
            }
            guard let buffer = buffers[identifier], let type = types[identifier] else { return nil }
            return StepValue(location: .arena(offset: placement.offsets[buffer]), type: type)
        }
        let steps = planned.map { planned in
            ProgramStep(
                label: planned.node.label, operatorName: planned.node.operatorName,
                kernel: planned.kernel, scratchFloatCount: planned.scratchFloatCount,
                inputs: planned.node.inputs.map { $0.flatMap(value) },
                outputs: zip(planned.buffers, planned.outputs).map { buffer, type in
                    StepValue(location: .arena(offset: placement.offsets[buffer]), type: type)
                })
        }
        return Result(
            steps: steps,
            inputs: graph.inputs.compactMap { input in
                buffers[input.value].map {
                    StepValue(
                        location: .arena(offset: placement.offsets[$0]),
                        type: types[input.value] ?? inputTypes[0])
                }
            },
            outputs: graph.outputs.compactMap(value), taps: graph.taps.compactMap(value),
            constants: constants.memory(),
            arenaByteCount: placement.byteCount, scratchFloatCount: scratchFloatCount)
    }
}

/// The constants that steps read, each once.
private struct ConstantLayout {
    let graph: Graph
    private(set) var layout = ArenaLayout()
    private(set) var offsets: [ValueIdentifier: Int] = [:]

    init(graph: Graph) {
        self.graph = graph
    }

    mutating func append(_ values: [ValueIdentifier?]) {
        for case let value? in values where offsets[value] == nil {
            guard let tensor = graph.constants[value] else { continue }
            offsets[value] = layout.append(byteCount: tensor.type.byteCount)
        }
    }

    func memory() -> AlignedMemory {
        let memory = AlignedMemory(byteCount: layout.byteCount)
        for (value, offset) in offsets {
            // `append` reserved the bytes of this constant at `offset`.
            unsafe graph.constants[value]?.elements.copy(to: memory.pointer(at: offset))
        }
        return memory
    }
}
