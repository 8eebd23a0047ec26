/// All that the engine knows about one operator; see `docs/operators.md` for how to add one.
struct OperatorDefinition: Sendable {
    let name: String
    /// Versions of the default operator set in which the definition below holds.
    let opsets: ClosedRange<Int>
    /// The attributes that `plan` takes into account; a node with any other is refused.
    let attributes: Set<String>
    let inputCount: ClosedRange<Int>
    let outputCount: ClosedRange<Int>
    /// Computes the types of the outputs and how to compute their elements.
    let plan: @Sendable (NodeContext) throws(ModelError) -> NodePlan

    init(
        _ name: String, opsets: ClosedRange<Int> = ModelLimits.opsetRange,
        attributes: Set<String> = [], inputs: ClosedRange<Int> = 1...1,
        outputs: ClosedRange<Int> = 1...1,
        plan: @escaping @Sendable (NodeContext) throws(ModelError) -> NodePlan
    ) {
        self.name = name
        self.opsets = opsets
        self.attributes = attributes
        inputCount = inputs
        outputCount = outputs
        self.plan = plan
    }
}

/// What an operator decided for one node and the shapes of its inputs.
struct NodePlan: Sendable {
    enum Work: Sendable {
        /// The outputs are computed by a kernel.
        case kernel(scratchFloatCount: Int, Kernel)
        /// The output is the first input with another shape; nothing is computed.
        case view
        /// The outputs are known without running.
        case constants([Tensor])
    }

    let outputs: [TensorType]
    let work: Work

    /// One output computed by `kernel`.
    static func kernel(
        _ output: TensorType, scratchFloatCount: Int = 0, _ kernel: @escaping Kernel
    ) -> NodePlan {
        NodePlan(
            outputs: [output], work: .kernel(scratchFloatCount: scratchFloatCount, kernel))
    }

    static func kernel(_ outputs: [TensorType], _ kernel: @escaping Kernel) -> NodePlan {
        NodePlan(outputs: outputs, work: .kernel(scratchFloatCount: 0, kernel))
    }

    static func view(_ output: TensorType) -> NodePlan {
        NodePlan(outputs: [output], work: .view)
    }

    static func constant(_ tensor: Tensor) -> NodePlan {
        NodePlan(outputs: [tensor.type], work: .constants([tensor]))
    }
}
