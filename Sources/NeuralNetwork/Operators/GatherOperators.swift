/// Operators that pick elements by index or condition.
enum GatherOperators {
    static let definitions = [
        OperatorDefinition("Gather", attributes: ["axis"], inputs: 2...2, plan: gather),
        OperatorDefinition(
            "GatherElements", attributes: ["axis"], inputs: 2...2, plan: gatherElements),
        OperatorDefinition("Where", inputs: 3...3, plan: choose),
        OperatorDefinition("Trilu", attributes: ["upper"], inputs: 1...2, plan: triangle),
    ]

    private static func indexElement(_ context: NodeContext) throws(ModelError) -> ElementType {
        let element = try context.type(1).element
        guard element == .int64 || element == .int32 else {
            throw context.invalid("its indices are \(element.rawValue)")
        }
        return element
    }

    @Sendable
    private static func gather(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let type = try context.type(0)
        let indices = try context.shape(1)
        let axis = try context.axis(context.integer("axis", default: 0), rank: type.shape.rank)
        let sizes = type.shape.dimensions
        let output = try context.output(
            type.element, sizes[..<axis] + indices.dimensions + sizes[(axis + 1)...])
        let kernel = Gathering(
            outerCount: sizes[..<axis].reduce(1, *), axisSize: sizes[axis],
            innerCount: sizes[(axis + 1)...].reduce(1, *),
            indexElement: try indexElement(context), context: context)
        return .kernel(output, kernel.kernel(for: type.element))
    }

    @Sendable
    private static func gatherElements(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let type = try context.type(0)
        let indices = try context.shape(1)
        let axis = try context.axis(context.integer("axis", default: 0), rank: type.shape.rank)
        let fits =
            indices.rank == type.shape.rank
            && indices.dimensions.indices.allSatisfy {
                $0 == axis || indices[$0] <= type.shape[$0]
            }
        guard fits else { throw context.invalid("indices \(indices.dimensions) exceed \(type)") }
        var steps = type.shape.strides
        let axisStep = steps[axis]
        steps[axis] = 0
        let kernel = ElementGathering(
            positions: try OffsetTable.make(sizes: indices.dimensions, steps: steps),
            axisSize: type.shape[axis], axisStep: axisStep,
            indexElement: try indexElement(context), context: context)
        let output = try context.output(type.element, indices.dimensions)
        return .kernel(output, kernel.kernel(for: type.element))
    }

    @Sendable
    private static func choose(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let element = try context.type(1).element
        guard try context.type(0).element == .bool, try context.type(2).element == element else {
            throw context.invalid("its inputs' element types do not fit")
        }
        var shapes: [[Int]] = []
        for index in 0..<3 { shapes.append(try context.shape(index).dimensions) }
        guard let shape = Broadcasting.shape(shapes) else {
            throw context.invalid("shapes \(shapes) do not broadcast")
        }
        let kernel = Choosing(loop: BroadcastLoop(output: shape, operands: shapes))
        return .kernel(try context.output(element, shape), kernel.kernel(for: element))
    }

    /// Keeps one triangle of the last two dimensions, and zeros the other.
    @Sendable
    private static func triangle(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let type = try context.type(0)
        guard type.shape.rank >= 2 else { throw context.invalid("\(type) is not a matrix") }
        let limit = ModelLimits.tensorElementLimit
        let diagonal = try context.integersIfPresent(1)?.first ?? 0
        let kernel = Triangle(
            rows: type.shape[type.shape.rank - 2], columns: type.shape[type.shape.rank - 1],
            diagonal: max(-limit, min(limit, diagonal)),
            keepsUpper: try context.flag("upper", default: true))
        return .kernel(type, kernel.kernel(for: type.element))
    }
}

/// Reads indices of either width and counts negative ones from the end.
private struct IndexReader {
    private let wide: ElementBuffer<Int64>?
    private let narrow: ElementBuffer<Int32>?
    private let axisSize: Int
    private let context: NodeContext
    let count: Int

    init(_ arguments: KernelArguments, element: ElementType, axisSize: Int, context: NodeContext) {
        wide = element == .int64 ? arguments.input(1, as: Int64.self) : nil
        narrow = element == .int32 ? arguments.input(1, as: Int32.self) : nil
        count = wide?.count ?? narrow?.count ?? 0
        self.axisSize = axisSize
        self.context = context
    }

    func position(_ index: Int) throws(ModelError) -> Int {
        let given = wide.map { Int($0[index]) } ?? narrow.map { Int($0[index]) } ?? 0
        guard given >= -axisSize, given < axisSize else {
            throw context.invalidElements("index \(given) is outside of \(axisSize) elements")
        }
        return given < 0 ? given + axisSize : given
    }
}

private struct Gathering: MovementKernel {
    let outerCount: Int
    let axisSize: Int
    let innerCount: Int
    let indexElement: ElementType
    let context: NodeContext

    func run<Element: TensorElement>(
        _ arguments: KernelArguments, as: Element.Type
    ) throws(ModelError) {
        let input = arguments.input(0, as: Element.self)
        let output = arguments.output(0, as: Element.self)
        let indices = IndexReader(
            arguments, element: indexElement, axisSize: axisSize, context: context)
        var target = 0
        for outer in 0..<outerCount {
            for index in 0..<indices.count {
                let position = outer * axisSize + (try indices.position(index))
                output.copy(from: input, at: position * innerCount, to: target, count: innerCount)
                target += innerCount
            }
        }
    }
}

private struct ElementGathering: MovementKernel {
    let positions: [Int]
    let axisSize: Int
    let axisStep: Int
    let indexElement: ElementType
    let context: NodeContext

    func run<Element: TensorElement>(
        _ arguments: KernelArguments, as: Element.Type
    ) throws(ModelError) {
        let input = arguments.input(0, as: Element.self)
        let output = arguments.output(0, as: Element.self)
        let indices = IndexReader(
            arguments, element: indexElement, axisSize: axisSize, context: context)
        for (index, position) in positions.enumerated() {
            output[index] = input[position + (try indices.position(index)) * axisStep]
        }
    }
}

private struct Choosing: MovementKernel {
    let loop: BroadcastLoop

    func run<Element: TensorElement>(
        _ arguments: KernelArguments, as: Element.Type
    ) throws(ModelError) {
        let condition = arguments.input(0, as: Bool.self)
        let whenTrue = arguments.input(1, as: Element.self)
        let whenFalse = arguments.input(2, as: Element.self)
        let output = arguments.output(0, as: Element.self)
        loop.forEachElement { index, operands in
            output[index] =
                condition[operands[0]] ? whenTrue[operands[1]] : whenFalse[operands[2]]
        }
    }
}

private struct Triangle: MovementKernel {
    let rows: Int
    let columns: Int
    let diagonal: Int
    let keepsUpper: Bool

    func run<Element: TensorElement>(
        _ arguments: KernelArguments, as: Element.Type
    ) throws(ModelError) {
        let input = arguments.input(0, as: Element.self)
        let output = arguments.output(0, as: Element.self)
        for index in input.indices {
            let distance = index % columns - index / columns % rows
            let isKept = keepsUpper ? distance >= diagonal : distance <= diagonal
            output[index] = isKept ? input[index] : .zero
        }
    }
}
