public import NeuralNetwork

/// Why a model and its calibration cannot be used together, or at all.
public enum DamageModelError: Error, Hashable, Sendable {
    /// A file is missing, may not be read, or has more bytes than `limit`.
    case unreadable(path: String, limit: Int)
    /// The network itself is not readable or not supported.
    case network(path: String, ModelError)
    /// The model lacks a metadata property that Regrade needs.
    case propertyMissing(name: String)
    /// A metadata property says something that this build cannot follow.
    case propertyWrong(name: String, problem: String)
    /// The model has no input that takes pictures of the stated size.
    case inputWrong(expected: String, found: String)
    /// The model lacks an output.
    case outputMissing(name: String, known: [String])
    /// An output has another shape than its name promises.
    case outputWrong(name: String, expected: String, found: [Int])
    /// The calibration file is not what its format says; all mistakes at once.
    case calibrationWrong(problems: [String])
    /// The calibration was fitted for another model file.
    case calibrationOfAnotherModel(expected: String, found: String)
}

extension DamageModelError: CustomStringConvertible {
    /// The sentence: what is wrong, what was expected, and the cure.
    public var description: String {
        switch self {
        case .unreadable(let path, let limit):
            "cannot read '\(path)'; check that it exists, may be read and has at most "
                + "\(limit) bytes"
        case .network(let path, let error):
            "cannot use the model '\(path)': \(error)"
        case .propertyMissing(let name):
            "the model has no metadata property '\(name)'; export it again with scripts/train"
        case .propertyWrong(let name, let problem):
            "the model's metadata property '\(name)' \(problem)"
        case .inputWrong(let expected, let found):
            "the model must have one float32 input \(expected), found \(found)"
        case .outputMissing(let name, let known):
            "the model has no output '\(name)', only \(known.joined(separator: ", "))"
        case .outputWrong(let name, let expected, let found):
            "the model's output '\(name)' has the shape \(found), expected \(expected)"
        case .calibrationWrong(let problems):
            "the calibration cannot be used: " + problems.joined(separator: "; ")
        case .calibrationOfAnotherModel(let expected, let found):
            "the calibration belongs to the model with SHA-256 \(expected), not to \(found); "
                + "calibrate again"
        }
    }
}
