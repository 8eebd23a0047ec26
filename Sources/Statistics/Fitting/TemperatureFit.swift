import Foundation

/// The divisor of a logit that makes its probability most likely: temperature scaling.
///
/// The mean log loss is convex in 1 / T, so that there is one minimum or none. None means that the
/// labels do not say how sure to be: all are of one class, the logits separate the classes without
/// a single mistake, or they point the wrong way.
///
/// - SeeAlso: Guo et al. 2017, arXiv 1706.04599.
public enum TemperatureFit: Hashable, Sendable {
    /// The temperature of the least log loss.
    case fitted(Double)
    /// There is none, and why.
    case undetermined(Reason)

    /// Why no temperature is best.
    public enum Reason: String, Codable, Hashable, Sendable {
        /// There is no case, or all are of one class.
        case oneClass = "one_class"
        /// Each lower temperature is better: no case contradicts its logit.
        case separable
        /// Each higher temperature is better: the logits say nothing, or the opposite.
        case contradicted
    }

    /// The lowest temperature that is looked for, and the highest is its inverse.
    public static let lowestTemperature = 0.02

    /// Fits a temperature.
    ///
    /// - Parameters:
    ///   - logits: Finite.
    ///   - isTrue: What each logit speaks for, as long as `logits`.
    public init(logits: [Double], isTrue: [Bool]) {
        precondition(logits.count == isTrue.count, "\(logits.count) logits")
        guard isTrue.contains(true), isTrue.contains(false) else {
            self = .undetermined(.oneClass)
            return
        }
        // The slope of the loss in 1 / T grows with 1 / T.
        func slope(_ inverse: Double) -> Double {
            zip(logits, isTrue).reduce(0) { sum, pair in
                let (logit, isTrue) = pair
                return sum + (logistic(inverse * logit) - (isTrue ? 1 : 0)) * logit
            }
        }
        let highest = 1 / Self.lowestTemperature
        if slope(Self.lowestTemperature) >= 0 {
            self = .undetermined(.contradicted)
        } else if slope(highest) <= 0 {
            self = .undetermined(.separable)
        } else {
            let inverse = bisection(lower: Self.lowestTemperature, upper: highest) {
                slope($0) < 0
            }
            self = .fitted(1 / inverse)
        }
    }

    /// The temperature; nil if there is none.
    public var temperature: Double? {
        if case .fitted(let temperature) = self { temperature } else { nil }
    }
}

/// 1 / (1 + e^−x), 0…1.
public func logistic(_ value: Double) -> Double { 1 / (1 + exp(-value)) }
