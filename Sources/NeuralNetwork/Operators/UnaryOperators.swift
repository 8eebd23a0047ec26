internal import Foundation

/// Functions of one element.
enum UnaryOperators {
    static let definitions: [OperatorDefinition] =
        floatFunctions.map { name, function in
            OperatorDefinition(name) { context throws(ModelError) in
                _ = try context.floatType(0)
                return try ElementwisePlans.map(context, function)
            }
        } + [
            OperatorDefinition("Abs") { context throws(ModelError) in
                try numeric(
                    context, { abs($0) }, { $0 < 0 ? 0 &- $0 : $0 }, { $0 < 0 ? 0 &- $0 : $0 })
            },
            OperatorDefinition("Neg") { context throws(ModelError) in
                try numeric(context, { -$0 }, { 0 &- $0 }, { 0 &- $0 })
            },
            OperatorDefinition("Sign") { context throws(ModelError) in
                try numeric(
                    context, { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }, { $0.signum() }, { $0.signum() })
            },
            OperatorDefinition("Not") { context throws(ModelError) in
                guard try context.type(0).element == .bool else {
                    throw context.invalid("input 0 is not bool")
                }
                return try ElementwisePlans.map(context) { (x: Bool) in !x }
            },
            OperatorDefinition("IsNaN") { context throws(ModelError) in
                _ = try context.floatType(0)
                return try ElementwisePlans.map(context) { (x: Float) in x.isNaN }
            },
            OperatorDefinition(
                "IsInf", attributes: ["detect_negative", "detect_positive"], plan: isInfinite),
        ]

    private static let floatFunctions: [(String, @Sendable (Float) -> Float)] = [
        ("Acos", { acos($0) }), ("Acosh", { acosh($0) }), ("Asin", { asin($0) }),
        ("Asinh", { asinh($0) }), ("Atan", { atan($0) }), ("Atanh", { atanh($0) }),
        ("Ceil", { $0.rounded(.up) }), ("Cos", { cos($0) }), ("Cosh", { cosh($0) }),
        ("Erf", { erf($0) }), ("Exp", { exp($0) }), ("Floor", { $0.rounded(.down) }),
        ("Log", { log($0) }), ("Reciprocal", { 1 / $0 }),
        ("Round", { $0.rounded(.toNearestOrEven) }), ("Sin", { sin($0) }), ("Sinh", { sinh($0) }),
        ("Sqrt", { $0.squareRoot() }), ("Tan", { tan($0) }),
    ]

    private static func numeric(
        _ context: NodeContext, _ float32: @escaping @Sendable (Float) -> Float,
        _ int64: @escaping @Sendable (Int64) -> Int64, _ int32: @escaping @Sendable (Int32) -> Int32
    ) throws(ModelError) -> NodePlan {
        switch try context.type(0).element {
        case .float32: try ElementwisePlans.map(context, float32)
        case .int64: try ElementwisePlans.map(context, int64)
        case .int32: try ElementwisePlans.map(context, int32)
        case .bool: throw context.invalid("input 0 is bool")
        }
    }

    @Sendable
    private static func isInfinite(_ context: NodeContext) throws(ModelError) -> NodePlan {
        _ = try context.floatType(0)
        let negative = try context.flag("detect_negative", default: true)
        let positive = try context.flag("detect_positive", default: true)
        return try ElementwisePlans.map(context) { (x: Float) in
            x.isInfinite && (x < 0 ? negative : positive)
        }
    }
}
