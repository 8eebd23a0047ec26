/// Why a model was not read, checked, planned or run.
public enum ModelError: Error, Hashable, Sendable {
    // MARK: Reading the file

    /// The operating system did not hand over the bytes of a file.
    case fileUnreadable(path: String, reason: String)
    /// The bytes are not a well-formed file of the expected kind.
    case malformed(what: String, reason: String)
    /// A bound of ``ModelLimits`` would be exceeded.
    case limitExceeded(what: String, value: Int, limit: Int)

    // MARK: Checking the graph

    /// The model was written for operator definitions outside of the supported range.
    case unsupportedOpset(version: Int, supported: ClosedRange<Int>)
    /// No operator of that name and domain is built in for the model's opset.
    case unsupportedOperator(node: String, operatorName: String, opset: Int)
    /// The operator is built in, but not with that attribute value, type or use.
    case unsupportedUse(node: String, operatorName: String, reason: String)
    /// A tensor has an element type that is not float32, int64, int32 or bool.
    case unsupportedElementType(tensor: String, onnxType: Int)
    /// An input is a sequence, map or optional value rather than a tensor.
    case unsupportedInput(name: String)
    /// A node contradicts the definition of its operator, or the shapes of its inputs do.
    case invalidNode(node: String, operatorName: String, reason: String)
    /// A shape depends on the elements of an input which were not given when planning.
    case shapeDependsOnInput(node: String, operatorName: String, inputIndex: Int)

    // MARK: Planning and running

    /// No input or output has that name.
    case unknownName(name: String, known: [String])
    /// No inner value has that name, or it is no image of four dimensions.
    case tapUnusable(name: String)
    /// An input has neither a fixed shape in the file nor one given by the caller.
    case inputShapeNeeded(name: String, declared: [Int?])
    /// A given tensor or shape does not fit what the model declares.
    case inputMismatch(name: String, expected: String, found: String)
    /// An input was not given.
    case inputMissing(name: String)
    /// A node met elements it cannot process, such as an index outside of its table.
    case invalidElements(node: String, operatorName: String, reason: String)

    // MARK: Verifying

    /// A recorded output differs from the computed one by more than the tolerance.
    case outputDiffers(name: String, difference: Float, tolerance: Float)
    /// The golden tensors were recorded with another model file.
    case goldenTensorsOfAnotherModel(expectedHash: String, foundHash: String)
    /// The linked OpenBLAS cannot be used safely or computes wrong results.
    case unusableLinearAlgebra(reason: String)
}

extension ModelError: CustomStringConvertible {
    /// One sentence: what was being done, the offending value, the bound, and a cure if any.
    public var description: String {
        switch self {
        case .fileUnreadable(let path, let reason):
            "cannot read \(path): \(reason)"
        case .malformed(let what, let reason):
            "\(what) is malformed: \(reason)"
        case .limitExceeded(let what, let value, let limit):
            "\(what) is \(value), more than the limit of \(limit)"
        case .unsupportedOpset(let version, let supported):
            "model uses opset \(version), this build reads \(supported.lowerBound) to "
                + "\(supported.upperBound); export it again with one of these"
        case .unsupportedOperator(let node, let operatorName, let opset):
            "node \(node): operator \(operatorName) is not supported in opset \(opset); "
                + "docs/operators.md lists what is"
        case .unsupportedUse(let node, let operatorName, let reason):
            "node \(node): operator \(operatorName) is not supported with \(reason)"
        case .unsupportedElementType(let tensor, let onnxType):
            "tensor \(tensor) has element type \(ElementType.onnxName(of: onnxType)), "
                + "supported are float32, int64, int32 and bool"
        case .unsupportedInput(let name):
            "input \(name) is not a tensor, which is not supported"
        case .invalidNode(let node, let operatorName, let reason):
            "node \(node) (\(operatorName)) is invalid: \(reason)"
        case .shapeDependsOnInput(let node, let operatorName, let inputIndex):
            "node \(node) (\(operatorName)): the elements of its input \(inputIndex) decide a "
                + "shape and must be known when planning"
        case .unknownName, .tapUnusable, .inputShapeNeeded, .inputMismatch, .inputMissing,
            .invalidElements,
            .outputDiffers, .goldenTensorsOfAnotherModel, .unusableLinearAlgebra:
            runningDescription
        }
    }

    private var runningDescription: String {
        switch self {
        case .unknownName(let name, let known):
            "no value is named \(name); known are \(known.joined(separator: ", "))"
        case .tapUnusable(let name):
            "the model has no inner image named \(name) to read"
        case .inputShapeNeeded(let name, let declared):
            "input \(name) has the open shape \(ShapeText.describe(declared)); give its sizes"
        case .inputMismatch(let name, let expected, let found):
            "input \(name) must be \(expected), found \(found)"
        case .inputMissing(let name):
            "input \(name) is missing"
        case .invalidElements(let node, let operatorName, let reason):
            "node \(node) (\(operatorName)) cannot process its input: \(reason)"
        case .outputDiffers(let name, let difference, let tolerance):
            "output \(name) differs from the golden tensor by \(difference) of its largest "
                + "magnitude, more than \(tolerance)"
        case .goldenTensorsOfAnotherModel(let expectedHash, let foundHash):
            "golden tensors belong to the model with SHA-256 \(expectedHash), not to \(foundHash); "
                + "re-run scripts/train"
        case .unusableLinearAlgebra(let reason):
            "OpenBLAS cannot be used: \(reason); install libopenblas0-pthread"
        default:
            "model error"
        }
    }
}

/// How shapes appear in messages.
enum ShapeText {
    /// `[1, ?, 3]` for a shape with an open second dimension.
    static func describe(_ shape: [Int?]) -> String {
        "[" + shape.map { $0.map(String.init) ?? "?" }.joined(separator: ", ") + "]"
    }
}
