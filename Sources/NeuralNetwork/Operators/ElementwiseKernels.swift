internal import CKernels

/// Plans for functions of single elements.
enum ElementwisePlans {
    /// `output[i] = function(input[i])`.
    static func map<Input: TensorElement, Output: TensorElement>(
        _ context: NodeContext, _ function: @escaping @Sendable (Input) -> Output
    ) throws(ModelError) -> NodePlan {
        let output = try context.output(Output.elementType, try context.shape(0).dimensions)
        return .kernel(output) { arguments in
            let input = arguments.input(0, as: Input.self)
            let output = arguments.output(0, as: Output.self)
            for index in input.indices { output[index] = function(input[index]) }
        }
    }

    /// `output = function(left, right)` with broadcasting.
    static func combine<Left: TensorElement, Right: TensorElement, Output: TensorElement>(
        _ context: NodeContext, _ function: @escaping @Sendable (Left, Right) -> Output
    ) throws(ModelError) -> NodePlan {
        let (output, loop) = try broadcast(context, element: Output.elementType)
        return .kernel(output) { arguments in
            let left = arguments.input(0, as: Left.self)
            let right = arguments.input(1, as: Right.self)
            let output = arguments.output(0, as: Output.self)
            loop.forEachElement { index, operands in
                output[index] = function(left[operands[0]], right[operands[1]])
            }
        }
    }

    /// Float32 sum, difference or product with broadcasting, and the node's activation.
    static func combine(
        _ context: NodeContext, _ kind: regrade_binary_kind
    ) throws(ModelError) -> NodePlan {
        let (type, loop) = try broadcast(context, element: .float32)
        let activation = context.node.activation
        return .kernel(type) { arguments in
            let left = arguments.input(0, as: Float.self)
            let right = arguments.input(1, as: Float.self)
            let output = arguments.output(0, as: Float.self)
            let (rows, columns) = (loop.rowCount, loop.columnCount)
            let (rowSteps, columnSteps) = (loop.rowSteps, loop.columnSteps)
            let leftCount = (rows - 1) * rowSteps[0] + (columns - 1) * columnSteps[0] + 1
            let rightCount = (rows - 1) * rowSteps[1] + (columns - 1) * columnSteps[1] + 1
            loop.forEachBlock { index, operands in
                // The views check that the whole block lies within each value.
                unsafe regrade_binary_f32(
                    left.pointer(at: operands[0], count: leftCount), rowSteps[0], columnSteps[0],
                    right.pointer(at: operands[1], count: rightCount), rowSteps[1],
                    columnSteps[1], output.pointer(at: index, count: rows * columns), rows,
                    columns, kind, activation.kernelArgument)
            }
        }
    }

    /// Applies an activation to a float32 input.
    static func activate(
        _ context: NodeContext, _ activation: Activation
    ) throws(ModelError) -> NodePlan {
        let type = try context.floatType(0)
        return .kernel(type) { arguments in
            let input = arguments.input(0, as: Float.self)
            let output = arguments.output(0, as: Float.self)
            unsafe regrade_activate_f32(
                input.pointer(count: input.count), output.pointer(count: input.count),
                input.count, activation.kernelArgument)
        }
    }

    private static func broadcast(
        _ context: NodeContext, element: ElementType
    ) throws(ModelError) -> (TensorType, BroadcastLoop) {
        let left = try context.shape(0).dimensions
        let right = try context.shape(1).dimensions
        guard let shape = Broadcasting.shape([left, right]) else {
            throw context.invalid("shapes \(left) and \(right) do not broadcast")
        }
        return (
            try context.output(element, shape),
            BroadcastLoop(output: shape, operands: [left, right])
        )
    }
}
