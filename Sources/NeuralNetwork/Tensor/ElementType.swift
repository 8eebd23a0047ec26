/// What the elements of a tensor are.
public enum ElementType: String, Hashable, Sendable, CaseIterable {
    case float32, int64, int32, bool

    /// Bytes of one element in memory.
    public var byteCount: Int {
        switch self {
        case .float32, .int32: 4
        case .int64: 8
        case .bool: 1
        }
    }

    /// The type with that `TensorProto.DataType` number of the ONNX specification, if supported.
    init?(onnxType: Int) {
        switch onnxType {
        case 1: self = .float32
        case 6: self = .int32
        case 7: self = .int64
        case 9: self = .bool
        default: return nil
        }
    }

    /// The specification's name of a `TensorProto.DataType` number, for messages.
    static func onnxName(of onnxType: Int) -> String {
        let names = [
            "undefined", "float32", "uint8", "int8", "uint16", "int16", "int32", "int64", "string",
            "bool", "float16", "float64", "uint32", "uint64", "complex64", "complex128", "bfloat16",
        ]
        return names.indices.contains(onnxType) ? names[onnxType] : "number \(onnxType)"
    }
}

/// A Swift type that tensors store as it is.
protocol TensorElement: BitwiseCopyable, Hashable, Sendable {
    static var elementType: ElementType { get }
    static var zero: Self { get }
    static func tensor(shape: TensorShape, elements: [Self]) -> Tensor
}

extension Float: TensorElement {
    static var elementType: ElementType { .float32 }

    static func tensor(shape: TensorShape, elements: [Float]) -> Tensor {
        Tensor(checked: shape, elements: .float32(elements))
    }
}

extension Int64: TensorElement {
    static var elementType: ElementType { .int64 }

    static func tensor(shape: TensorShape, elements: [Int64]) -> Tensor {
        Tensor(checked: shape, elements: .int64(elements))
    }
}

extension Int32: TensorElement {
    static var elementType: ElementType { .int32 }

    static func tensor(shape: TensorShape, elements: [Int32]) -> Tensor {
        Tensor(checked: shape, elements: .int32(elements))
    }
}

extension Bool: TensorElement {
    static var elementType: ElementType { .bool }
    static var zero: Bool { false }

    static func tensor(shape: TensorShape, elements: [Bool]) -> Tensor {
        Tensor(checked: shape, elements: .bool(elements))
    }
}
