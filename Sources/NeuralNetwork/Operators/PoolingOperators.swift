internal import CKernels

/// Pools: the largest or the mean element under a window, or of a whole plane.
enum PoolingOperators {
    static let definitions = [
        OperatorDefinition(
            "MaxPool",
            attributes: WindowAttributes.names.union(["ceil_mode", "storage_order"]),
            outputs: 1...2, plan: maxPool),
        OperatorDefinition(
            "AveragePool",
            attributes: WindowAttributes.names.union(["ceil_mode", "count_include_pad"]),
            plan: averagePool),
        OperatorDefinition("GlobalAveragePool") { context throws(ModelError) in
            try global(context) { plane, offset, count in
                // The view checks that the plane lies within the input.
                unsafe regrade_sum_f32(plane.pointer(at: offset, count: count), count)
                    / Float(count)
            }
        },
        OperatorDefinition("GlobalMaxPool") { context throws(ModelError) in
            try global(context) { plane, offset, count in
                var largest = -Float.infinity
                for index in offset..<offset + count {
                    let element = plane[index]
                    if element > largest || element.isNaN { largest = element }
                }
                return largest
            }
        },
    ]

    /// The window and the output type of a pool over the input's spatial dimensions.
    private static func window(
        _ context: NodeContext
    ) throws(ModelError) -> (window: WindowAttributes, output: TensorType, spatial: [Int]) {
        let shape = try context.floatType(0).shape
        guard shape.rank >= 3 else { throw context.invalid("its input has no spatial dimensions") }
        guard let kernel = try context.integers("kernel_shape") else {
            throw context.invalid("attribute kernel_shape is missing")
        }
        let spatial = Array(shape.dimensions.dropFirst(2))
        let window = try WindowAttributes(
            context, spatial: spatial, kernel: kernel, roundsUp: try context.flag("ceil_mode"))
        let output = try context.output(.float32, [shape[0], shape[1]] + window.output)
        return (window, output, spatial)
    }

    @Sendable
    private static func maxPool(_ context: NodeContext) throws(ModelError) -> NodePlan {
        guard context.node.outputs.count == 1 else {
            throw context.unsupported("the output Indices")
        }
        let (window, output, spatial) = try window(context)
        let planeCount = output.shape[0] * output.shape[1]
        guard spatial.count <= 2, output.shape.elementCount > 0 else {
            let walk = try PoolingWalk(window, spatial: spatial)
            return .kernel(output) { arguments in
                walk.run(arguments, planeCount: planeCount, start: -.infinity) { largest, element in
                    element > largest || element.isNaN ? element : largest
                }
            }
        }
        let planeWindow = PlaneWindow(window, spatial: spatial)
        return .kernel(output) { arguments in
            let input = arguments.input(0, as: Float.self)
            let output = arguments.output(0, as: Float.self)
            var argument = planeWindow.kernelArgument
            let (inputCount, outputCount) = (planeWindow.inputCount, planeWindow.outputCount)
            for plane in 0..<planeCount {
                // The views check that both planes lie within their values.
                unsafe regrade_max_pool_f32(
                    input.pointer(at: plane * inputCount, count: inputCount), &argument,
                    output.pointer(at: plane * outputCount, count: outputCount))
            }
        }
    }

    @Sendable
    private static func averagePool(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let (window, output, spatial) = try window(context)
        let countsPadding = try context.flag("count_include_pad")
        let planeCount = output.shape[0] * output.shape[1]
        let walk = try PoolingWalk(window, spatial: spatial)
        return .kernel(output) { arguments in
            walk.run(
                arguments, planeCount: planeCount, start: 0, combine: +,
                finish: { sum, inside, padded in
                    sum / Float(countsPadding ? padded : inside)
                })
        }
    }

    private static func global(
        _ context: NodeContext,
        _ reduce: @escaping @Sendable (ElementBuffer<Float>, Int, Int) -> Float
    ) throws(ModelError) -> NodePlan {
        let shape = try context.floatType(0).shape
        guard shape.rank >= 2 else { throw context.invalid("its input has no channels") }
        let spatial = Array(shape.dimensions.dropFirst(2))
        let count = spatial.reduce(1, *)
        let output = try context.output(
            .float32, [shape[0], shape[1]] + spatial.map { _ in 1 })
        return .kernel(output) { arguments in
            let input = arguments.input(0, as: Float.self)
            let output = arguments.output(0, as: Float.self)
            for plane in output.indices { output[plane] = reduce(input, plane * count, count) }
        }
    }
}
