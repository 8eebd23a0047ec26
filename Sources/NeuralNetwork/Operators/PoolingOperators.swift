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
        guard context.node.outputs.count == 1 else { throw context.unsupported("the output Indices") }
        let (window, output, spatial) = try window(context)
        let planeCount = output.shape[0] * output.shape[1]
        guard spatial.count <= 2, output.shape.elementCount > 0 else {
            let walk = PoolingWalk(window, spatial: spatial)
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
        let walk = PoolingWalk(window, spatial: spatial)
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

/// A window that moves over planes of any rank; plain loops.
struct PoolingWalk: Sendable {
    /// For one dimension: for each output position the input positions under the window.
    private struct Axis: Sendable {
        /// Input coordinates inside of the input, as element offsets.
        let offsets: [[Int]]
        /// How many of the window's positions lie inside of the padded input.
        let paddedCounts: [Int]
    }

    private let axes: [Axis]
    private let inputCount: Int

    init(_ window: WindowAttributes, spatial: [Int]) {
        inputCount = spatial.reduce(1, *)
        var stride = inputCount
        var axes: [Axis] = []
        for index in spatial.indices {
            let size = spatial[index]
            stride /= max(1, size)
            let end = size + window.padsAfter[index]
            var offsets: [[Int]] = []
            var paddedCounts: [Int] = []
            for output in 0..<window.output[index] {
                let first = output * window.strides[index] - window.padsBefore[index]
                let positions = (0..<window.kernel[index]).map {
                    first + $0 * window.dilations[index]
                }
                offsets.append(positions.filter { $0 >= 0 && $0 < size }.map { $0 * stride })
                paddedCounts.append(positions.count { $0 < end })
            }
            axes.append(Axis(offsets: offsets, paddedCounts: paddedCounts))
        }
        self.axes = axes
    }

    /// Combines the elements under each window, then calls `finish` with the result, the number of
    /// elements and the number of positions inside of the padded input.
    @inline(__always)
    func run(
        _ arguments: KernelArguments, planeCount: Int, start: Float,
        combine: (Float, Float) -> Float,
        finish: (Float, Int, Int) -> Float = { result, _, _ in result }
    ) {
        let input = arguments.input(0, as: Float.self)
        let output = arguments.output(0, as: Float.self)
        var index = 0
        for plane in 0..<planeCount {
            forEachWindow { window in
                var result = start
                var count = 0
                var padded = 1
                for (axis, position) in window.enumerated() {
                    padded *= axes[axis].paddedCounts[position]
                }
                visit(window, axis: 0, offset: plane * inputCount) { offset in
                    result = combine(result, input[offset])
                    count += 1
                }
                output[index] = finish(result, count, padded)
                index += 1
            }
        }
    }

    /// Calls `body` with the output position along each axis, in row-major order.
    private func forEachWindow(_ body: ([Int]) -> Void) {
        var position = [Int](repeating: 0, count: axes.count)
        let count = axes.reduce(1) { $0 * $1.offsets.count }
        for _ in 0..<count {
            body(position)
            for axis in axes.indices.reversed() {
                position[axis] += 1
                if position[axis] < axes[axis].offsets.count { break }
                position[axis] = 0
            }
        }
    }

    private func visit(_ window: [Int], axis: Int, offset: Int, _ body: (Int) -> Void) {
        guard axis < axes.count else {
            body(offset)
            return
        }
        for step in axes[axis].offsets[window[axis]] {
            visit(window, axis: axis + 1, offset: offset + step, body)
        }
    }
}
