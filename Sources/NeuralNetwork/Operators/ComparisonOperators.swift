/// Comparisons and logic; all results are bool.
enum ComparisonOperators {
    static let definitions = [
        OperatorDefinition("Equal", inputs: 2...2, plan: equal),
        OperatorDefinition("Greater", inputs: 2...2) { context throws(ModelError) in
            try compare(context, { $0 > $1 }, { $0 > $1 }, { $0 > $1 })
        },
        OperatorDefinition("GreaterOrEqual", inputs: 2...2) { context throws(ModelError) in
            try compare(context, { $0 >= $1 }, { $0 >= $1 }, { $0 >= $1 })
        },
        OperatorDefinition("Less", inputs: 2...2) { context throws(ModelError) in
            try compare(context, { $0 < $1 }, { $0 < $1 }, { $0 < $1 })
        },
        OperatorDefinition("LessOrEqual", inputs: 2...2) { context throws(ModelError) in
            try compare(context, { $0 <= $1 }, { $0 <= $1 }, { $0 <= $1 })
        },
        OperatorDefinition("And", inputs: 2...2) { context throws(ModelError) in
            try logic(context) { $0 && $1 }
        },
        OperatorDefinition("Or", inputs: 2...2) { context throws(ModelError) in
            try logic(context) { $0 || $1 }
        },
        OperatorDefinition("Xor", inputs: 2...2) { context throws(ModelError) in
            try logic(context) { $0 != $1 }
        },
    ]

    @Sendable
    private static func equal(_ context: NodeContext) throws(ModelError) -> NodePlan {
        guard try context.type(0).element == .bool, try context.type(1).element == .bool else {
            return try compare(context, { $0 == $1 }, { $0 == $1 }, { $0 == $1 })
        }
        return try logic(context) { $0 == $1 }
    }

    private static func compare(
        _ context: NodeContext, _ float32: @escaping @Sendable (Float, Float) -> Bool,
        _ int64: @escaping @Sendable (Int64, Int64) -> Bool,
        _ int32: @escaping @Sendable (Int32, Int32) -> Bool
    ) throws(ModelError) -> NodePlan {
        let element = try context.type(0).element
        guard try context.type(1).element == element else {
            throw context.invalid("its inputs differ in element type")
        }
        switch element {
        case .float32: return try ElementwisePlans.combine(context, float32)
        case .int64: return try ElementwisePlans.combine(context, int64)
        case .int32: return try ElementwisePlans.combine(context, int32)
        case .bool: throw context.invalid("its inputs are bool")
        }
    }

    private static func logic(
        _ context: NodeContext, _ function: @escaping @Sendable (Bool, Bool) -> Bool
    ) throws(ModelError) -> NodePlan {
        for index in 0...1 {
            guard try context.type(index).element == .bool else {
                throw context.invalid("input \(index) is not bool")
            }
        }
        return try ElementwisePlans.combine(context, function)
    }
}
