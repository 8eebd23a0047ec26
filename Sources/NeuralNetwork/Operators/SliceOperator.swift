/// `Slice`: every so many elements between two positions of some axes.
enum SliceOperator {
    static let definitions = [
        OperatorDefinition(
            "Slice", attributes: ["axes", "ends", "starts"], inputs: 1...5, plan: plan)
    ]

    @Sendable
    private static func plan(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let type = try context.type(0)
        func list(_ name: String, _ index: Int) throws(ModelError) -> [Int]? {
            // Before opset 10 the lists are attributes.
            if let attribute = try context.integers(name) { return attribute }
            return context.isPresent(index) ? try context.integers(index) : nil
        }
        guard let starts = try list("starts", 1), let ends = try list("ends", 2) else {
            throw context.invalid("its starts or ends are missing")
        }
        let steps = try list("steps", 4) ?? starts.map { _ in 1 }
        let axes = try context.axes(
            try list("axes", 3) ?? Array(starts.indices), rank: type.shape.rank)
        guard starts.count == ends.count, starts.count == steps.count, starts.count == axes.count
        else { throw context.invalid("its lists differ in length") }
        var sizes = type.shape.dimensions
        var strides = type.shape.strides
        var first = 0
        for (index, axis) in axes.enumerated() {
            guard steps[index] != 0 else { throw context.invalid("a step is zero") }
            // Larger steps than the axis select one element, as a step of its size does.
            let size = sizes[axis]
            let step = max(-size - 1, min(size + 1, steps[index]))
            let range = range(start: starts[index], end: ends[index], step: step, size: size)
            first += range.start * strides[axis]
            strides[axis] *= step
            sizes[axis] = range.count
        }
        let output = try context.output(type.element, sizes)
        guard output.shape.elementCount > 0 else { return .kernel(output) { _ in } }
        let copy = try StridedCopy(start: first, sizes: sizes, steps: strides)
        return .kernel(output, copy.kernel(for: type.element))
    }

    /// Where a slice starts and how many elements it has; ends beyond the axis are cut.
    private static func range(
        start: Int, end: Int, step: Int, size: Int
    ) -> (start: Int, count: Int) {
        func position(_ index: Int, _ limits: ClosedRange<Int>) -> Int {
            let counted = index < 0 ? index + size : index
            return min(max(counted, limits.lowerBound), limits.upperBound)
        }
        guard size > 0 else { return (0, 0) }
        if step > 0 {
            let (start, end) = (position(start, 0...size), position(end, 0...size))
            return (start, end > start ? (end - start - 1) / step + 1 : 0)
        }
        let start = position(start, 0...size - 1)
        let last = end < -size ? -1 : position(end, -1...size - 1)
        return (start, start > last ? (start - last - 1) / -step + 1 : 0)
    }
}
