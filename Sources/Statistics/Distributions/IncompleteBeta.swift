import Foundation

/// The regularised incomplete beta function I_x(a, b), the common root of the binomial, beta, F and
/// Student distributions.
///
/// - Parameters:
///   - x: 0…1.
///   - a: Above 0.
///   - b: Above 0.
/// - Returns: 0…1, to about 14 digits; NaN if the fraction did not converge, which does not happen
///   for a and b up to 10⁹.
/// - SeeAlso: NIST Digital Library of Mathematical Functions, 8.17.22 (the continued fraction);
///   Lentz 1976, doi 10.1364/AO.15.000668 (its evaluation from the front).
public func regularizedIncompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    precondition(a > 0 && b > 0 && (0...1).contains(x), "I_\(x)(\(a), \(b)) is not defined")
    if x == 0 || x == 1 { return x }
    // The fraction converges quickly on this side of the mean; the other side is its mirror.
    guard x <= (a + 1) / (a + b + 2) else { return 1 - lowerPart(1 - x, b, a) }
    return lowerPart(x, a, b)
}

private func lowerPart(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let logFactor =
        a * log(x) + b * log1p(-x) - log(a) - (lgamma(a) + lgamma(b) - lgamma(a + b))
    return min(1, exp(logFactor) / continuedFraction(x, a, b))
}

/// 1 + d₁/(1 + d₂/(1 + …)) of DLMF 8.17.22.
private func continuedFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    // Terms needed grow with the square root of the larger parameter.
    let termCountLimit = 100_000
    let tiny = 1e-300
    func coefficient(_ index: Int) -> Double {
        let m = Double(index / 2)
        if index.isMultiple(of: 2) {
            return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        }
        return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    }
    func awayFromZero(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var value = 1.0
    var numerator = 1.0
    var denominator = 0.0
    for index in 1...termCountLimit {
        let term = coefficient(index)
        denominator = 1 / awayFromZero(1 + term * denominator)
        numerator = awayFromZero(1 + term / numerator)
        let factor = numerator * denominator
        value *= factor
        if abs(factor - 1) < 1e-15 { return value }
    }
    return .nan
}
