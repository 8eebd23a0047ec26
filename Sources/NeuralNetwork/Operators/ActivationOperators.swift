internal import Foundation

/// Functions of one number that networks put behind their layers.
enum ActivationOperators {
    static let definitions =
        kernelDefinitions + [
            OperatorDefinition("Elu", attributes: ["alpha"]) { context throws(ModelError) in
                let alpha = try context.float("alpha", default: 1)
                return try plan(context) { $0 < 0 ? alpha * expm1($0) : $0 }
            },
            OperatorDefinition("Selu", attributes: ["alpha", "gamma"]) {
                context throws(ModelError) in
                let alpha = try context.float("alpha", default: 1.6732632)
                let gamma = try context.float("gamma", default: 1.050701)
                return try plan(context) { gamma * ($0 <= 0 ? alpha * expm1($0) : $0) }
            },
            OperatorDefinition("Celu", attributes: ["alpha"]) { context throws(ModelError) in
                let alpha = try context.float("alpha", default: 1)
                return try plan(context) { max(0, $0) + min(0, alpha * expm1($0 / alpha)) }
            },
            OperatorDefinition("Softplus") { context throws(ModelError) in
                try plan(context) { softplus($0) }
            },
            OperatorDefinition("Softsign") { context throws(ModelError) in
                try plan(context) { $0 / (1 + abs($0)) }
            },
            OperatorDefinition("Mish") { context throws(ModelError) in
                try plan(context) { $0 * tanh(softplus($0)) }
            },
            OperatorDefinition("Gelu", attributes: ["approximate"], plan: gelu),
            OperatorDefinition("ThresholdedRelu", attributes: ["alpha"]) {
                context throws(ModelError) in
                let alpha = try context.float("alpha", default: 1)
                return try plan(context) { $0 > alpha ? $0 : 0 }
            },
            OperatorDefinition("Shrink", attributes: ["bias", "lambd"]) {
                context throws(ModelError) in
                let bias = try context.float("bias", default: 0)
                let threshold = try context.float("lambd", default: 0.5)
                return try plan(context) {
                    $0 < -threshold ? $0 + bias : $0 > threshold ? $0 - bias : 0
                }
            },
            OperatorDefinition("PRelu", inputs: 2...2, plan: parametricRelu),
        ]

    /// Those that a kernel can apply to its own results.
    private static let kernelDefinitions = [
        OperatorDefinition("Relu", plan: relu),
        OperatorDefinition("Clip", attributes: ["max", "min"], inputs: 1...3, plan: clip),
        OperatorDefinition("LeakyRelu", attributes: ["alpha"], plan: planActivation),
        OperatorDefinition("Sigmoid", plan: planActivation),
        OperatorDefinition("HardSigmoid", attributes: ["alpha", "beta"], plan: planActivation),
        OperatorDefinition("HardSwish", plan: planActivation),
        OperatorDefinition("Tanh", plan: planActivation),
        OperatorDefinition("Swish", attributes: ["alpha"], plan: swish),
    ]

    /// The activation that a node computes on float32, if a kernel can apply it.
    static func activation(of node: GraphNode, in graph: Graph) -> Activation? {
        guard node.operatorName == "Clip" else { return activation(of: node) }
        var bounds: [Float] = [-.infinity, .infinity]
        for (index, name) in ["min", "max"].enumerated() {
            if case .float(let bound) = node.attributes[name] { bounds[index] = bound }
            guard index + 1 < node.inputs.count, let value = node.inputs[index + 1] else {
                continue
            }
            guard let bound = graph.floats(value), bound.count == 1 else { return nil }
            bounds[index] = bound[0]
        }
        return .clip(lower: bounds[0], upper: bounds[1])
    }

    private static func activation(of node: GraphNode) -> Activation? {
        func number(_ name: String, _ value: Float) -> Float {
            if case .float(let given) = node.attributes[name] { given } else { value }
        }
        switch node.operatorName {
        case "Relu": return .relu
        case "LeakyRelu": return .leakyRelu(slope: number("alpha", 0.01))
        case "Sigmoid": return .sigmoid
        case "HardSigmoid":
            return .hardSigmoid(alpha: number("alpha", 0.2), beta: number("beta", 0.5))
        case "HardSwish": return .hardSwish
        case "Swish": return number("alpha", 1) == 1 ? .silu : nil
        case "Tanh": return .tanh
        default: return nil
        }
    }

    @Sendable
    private static func planActivation(_ context: NodeContext) throws(ModelError) -> NodePlan {
        guard let activation = activation(of: context.node) else {
            throw context.unsupported("these attributes")
        }
        return try ElementwisePlans.activate(context, activation)
    }

    @Sendable
    private static func relu(_ context: NodeContext) throws(ModelError) -> NodePlan {
        switch try context.type(0).element {
        case .float32: return try ElementwisePlans.activate(context, .relu)
        case .int64: return try ElementwisePlans.map(context) { (x: Int64) in max(0, x) }
        case .int32: return try ElementwisePlans.map(context) { (x: Int32) in max(0, x) }
        case .bool: throw context.invalid("input 0 is bool")
        }
    }

    @Sendable
    private static func swish(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let alpha = try context.float("alpha", default: 1)
        guard alpha != 1 else { return try ElementwisePlans.activate(context, .silu) }
        return try plan(context) { $0 / (1 + exp(-alpha * $0)) }
    }

    @Sendable
    private static func gelu(_ context: NodeContext) throws(ModelError) -> NodePlan {
        switch try context.string("approximate", default: "none") {
        case "none":
            return try plan(context) { 0.5 * $0 * (1 + erf($0 * Float(0.5).squareRoot())) }
        case "tanh":
            let scale = (2 / Float.pi).squareRoot()
            return try plan(context) {
                0.5 * $0 * (1 + tanh(scale * ($0 + 0.044715 * $0 * $0 * $0)))
            }
        default: throw context.unsupported("this value of attribute approximate")
        }
    }

    @Sendable
    private static func parametricRelu(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let shape = try context.floatType(0).shape
        let slope = try context.floatType(1).shape
        guard Broadcasting.shape([shape.dimensions, slope.dimensions]) == shape.dimensions else {
            throw context.invalid("the slope \(slope.dimensions) does not fit the input")
        }
        return try ElementwisePlans.combine(context) { (x: Float, slope: Float) in
            x < 0 ? slope * x : x
        }
    }

    private static func plan(
        _ context: NodeContext, _ function: @escaping @Sendable (Float) -> Float
    ) throws(ModelError) -> NodePlan {
        _ = try context.floatType(0)
        return try ElementwisePlans.map(context, function)
    }

    /// `ln(1 + exp(x))` without overflow.
    private static func softplus(_ x: Float) -> Float {
        max(0, x) + log1p(exp(-abs(x)))
    }

    @Sendable
    private static func clip(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let type = try context.type(0)
        for index in 1...2 where context.isPresent(index) {
            let bound = try context.type(index)
            guard bound.element == type.element, bound.shape.elementCount == 1 else {
                throw context.invalid("bound \(bound) does not fit the input \(type)")
            }
        }
        switch type.element {
        case .float32:
            let lower = try context.float("min", default: -.infinity)
            let upper = try context.float("max", default: .infinity)
            return clip(type, lower: lower, upper: upper)
        case .int64: return clip(type, lower: Int64.min, upper: .max)
        case .int32: return clip(type, lower: Int32.min, upper: .max)
        case .bool: throw context.invalid("input 0 is bool")
        }
    }

    private static func clip<Element: TensorElement & Comparable>(
        _ type: TensorType, lower: Element, upper: Element
    ) -> NodePlan {
        .kernel(type) { arguments in
            let input = arguments.input(0, as: Element.self)
            let output = arguments.output(0, as: Element.self)
            let lower = arguments.optionalInput(1, as: Element.self)?[0] ?? lower
            let upper = arguments.optionalInput(2, as: Element.self)?[0] ?? upper
            for index in input.indices {
                let element = input[index] < lower ? lower : input[index]
                output[index] = element > upper ? upper : element
            }
        }
    }
}
