/// A dense array of numbers in row-major order: the currency of the convenience calls.
///
/// Networks in production write straight into a session's buffers instead; see ``NetworkSession``.
public struct Tensor: Hashable, Sendable {
    /// The elements, one case per ``ElementType``.
    public enum Elements: Hashable, Sendable {
        case float32([Float])
        case int64([Int64])
        case int32([Int32])
        case bool([Bool])
    }

    let checkedShape: TensorShape
    /// The elements in row-major order; their count is the product of ``shape``.
    public let elements: Elements

    init(checked shape: TensorShape, elements: Elements) {
        checkedShape = shape
        self.elements = elements
    }

    /// - Parameters:
    ///   - shape: Sizes along each dimension, outermost first; empty for a scalar.
    ///   - elements: In row-major order.
    /// - Throws: ``ModelError/inputMismatch(name:expected:found:)`` if the counts differ, or a
    ///   limit of ``ModelLimits``.
    public init(shape: [Int], elements: Elements) throws(ModelError) {
        let checkedShape = try TensorShape(shape, of: "tensor")
        guard checkedShape.elementCount == elements.count else {
            throw .inputMismatch(
                name: "tensor", expected: "\(checkedShape.elementCount) elements",
                found: "\(elements.count)")
        }
        self.init(checked: checkedShape, elements: elements)
    }

    /// A float32 tensor; see ``init(shape:elements:)``.
    public init(shape: [Int], float32 elements: [Float]) throws(ModelError) {
        try self.init(shape: shape, elements: .float32(elements))
    }

    /// Sizes along each dimension, outermost first; empty for a scalar.
    public var shape: [Int] { checkedShape.dimensions }

    /// What the elements are.
    public var elementType: ElementType { elements.type }

    /// The elements, if they are float32.
    public var float32: [Float]? {
        if case .float32(let elements) = elements { elements } else { nil }
    }

    var type: TensorType { TensorType(element: elementType, shape: checkedShape) }

    /// The elements as integers, if they are int64 or int32.
    var integers: [Int]? {
        switch elements {
        case .int64(let elements): elements.map { Int($0) }
        case .int32(let elements): elements.map { Int($0) }
        case .float32, .bool: nil
        }
    }
}

extension Tensor.Elements {
    /// How many there are.
    public var count: Int {
        switch self {
        case .float32(let elements): elements.count
        case .int64(let elements): elements.count
        case .int32(let elements): elements.count
        case .bool(let elements): elements.count
        }
    }

    var type: ElementType {
        switch self {
        case .float32: .float32
        case .int64: .int64
        case .int32: .int32
        case .bool: .bool
        }
    }

    /// Copies the elements to `destination`, which has room for them.
    func copy(to destination: UnsafeMutableRawPointer) {
        switch self {
        case .float32(let elements): unsafe copyElements(elements, to: destination)
        case .int64(let elements): unsafe copyElements(elements, to: destination)
        case .int32(let elements): unsafe copyElements(elements, to: destination)
        case .bool(let elements): unsafe copyElements(elements, to: destination)
        }
    }

    private func copyElements<Element: BitwiseCopyable>(
        _ elements: [Element], to destination: UnsafeMutableRawPointer
    ) {
        unsafe elements.withUnsafeBytes { bytes in
            guard let source = bytes.baseAddress else { return }
            // The caller reserved `elements.count` elements of this type at `destination`.
            unsafe destination.copyMemory(from: source, byteCount: bytes.count)
        }
    }
}
