/// Operators that give the same elements another shape, or tell a shape.
enum ShapeOperators {
    static let definitions = [
        OperatorDefinition("Identity", plan: identity),
        OperatorDefinition(
            "Dropout", attributes: ["ratio", "seed"], inputs: 1...3, outputs: 1...2, plan: dropout),
        OperatorDefinition("Flatten", attributes: ["axis"], plan: flatten),
        OperatorDefinition("Reshape", attributes: ["allowzero"], inputs: 2...2, plan: reshape),
        OperatorDefinition("Squeeze", attributes: ["axes"], inputs: 1...2, plan: squeeze),
        OperatorDefinition("Unsqueeze", attributes: ["axes"], inputs: 1...2, plan: unsqueeze),
        OperatorDefinition("Shape", attributes: ["end", "start"], plan: shape),
        OperatorDefinition("Size", plan: size),
    ]

    @Sendable
    private static func identity(_ context: NodeContext) throws(ModelError) -> NodePlan {
        .view(try context.type(0))
    }

    /// Inference only: the mask is all true, and training mode is refused.
    @Sendable
    private static func dropout(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let type = try context.floatType(0)
        if context.isPresent(2), try context.constant(2).elements != .bool([false]) {
            throw context.unsupported("training_mode")
        }
        guard context.node.outputs.count == 2 else { return .view(type) }
        let mask = TensorType(element: .bool, shape: type.shape)
        return .kernel([type, mask]) { arguments in
            let input = arguments.input(0, as: Float.self)
            let output = arguments.output(0, as: Float.self)
            output.copy(from: input, at: 0, to: 0, count: input.count)
            arguments.output(1, as: Bool.self).fill(true, from: 0, count: input.count)
        }
    }

    @Sendable
    private static func flatten(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let type = try context.type(0)
        let given = try context.integer("axis", default: 1)
        let axis = given == type.shape.rank ? given : try context.axis(given, rank: type.shape.rank)
        let sizes = type.shape.dimensions
        return .view(
            try context.output(
                type.element, [sizes[..<axis].reduce(1, *), sizes[axis...].reduce(1, *)]))
    }

    /// 0 keeps the input's size unless `allowzero`, and one -1 takes what is left.
    @Sendable
    private static func reshape(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let type = try context.type(0)
        var target = try context.integers(1)
        if try !context.flag("allowzero") {
            for (index, size) in target.enumerated() where size == 0 {
                guard index < type.shape.rank else {
                    throw context.invalid("target \(target) copies a size that is not there")
                }
                target[index] = type.shape[index]
            }
        }
        if let open = target.firstIndex(of: -1) {
            target[open] = 1
            let rest = try context.output(type.element, target).shape.elementCount
            guard rest > 0, type.shape.elementCount % rest == 0 else {
                throw context.invalid("\(type) does not divide into \(target)")
            }
            target[open] = type.shape.elementCount / rest
        }
        let output = try context.output(type.element, target)
        guard output.shape.elementCount == type.shape.elementCount else {
            throw context.invalid("\(type) has not as many elements as \(target)")
        }
        return .view(output)
    }

    /// The axes from the attribute (before opset 13) or from the second input.
    private static func axes(_ context: NodeContext) throws(ModelError) -> [Int]? {
        if let axes = try context.integers("axes") { return axes }
        return context.isPresent(1) ? try context.integers(1) : nil
    }

    @Sendable
    private static func squeeze(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let type = try context.type(0)
        let sizes = type.shape.dimensions
        guard let given = try axes(context) else {
            return .view(try context.output(type.element, sizes.filter { $0 != 1 }))
        }
        let axes = try context.axes(given, rank: sizes.count)
        guard axes.allSatisfy({ sizes[$0] == 1 }) else {
            throw context.invalid("axes \(given) of \(type) are not all of size 1")
        }
        let kept = sizes.indices.filter { !axes.contains($0) }.map { sizes[$0] }
        return .view(try context.output(type.element, kept))
    }

    @Sendable
    private static func unsqueeze(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let type = try context.type(0)
        guard let given = try axes(context) else { throw context.invalid("its axes are missing") }
        let rank = type.shape.rank + given.count
        let axes = try context.axes(given, rank: rank)
        var sizes = type.shape.dimensions
        for axis in axes.sorted() { sizes.insert(1, at: axis) }
        return .view(try context.output(type.element, sizes))
    }

    @Sendable
    private static func shape(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let sizes = try context.shape(0).dimensions
        func bound(_ name: String, _ value: Int) throws(ModelError) -> Int {
            let given = try context.integer(name, default: value)
            let counted = given < 0 ? max(given, -sizes.count) + sizes.count : given
            return min(counted, sizes.count)
        }
        let start = try bound("start", 0)
        let end = max(start, try bound("end", sizes.count))
        let elements = sizes[start..<end].map { Int64($0) }
        return .constant(try Tensor(shape: [elements.count], elements: .int64(elements)))
    }

    @Sendable
    private static func size(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let count = Int64(try context.shape(0).elementCount)
        return .constant(try Tensor(shape: [], elements: .int64([count])))
    }
}
