internal import Foundation

/// `Pow`, whose exponent may have another type than its base.
enum PowerOperator {
    @Sendable
    static func plan(_ context: NodeContext) throws(ModelError) -> NodePlan {
        switch try context.type(0).element {
        case .float32: try plan(context, base: Float.self)
        case .int64: try plan(context, base: Int64.self)
        case .int32: try plan(context, base: Int32.self)
        case .bool: throw context.invalid("the base is bool")
        }
    }

    private static func plan<Base: PowerBase>(
        _ context: NodeContext, base: Base.Type
    ) throws(ModelError) -> NodePlan {
        switch try context.type(1).element {
        case .float32:
            return try ElementwisePlans.combine(context) { (x: Base, y: Float) in
                Base.power(x, Double(y))
            }
        case .int64:
            return try ElementwisePlans.combine(context) { (x: Base, y: Int64) in
                Base.power(x, Double(y))
            }
        case .int32:
            return try ElementwisePlans.combine(context) { (x: Base, y: Int32) in
                Base.power(x, Double(y))
            }
        case .bool: throw context.invalid("the exponent is bool")
        }
    }
}

private protocol PowerBase: TensorElement {
    static func power(_ base: Self, _ exponent: Double) -> Self
}

extension Float: PowerBase {
    static func power(_ base: Float, _ exponent: Double) -> Float {
        Float(pow(Double(base), exponent))
    }
}

extension Int64: PowerBase {
    static func power(_ base: Int64, _ exponent: Double) -> Int64 {
        NumberConversion.integer(pow(Double(base), exponent))
    }
}

extension Int32: PowerBase {
    static func power(_ base: Int32, _ exponent: Double) -> Int32 {
        NumberConversion.integer(pow(Double(base), exponent))
    }
}

/// Conversions that never trap.
enum NumberConversion {
    /// The number without its fraction, or the nearest end of the range; 0 for NaN.
    static func integer<Integer: FixedWidthInteger>(_ number: Double) -> Integer {
        if number.isNaN { return 0 }
        let truncated = number.rounded(.towardZero)
        return Integer(exactly: truncated) ?? (truncated < 0 ? Integer.min : Integer.max)
    }
}
