/// `Concat` and `Split`: several values along one axis, and back.
enum JoiningOperators {
    static let definitions = [
        OperatorDefinition(
            "Concat", attributes: ["axis"], inputs: 1...ModelLimits.nodeValueCountLimit,
            plan: concatenate),
        OperatorDefinition(
            "Split", attributes: ["axis", "num_outputs", "split"], inputs: 1...2,
            outputs: 1...ModelLimits.nodeValueCountLimit, plan: split),
    ]

    @Sendable
    private static func concatenate(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let first = try context.type(0)
        let axis = try context.axis(context.requiredInteger("axis"), rank: first.shape.rank)
        var sizes = first.shape.dimensions
        sizes[axis] = 0
        var parts: [Int] = []
        for index in context.inputs.indices {
            let type = try context.type(index)
            var expected = type.shape.dimensions
            guard type.element == first.element, type.shape.rank == first.shape.rank else {
                throw context.invalid("\(type) does not fit \(first)")
            }
            expected[axis] = first.shape[axis]
            guard expected == first.shape.dimensions else {
                throw context.invalid("\(type) does not fit \(first) along axis \(axis)")
            }
            sizes[axis] += type.shape[axis]
            parts.append(type.shape[axis])
        }
        let output = try context.output(first.element, sizes)
        let kernel = Concatenation(AxisParts(shape: output.shape, axis: axis, parts: parts))
        return .kernel(output, kernel.kernel(for: first.element))
    }

    @Sendable
    private static func split(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let type = try context.type(0)
        let axis = try context.axis(context.integer("axis", default: 0), rank: type.shape.rank)
        let count = context.node.outputs.count
        if let declared = try context.integer("num_outputs"), declared != count {
            throw context.invalid("num_outputs is \(declared), but it has \(count) outputs")
        }
        var parts = try context.integers("split")
        if context.isPresent(1) { parts = try context.integers(1) }
        let size = type.shape[axis]
        // Equal parts; a smaller last one is allowed.
        let length = (size + count - 1) / count
        let lengths =
            parts ?? (0..<count).map { max(0, min(length, size - $0 * length)) }
        guard lengths.count == count,
            lengths.allSatisfy({ 0...ModelLimits.tensorElementLimit ~= $0 }),
            lengths.reduce(0, +) == size
        else { throw context.invalid("parts \(lengths) do not make up \(size) elements") }
        var outputs: [TensorType] = []
        for length in lengths {
            var sizes = type.shape.dimensions
            sizes[axis] = length
            outputs.append(try context.output(type.element, sizes))
        }
        let kernel = Splitting(AxisParts(shape: type.shape, axis: axis, parts: lengths))
        return .kernel(outputs, kernel.kernel(for: type.element))
    }
}

/// How the parts of an axis lie in the memory of the whole.
private struct AxisParts: Sendable {
    let outerCount: Int
    /// Contiguous elements of each part.
    let partCounts: [Int]

    init(shape: TensorShape, axis: Int, parts: [Int]) {
        outerCount = shape.dimensions[..<axis].reduce(1, *)
        let inner = shape.dimensions[(axis + 1)...].reduce(1, *)
        partCounts = parts.map { $0 * inner }
    }
}

private struct Concatenation: MovementKernel {
    private let parts: AxisParts

    init(_ parts: AxisParts) {
        self.parts = parts
    }

    func run<Element: TensorElement>(
        _ arguments: KernelArguments, as: Element.Type
    ) throws(ModelError) {
        let whole = arguments.output(0, as: Element.self)
        var position = 0
        for outer in 0..<parts.outerCount {
            for (index, count) in parts.partCounts.enumerated() {
                let part = arguments.input(index, as: Element.self)
                whole.copy(from: part, at: outer * count, to: position, count: count)
                position += count
            }
        }
    }
}

private struct Splitting: MovementKernel {
    private let parts: AxisParts

    init(_ parts: AxisParts) {
        self.parts = parts
    }

    func run<Element: TensorElement>(
        _ arguments: KernelArguments, as: Element.Type
    ) throws(ModelError) {
        let whole = arguments.input(0, as: Element.self)
        var position = 0
        for outer in 0..<parts.outerCount {
            for (index, count) in parts.partCounts.enumerated() {
                let part = arguments.output(index, as: Element.self)
                part.copy(from: whole, at: position, to: outer * count, count: count)
                position += count
            }
        }
    }
}
