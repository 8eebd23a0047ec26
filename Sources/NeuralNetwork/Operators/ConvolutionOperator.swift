internal import CKernels

/// `Conv` in one or two spatial dimensions: groups, dilation, any padding.
enum ConvolutionOperator {
    static let definitions = [
        OperatorDefinition(
            "Conv", attributes: WindowAttributes.names.union(["group"]), inputs: 2...3, plan: plan)
    ]

    /// What one node asks for.
    struct Problem {
        let input: TensorShape
        let weights: TensorShape
        let groups: Int
        let window: WindowAttributes

        var spatial: [Int] { Array(input.dimensions.dropFirst(2)) }
        var outputSizes: [Int] { [input[0], weights[0]] + window.output }
    }

    @Sendable
    private static func plan(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let problem = try problem(context)
        let output = try context.output(.float32, problem.outputSizes)
        let kernel = ConvolutionKernel(
            batch: problem.input[0], inputChannels: problem.input[1],
            outputChannels: problem.weights[0], groups: problem.groups,
            window: PlaneWindow(problem.window, spatial: problem.spatial),
            activation: context.node.activation)
        return .kernel(output, scratchFloatCount: kernel.scratchFloatCount, kernel.kernel)
    }

    /// Checks inputs and attributes of a `Conv`.
    static func problem(_ context: NodeContext) throws(ModelError) -> Problem {
        let input = try context.floatType(0).shape
        let weights = try context.floatType(1).shape
        guard input.rank >= 3, weights.rank == input.rank else {
            throw context.invalid(
                "input \(input.dimensions) and weights \(weights.dimensions) do not fit")
        }
        guard input.rank <= 4 else { throw context.unsupported("\(input.rank - 2) dimensions") }
        let groups = try context.integer("group", default: 1)
        guard groups > 0, input[1] % groups == 0, weights[0] % groups == 0,
            weights[1] == input[1] / groups, !weights.dimensions.contains(0)
        else {
            throw context.invalid(
                "weights \(weights.dimensions) in \(groups) groups do not fit the input "
                    + "\(input.dimensions)")
        }
        let kernel = Array(weights.dimensions.dropFirst(2))
        if let declared = try context.integers("kernel_shape"), declared != kernel {
            throw context.invalid("kernel_shape \(declared) is not the weights' \(kernel)")
        }
        if context.isPresent(2) {
            let bias = try context.floatType(2).shape
            guard bias.dimensions == [weights[0]] else {
                throw context.invalid("bias \(bias.dimensions) is not [\(weights[0])]")
            }
        }
        let spatial = Array(input.dimensions.dropFirst(2))
        let window = try WindowAttributes(context, spatial: spatial, kernel: kernel)
        return Problem(input: input, weights: weights, groups: groups, window: window)
    }
}
