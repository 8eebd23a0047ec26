internal import CKernels

/// A function of one number that a kernel applies to its results before they leave the cache.
enum Activation: Hashable, Sendable {
    case identity
    /// `min(max(x, lower), upper)`.
    case clip(lower: Float, upper: Float)
    /// `x < 0 ? slope * x : x`.
    case leakyRelu(slope: Float)
    case sigmoid
    /// `min(max(alpha * x + beta, 0), 1)`.
    case hardSigmoid(alpha: Float, beta: Float)
    /// `x * min(max(x / 6 + 1 / 2, 0), 1)`.
    case hardSwish
    /// `x * sigmoid(x)`.
    case silu
    case tanh

    static let relu = Activation.clip(lower: 0, upper: .infinity)

    /// The same in the words of ``CKernels``.
    var kernelArgument: regrade_activation {
        switch self {
        case .identity: regrade_activation(kind: REGRADE_IDENTITY, a: 0, b: 0)
        case .clip(let lower, let upper): regrade_activation(kind: REGRADE_CLIP, a: lower, b: upper)
        case .leakyRelu(let slope): regrade_activation(kind: REGRADE_LEAKY_RELU, a: slope, b: 0)
        case .sigmoid: regrade_activation(kind: REGRADE_SIGMOID, a: 0, b: 0)
        case .hardSigmoid(let alpha, let beta):
            regrade_activation(kind: REGRADE_HARD_SIGMOID, a: alpha, b: beta)
        case .hardSwish: regrade_activation(kind: REGRADE_HARD_SWISH, a: 0, b: 0)
        case .silu: regrade_activation(kind: REGRADE_SILU, a: 0, b: 0)
        case .tanh: regrade_activation(kind: REGRADE_TANH, a: 0, b: 0)
        }
    }
}
