/// `Min`, `Max`, `Sum` and `Mean` of any number of inputs, with broadcasting.
enum VariadicOperators {
    static let definitions = [
        definition("Min", plan: minimum), definition("Max", plan: maximum),
        definition("Sum", plan: sum), definition("Mean", plan: mean),
    ]

    private static func definition(
        _ name: String, plan: @escaping @Sendable (NodeContext) throws(ModelError) -> NodePlan
    ) -> OperatorDefinition {
        OperatorDefinition(name, inputs: 1...ModelLimits.nodeValueCountLimit, plan: plan)
    }

    @Sendable
    private static func minimum(_ context: NodeContext) throws(ModelError) -> NodePlan {
        switch try element(context) {
        case .float32: try fold(context, { $1 < $0 || $1.isNaN ? $1 : $0 }, as: Float.self)
        case .int64: try fold(context, { min($0, $1) }, as: Int64.self)
        case .int32: try fold(context, { min($0, $1) }, as: Int32.self)
        case .bool: throw context.invalid("its inputs are bool")
        }
    }

    @Sendable
    private static func maximum(_ context: NodeContext) throws(ModelError) -> NodePlan {
        switch try element(context) {
        case .float32: try fold(context, { $1 > $0 || $1.isNaN ? $1 : $0 }, as: Float.self)
        case .int64: try fold(context, { max($0, $1) }, as: Int64.self)
        case .int32: try fold(context, { max($0, $1) }, as: Int32.self)
        case .bool: throw context.invalid("its inputs are bool")
        }
    }

    @Sendable
    private static func sum(_ context: NodeContext) throws(ModelError) -> NodePlan {
        _ = try context.floatType(0)
        _ = try element(context)
        return try fold(context, { $0 + $1 }, as: Float.self)
    }

    @Sendable
    private static func mean(_ context: NodeContext) throws(ModelError) -> NodePlan {
        _ = try context.floatType(0)
        _ = try element(context)
        let count = Float(context.inputs.count)
        return try fold(context, { $0 + $1 }, as: Float.self) { $0 / count }
    }

    /// The element type that all inputs share.
    private static func element(_ context: NodeContext) throws(ModelError) -> ElementType {
        let element = try context.type(0).element
        for index in context.inputs.indices {
            guard try context.type(index).element == element else {
                throw context.invalid("its inputs differ in element type")
            }
        }
        return element
    }

    private static func fold<Element: TensorElement>(
        _ context: NodeContext, _ function: @escaping @Sendable (Element, Element) -> Element,
        as: Element.Type, finish: (@Sendable (Element) -> Element)? = nil
    ) throws(ModelError) -> NodePlan {
        var shapes: [[Int]] = []
        for index in context.inputs.indices { shapes.append(try context.shape(index).dimensions) }
        guard let shape = Broadcasting.shape(shapes) else {
            throw context.invalid("shapes \(shapes) do not broadcast")
        }
        let type = try context.output(Element.elementType, shape)
        let loops = shapes.map { BroadcastLoop(output: shape, operands: [$0]) }
        return .kernel(type) { arguments in
            let output = arguments.output(0, as: Element.self)
            for (index, loop) in loops.enumerated() {
                let input = arguments.input(index, as: Element.self)
                loop.forEachElement { position, operands in
                    let element = input[operands[0]]
                    output[position] = index == 0 ? element : function(output[position], element)
                }
            }
            guard let finish else { return }
            for position in output.indices { output[position] = finish(output[position]) }
        }
    }
}
