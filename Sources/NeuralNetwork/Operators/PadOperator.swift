/// `Pad`: grows or (with negative pads) cuts a value at its borders.
enum PadOperator {
    static let definitions = [
        OperatorDefinition(
            "Pad", attributes: ["mode", "pads", "value"], inputs: 1...4, plan: plan)
    ]

    /// Pads beyond this are an attack, and sums with sizes stay exact below it.
    private static let padLimit = ModelLimits.tensorElementLimit

    @Sendable
    private static func plan(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let type = try context.type(0)
        let rank = type.shape.rank
        // Before opset 11 the pads are an attribute.
        let attribute = try context.integers("pads")
        let input = try context.integersIfPresent(1)
        guard let given = attribute ?? input else { throw context.invalid("its pads are missing") }
        var axes = Array(0..<rank)
        if let chosen = try context.integersIfPresent(3) {
            axes = try context.axes(chosen, rank: rank)
        }
        guard given.count == 2 * axes.count,
            given.allSatisfy({ -padLimit...padLimit ~= $0 })
        else { throw context.invalid("pads \(given) do not fit \(type)") }
        let mode = try context.string("mode", default: "constant")
        let strides = type.shape.strides
        var sizes = type.shape.dimensions
        for size in sizes { try OffsetTable.checkLimit(size) }
        var maps: [[Int?]] = sizes.indices.map { axis in
            (0..<sizes[axis]).map { $0 * strides[axis] }
        }
        for (index, axis) in axes.enumerated() {
            let (before, after) = (given[index], given[axes.count + index])
            let size = sizes[axis]
            sizes[axis] += before + after
            // Checks the sizes before the map of this length is made.
            _ = try context.output(type.element, sizes)
            try OffsetTable.checkLimit(sizes[axis])
            guard mode == "constant" || size > 0 || sizes[axis] == 0 else {
                throw context.invalid("mode \(mode) has nothing to repeat")
            }
            var map: [Int?] = []
            for position in 0..<sizes[axis] {
                let source = try source(position - before, size: size, mode: mode, context)
                map.append(source.map { $0 * strides[axis] })
            }
            maps[axis] = map
        }
        let output = try context.output(type.element, sizes)
        if context.isPresent(2) {
            let value = try context.type(2)
            guard value.shape.elementCount == 1, value.element == type.element else {
                throw context.invalid("the padding value \(value) is not one element")
            }
        }
        let value = try context.float("value", default: 0)
        let padding = Padding(maps: maps, value: value)
        return .kernel(output, padding.kernel(for: type.element))
    }

    /// The input position that an output position shows; `nil` for the constant.
    private static func source(
        _ position: Int, size: Int, mode: String, _ context: NodeContext
    ) throws(ModelError) -> Int? {
        if 0..<size ~= position { return position }
        switch mode {
        case "constant": return nil
        case "edge": return min(max(position, 0), size - 1)
        case "reflect":
            guard size > 1 else { return 0 }
            let period = 2 * (size - 1)
            let phase = (position % period + period) % period
            return min(phase, period - phase)
        case "wrap": return (position % size + size) % size
        default: throw context.unsupported("mode \(mode)")
        }
    }
}

private struct Padding: MovementKernel {
    /// For each axis and output position the input's element offset, `nil` for padding.
    let maps: [[Int?]]
    /// The constant of float values before opset 11; later ones come as an input.
    let value: Float

    func run<Element: TensorElement>(
        _ arguments: KernelArguments, as: Element.Type
    ) throws(ModelError) {
        let input = arguments.input(0, as: Element.self)
        let output = arguments.output(0, as: Element.self)
        let constant =
            arguments.optionalInput(2, as: Element.self)?[0] ?? (value as? Element) ?? .zero
        var index = 0
        func visit(_ axis: Int, _ offset: Int?) {
            guard axis < maps.count else {
                output[index] = offset.map { input[$0] } ?? constant
                index += 1
                return
            }
            for step in maps[axis] {
                let next = offset.flatMap { offset in step.map { offset + $0 } }
                visit(axis + 1, next)
            }
        }
        visit(0, 0)
    }
}

extension NodeContext {
    /// The elements of an integer input that decides a shape, `nil` if it is left out.
    func integersIfPresent(_ index: Int) throws(ModelError) -> [Int]? {
        isPresent(index) ? try integers(index) : nil
    }
}
