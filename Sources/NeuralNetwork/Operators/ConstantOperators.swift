/// Operators that make values from attributes, and change element types.
enum ConstantOperators {
    static let definitions = [
        OperatorDefinition(
            "Constant",
            attributes: ["value", "value_float", "value_floats", "value_int", "value_ints"],
            inputs: 0...0, plan: constant),
        OperatorDefinition("ConstantOfShape", attributes: ["value"], plan: constantOfShape),
        OperatorDefinition("Range", inputs: 3...3, plan: range),
        OperatorDefinition("Cast", attributes: ["round_mode", "saturate", "to"], plan: cast),
        OperatorDefinition(
            "CastLike", attributes: ["round_mode", "saturate"], inputs: 2...2, plan: castLike),
    ]

    @Sendable
    private static func constant(_ context: NodeContext) throws(ModelError) -> NodePlan {
        guard let (_, value) = context.node.attributes.first, context.node.attributes.count == 1
        else { throw context.invalid("it does not have exactly one value") }
        switch value {
        case .tensor(let tensor): return .constant(tensor)
        case .float(let number):
            return .constant(try Tensor(shape: [], elements: .float32([number])))
        case .floats(let numbers):
            return .constant(try Tensor(shape: [numbers.count], elements: .float32(numbers)))
        case .integer(let number):
            return .constant(try Tensor(shape: [], elements: .int64([Int64(number)])))
        case .integers(let numbers):
            let elements = numbers.map { Int64($0) }
            return .constant(try Tensor(shape: [elements.count], elements: .int64(elements)))
        case .string, .other: throw context.unsupported("this kind of value")
        }
    }

    @Sendable
    private static func constantOfShape(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let sizes = try context.integers(0)
        var value = Tensor.Elements.float32([0])
        switch context.node.attributes["value"] {
        case nil: break
        case .tensor(let tensor) where tensor.elements.count == 1: value = tensor.elements
        default: throw context.invalid("its value is not one element")
        }
        let output = try context.output(value.type, sizes)
        return .kernel(output) { [value] arguments in
            let count = output.shape.elementCount
            switch value {
            case .float32(let value): arguments.output(0).fill(value[0], from: 0, count: count)
            case .int64(let value): arguments.output(0).fill(value[0], from: 0, count: count)
            case .int32(let value): arguments.output(0).fill(value[0], from: 0, count: count)
            case .bool(let value): arguments.output(0).fill(value[0], from: 0, count: count)
            }
        }
    }

    @Sendable
    private static func range(_ context: NodeContext) throws(ModelError) -> NodePlan {
        var bounds: [Tensor] = []
        for index in 0..<3 { bounds.append(try context.constant(index)) }
        let element = bounds[0].elementType
        guard bounds.allSatisfy({ $0.elementType == element && $0.elements.count == 1 }) else {
            throw context.invalid("its inputs are not three numbers of one type")
        }
        func count(_ exact: Double) throws(ModelError) -> [Int] {
            guard exact.isFinite, exact <= Double(ModelLimits.tensorElementLimit) else {
                throw context.invalid("it has no end within the limit of elements")
            }
            return [Int(max(0, exact.rounded(.up)))]
        }
        if let numbers = bounds.first?.float32, let end = bounds[1].float32?[0],
            let step = bounds[2].float32?[0]
        {
            let start = numbers[0]
            let sizes = try count((Double(end) - Double(start)) / Double(step))
            let output = try context.output(.float32, sizes)
            return .kernel(output) { arguments in
                let result = arguments.output(0, as: Float.self)
                for index in result.indices { result[index] = start + Float(index) * step }
            }
        }
        guard let start = bounds[0].integers?[0], let end = bounds[1].integers?[0],
            let step = bounds[2].integers?[0], step != 0
        else { throw context.invalid("its inputs are no numbers, or its step is zero") }
        let sizes = try count((Double(end) - Double(start)) / Double(step))
        let output = try context.output(element, sizes)
        return .kernel(output) { arguments in
            for index in 0..<sizes[0] {
                let number = start &+ index &* step
                if element == .int64 {
                    arguments.output(0, as: Int64.self)[index] = Int64(number)
                } else {
                    arguments.output(0, as: Int32.self)[index] = Int32(truncatingIfNeeded: number)
                }
            }
        }
    }

    @Sendable
    private static func cast(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let number = try context.requiredInteger("to")
        guard let target = ElementType(onnxType: number) else {
            throw context.unsupported("the target type \(ElementType.onnxName(of: number))")
        }
        return try cast(context, to: target)
    }

    @Sendable
    private static func castLike(_ context: NodeContext) throws(ModelError) -> NodePlan {
        try cast(context, to: try context.type(1).element)
    }

    private static func cast(
        _ context: NodeContext, to target: ElementType
    ) throws(ModelError) -> NodePlan {
        switch try context.type(0).element {
        case target: .view(try context.type(0))
        case .float32: try cast(context, to: target) { (x: Float) in Double(x) }
        case .int64: try castInteger(context, to: target, from: Int64.self)
        case .int32: try castInteger(context, to: target, from: Int32.self)
        case .bool: try cast(context, to: target) { (x: Bool) in x ? 1 : 0 }
        }
    }

    private static func cast<Source: TensorElement>(
        _ context: NodeContext, to target: ElementType,
        number: @escaping @Sendable (Source) -> Double
    ) throws(ModelError) -> NodePlan {
        switch target {
        case .float32: try ElementwisePlans.map(context) { Float(number($0)) }
        case .int64:
            try ElementwisePlans.map(context) { NumberConversion.integer(number($0)) as Int64 }
        case .int32:
            try ElementwisePlans.map(context) { NumberConversion.integer(number($0)) as Int32 }
        case .bool: try ElementwisePlans.map(context) { number($0) != 0 }
        }
    }

    /// Integers do not pass through floating point, which would round large ones.
    private static func castInteger<Source: TensorElement & FixedWidthInteger>(
        _ context: NodeContext, to target: ElementType, from: Source.Type
    ) throws(ModelError) -> NodePlan {
        switch target {
        case .float32: try ElementwisePlans.map(context) { (x: Source) in Float(x) }
        case .int64: try ElementwisePlans.map(context) { (x: Source) in Int64(x) }
        case .int32:
            try ElementwisePlans.map(context) { (x: Source) in Int32(truncatingIfNeeded: x) }
        case .bool: try ElementwisePlans.map(context) { (x: Source) in x != 0 }
        }
    }
}
