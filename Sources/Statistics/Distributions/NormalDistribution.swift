import Foundation

/// The standard normal distribution.
public enum NormalDistribution {
    /// P(Z ≤ z), 0…1.
    public static func cumulative(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }

    /// The z with P(Z ≤ z) = `probability`; infinite at 0 and 1.
    ///
    /// By bisection on ``cumulative(_:)``, as exact as that function is.
    ///
    /// - Precondition: `probability` is in 0…1.
    public static func quantile(_ probability: Double) -> Double {
        precondition((0...1).contains(probability), "no probability: \(probability)")
        if probability == 0 { return -.infinity }
        if probability == 1 { return .infinity }
        return bisection(lower: -40, upper: 40) { cumulative($0) < probability }
    }
}

/// The point at which `isBelow` turns from true to false, to the last bit.
func bisection(lower: Double, upper: Double, isBelow: (Double) -> Bool) -> Double {
    var lower = lower
    var upper = upper
    while true {
        let middle = lower + (upper - lower) / 2
        guard middle > lower && middle < upper else { return middle }
        if isBelow(middle) { lower = middle } else { upper = middle }
    }
}
