/// Operators that rearrange or repeat elements by fixed steps.
enum MovementOperators {
    static let definitions = [
        OperatorDefinition("Transpose", attributes: ["perm"], plan: transpose),
        OperatorDefinition("Expand", inputs: 2...2, plan: expand),
        OperatorDefinition("Tile", inputs: 2...2, plan: tile),
        OperatorDefinition(
            "DepthToSpace", attributes: ["blocksize", "mode"], plan: depthToSpace),
        OperatorDefinition(
            "SpaceToDepth", attributes: ["blocksize"], plan: spaceToDepth),
    ]

    @Sendable
    private static func transpose(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let type = try context.type(0)
        let rank = type.shape.rank
        let order = try context.integers("perm") ?? (0..<rank).reversed()
        guard order.sorted() == Array(0..<rank) else {
            throw context.invalid("perm \(order) does not order \(rank) dimensions")
        }
        let strides = type.shape.strides
        return try copy(
            try context.output(type.element, order.map { type.shape[$0] }),
            sizes: order.map { type.shape[$0] }, steps: order.map { strides[$0] })
    }

    @Sendable
    private static func expand(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let type = try context.type(0)
        let target = try context.integers(1)
        guard target.allSatisfy({ $0 >= 0 }),
            let sizes = Broadcasting.shape([type.shape.dimensions, target])
        else { throw context.invalid("\(type) does not broadcast with \(target)") }
        let output = try context.output(type.element, sizes)
        let missing = sizes.count - type.shape.rank
        let strides = type.shape.strides
        let steps = sizes.indices.map { index in
            index < missing || type.shape[index - missing] == 1 ? 0 : strides[index - missing]
        }
        return try copy(output, sizes: sizes, steps: steps)
    }

    @Sendable
    private static func tile(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let type = try context.type(0)
        let repeats = try context.integers(1)
        guard repeats.count == type.shape.rank,
            repeats.allSatisfy({ 0...ModelLimits.tensorElementLimit ~= $0 })
        else { throw context.invalid("repeats \(repeats) do not fit \(type)") }
        let output = try context.output(
            type.element, zip(type.shape.dimensions, repeats).map { $0 * $1 })
        let strides = type.shape.strides
        return try copy(
            output, sizes: repeats.indices.flatMap { [repeats[$0], type.shape[$0]] },
            steps: repeats.indices.flatMap { [0, strides[$0]] })
    }

    /// Splits channels into blocks of pixels: `[n, c b b, h, w]` to `[n, c, h b, w b]`.
    @Sendable
    private static func depthToSpace(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let type = try context.type(0)
        let block = try context.requiredInteger("blocksize")
        let shape = type.shape
        guard shape.rank == 4, 1...ModelLimits.tensorElementLimit ~= block,
            shape[1] % block == 0, shape[1] / block % block == 0
        else { throw context.invalid("\(type) has no blocks of \(block)") }
        let channels = shape[1] / block / block
        let output = try context.output(
            type.element, [shape[0], channels, shape[2] * block, shape[3] * block])
        let strides = shape.strides
        let plane = strides[1]
        let channelSteps: (channel: Int, row: Int, column: Int)
        switch try context.string("mode", default: "DCR") {
        case "DCR": channelSteps = (plane, channels * block * plane, channels * plane)
        case "CRD": channelSteps = (block * block * plane, block * plane, plane)
        default: throw context.unsupported("this value of attribute mode")
        }
        return try copy(
            output, sizes: [shape[0], channels, shape[2], block, shape[3], block],
            steps: [
                strides[0], channelSteps.channel, strides[2], channelSteps.row, strides[3],
                channelSteps.column,
            ])
    }

    /// Gathers blocks of pixels into channels: `[n, c, h b, w b]` to `[n, b b c, h, w]`.
    @Sendable
    private static func spaceToDepth(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let type = try context.type(0)
        let block = try context.requiredInteger("blocksize")
        let shape = type.shape
        guard shape.rank == 4, 1...ModelLimits.tensorElementLimit ~= block,
            shape[2] % block == 0, shape[3] % block == 0
        else { throw context.invalid("\(type) has no blocks of \(block)") }
        let (height, width) = (shape[2] / block, shape[3] / block)
        let (area, overflow) = block.multipliedReportingOverflow(by: block)
        guard !overflow, area <= ModelLimits.tensorElementLimit else {
            throw context.invalid("blocksize \(block) is out of range")
        }
        let output = try context.output(
            type.element, [shape[0], shape[1] * area, height, width])
        let strides = shape.strides
        return try copy(
            output, sizes: [shape[0], block, block, shape[1], height, width],
            steps: [
                strides[0], strides[2], strides[3], strides[1], block * strides[2],
                block * strides[3],
            ])
    }

    private static func copy(
        _ output: TensorType, sizes: [Int], steps: [Int]
    ) throws(ModelError) -> NodePlan {
        guard output.shape.elementCount > 0 else { return .kernel(output) { _ in } }
        return .kernel(
            output, try StridedCopy(sizes: sizes, steps: steps).kernel(for: output.element))
    }
}
