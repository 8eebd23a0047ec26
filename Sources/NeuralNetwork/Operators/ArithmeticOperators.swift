internal import CKernels
internal import Foundation

/// Arithmetic, comparison and logic, element by element with broadcasting.
enum ArithmeticOperators {
    static let definitions =
        [
            OperatorDefinition("Add", inputs: 2...2) { context throws(ModelError) in
                try arithmetic(context, fast: REGRADE_ADD, Sum.self)
            },
            OperatorDefinition("Sub", inputs: 2...2) { context throws(ModelError) in
                try arithmetic(context, fast: REGRADE_SUBTRACT, Difference.self)
            },
            OperatorDefinition("Mul", inputs: 2...2) { context throws(ModelError) in
                try arithmetic(context, fast: REGRADE_MULTIPLY, Product.self)
            },
            OperatorDefinition("Div", inputs: 2...2) { context throws(ModelError) in
                try arithmetic(context, Quotient.self)
            },
            OperatorDefinition("Mod", attributes: ["fmod"], inputs: 2...2, plan: remainder),
            OperatorDefinition("Pow", inputs: 2...2, plan: PowerOperator.plan),
        ] + VariadicOperators.definitions + UnaryOperators.definitions
        + ComparisonOperators.definitions

    /// A binary operation on the numeric element types.
    private protocol Operation: SendableMetatype {
        static func apply(_ left: Float, _ right: Float) -> Float
        static func apply<Integer: FixedWidthInteger>(_ left: Integer, _ right: Integer) -> Integer
        static var dividesIntegers: Bool { get }
    }

    private enum Sum: Operation {
        static let dividesIntegers = false
        static func apply(_ left: Float, _ right: Float) -> Float { left + right }
        static func apply<I: FixedWidthInteger>(_ left: I, _ right: I) -> I { left &+ right }
    }

    private enum Difference: Operation {
        static let dividesIntegers = false
        static func apply(_ left: Float, _ right: Float) -> Float { left - right }
        static func apply<I: FixedWidthInteger>(_ left: I, _ right: I) -> I { left &- right }
    }

    private enum Product: Operation {
        static let dividesIntegers = false
        static func apply(_ left: Float, _ right: Float) -> Float { left * right }
        static func apply<I: FixedWidthInteger>(_ left: I, _ right: I) -> I { left &* right }
    }

    private enum Quotient: Operation {
        static let dividesIntegers = true
        static func apply(_ left: Float, _ right: Float) -> Float { left / right }
        static func apply<I: FixedWidthInteger>(_ left: I, _ right: I) -> I {
            left.dividedReportingOverflow(by: right).partialValue
        }
    }

    /// The remainder with the sign of the divisor.
    private enum FlooredRemainder: Operation {
        static let dividesIntegers = true
        static func apply(_ left: Float, _ right: Float) -> Float {
            let remainder = fmod(left, right)
            return remainder != 0 && (remainder < 0) != (right < 0) ? remainder + right : remainder
        }
        static func apply<I: FixedWidthInteger>(_ left: I, _ right: I) -> I {
            let remainder = left.remainderReportingOverflow(dividingBy: right).partialValue
            return remainder != 0 && (remainder < 0) != (right < 0) ? remainder &+ right : remainder
        }
    }

    /// The remainder with the sign of the dividend, as C's `fmod`.
    private enum TruncatedRemainder: Operation {
        static let dividesIntegers = true
        static func apply(_ left: Float, _ right: Float) -> Float { fmod(left, right) }
        static func apply<I: FixedWidthInteger>(_ left: I, _ right: I) -> I {
            left.remainderReportingOverflow(dividingBy: right).partialValue
        }
    }

    @Sendable
    private static func remainder(_ context: NodeContext) throws(ModelError) -> NodePlan {
        try context.flag("fmod")
            ? try arithmetic(context, TruncatedRemainder.self)
            : try arithmetic(context, FlooredRemainder.self)
    }

    private static func arithmetic<Operator: Operation>(
        _ context: NodeContext, fast: regrade_binary_kind? = nil, _: Operator.Type
    ) throws(ModelError) -> NodePlan {
        let element = try context.type(0).element
        guard try context.type(1).element == element else {
            throw context.invalid("its inputs differ in element type")
        }
        switch element {
        case .float32:
            if let fast { return try ElementwisePlans.combine(context, fast) }
            return try ElementwisePlans.combine(context) { (left: Float, right: Float) in
                Operator.apply(left, right)
            }
        case .int64:
            let plan = try ElementwisePlans.combine(context) { (left: Int64, right: Int64) in
                Operator.apply(left, right)
            }
            return Operator.dividesIntegers ? refusingZeros(plan, Int64.self, context) : plan
        case .int32:
            let plan = try ElementwisePlans.combine(context) { (left: Int32, right: Int32) in
                Operator.apply(left, right)
            }
            return Operator.dividesIntegers ? refusingZeros(plan, Int32.self, context) : plan
        case .bool: throw context.invalid("its inputs are bool")
        }
    }

    /// Integer division by zero is an error, not a number.
    private static func refusingZeros<Element: TensorElement & FixedWidthInteger>(
        _ plan: NodePlan, _: Element.Type, _ context: NodeContext
    ) -> NodePlan {
        guard case .kernel(_, let kernel) = plan.work else { return plan }
        return .kernel(plan.outputs) { arguments throws(ModelError) in
            let divisors = arguments.input(1, as: Element.self)
            guard !divisors.array().contains(0) else {
                throw context.invalidElements("integer division by zero")
            }
            try kernel(arguments)
        }
    }
}
