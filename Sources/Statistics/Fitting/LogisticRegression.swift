import Foundation

/// A linear model of the odds, fitted by Newton's method with a small penalty on its weights.
///
/// - SeeAlso: Hastie, Tibshirani and Friedman 2009, section 4.4.1.
public struct LogisticRegression: Sendable {
    /// The weight of each feature, then the constant.
    public let weights: [Double]
    /// Whether the steps became negligible before ``stepCountLimit``.
    public let isConverged: Bool

    /// Newton steps at most; a penalised problem needs about ten.
    private static let stepCountLimit = 50

    /// Fits the model.
    ///
    /// - Parameters:
    ///   - features: One row a case, all equally long; best of similar magnitude.
    ///   - isPositive: As long as `features`.
    ///   - penalty: Half of it times the squared weights is added to the summed loss; above 0, so
    ///     that separable classes have an answer. The constant is not penalised.
    public init(features: [[Double]], isPositive: [Bool], penalty: Double = 1) {
        precondition(features.count == isPositive.count && penalty > 0, "\(features.count) rows")
        let size = (features.first?.count ?? 0) + 1
        var weights = [Double](repeating: 0, count: size)
        var isConverged = false
        for _ in 0..<Self.stepCountLimit {
            let step = Self.step(features, isPositive, weights, penalty)
            for index in weights.indices { weights[index] -= step[index] }
            if step.allSatisfy({ abs($0) < 1e-9 }) {
                isConverged = true
                break
            }
        }
        self.weights = weights
        self.isConverged = isConverged
    }

    /// The logit of a case.
    public func logit(_ features: [Double]) -> Double {
        zip(features, weights).reduce(weights[weights.count - 1]) { $0 + $1.0 * $1.1 }
    }

    private static func step(
        _ features: [[Double]], _ isPositive: [Bool], _ weights: [Double], _ penalty: Double
    ) -> [Double] {
        let size = weights.count
        var gradient = [Double](repeating: 0, count: size)
        var curvature = [Double](repeating: 0, count: size * size)
        for (row, truth) in zip(features, isPositive) {
            let extended = row + [1]
            let logit = zip(extended, weights).reduce(0) { $0 + $1.0 * $1.1 }
            let share = logistic(logit)
            let gap = share - (truth ? 1 : 0)
            let spread = max(share * (1 - share), 1e-12)
            for first in 0..<size where extended[first] != 0 {
                gradient[first] += gap * extended[first]
                let scaled = spread * extended[first]
                for second in 0...first {
                    curvature[first * size + second] += scaled * extended[second]
                }
            }
        }
        for index in 0..<size {
            let isConstant = index == size - 1
            gradient[index] += isConstant ? 0 : penalty * weights[index]
            // The constant's tiny ridge keeps the matrix definite when there is one class only.
            curvature[index * size + index] += isConstant ? 1e-9 : penalty
        }
        return solved(curvature, gradient)
    }

    /// Solves A x = b for a symmetric positive definite A, of which the lower half is given.
    private static func solved(_ matrix: [Double], _ right: [Double]) -> [Double] {
        let size = right.count
        var factor = matrix
        for column in 0..<size {
            for row in column..<size {
                var sum = factor[row * size + column]
                for inner in 0..<column {
                    sum -= factor[row * size + inner] * factor[column * size + inner]
                }
                factor[row * size + column] =
                    row == column
                    ? max(sum, 1e-300).squareRoot() : sum / factor[column * size + column]
            }
        }
        var solution = right
        for row in 0..<size {
            for inner in 0..<row { solution[row] -= factor[row * size + inner] * solution[inner] }
            solution[row] /= factor[row * size + row]
        }
        for row in (0..<size).reversed() {
            for inner in (row + 1)..<size {
                solution[row] -= factor[inner * size + row] * solution[inner]
            }
            solution[row] /= factor[row * size + row]
        }
        return solution
    }
}
