internal import Foundation

/// Turns a `TensorProto` into a ``Tensor``.
enum TensorReader {
    /// - Parameter name: What messages call the tensor.
    static func read(_ message: OnnxTensorProto, name: String) throws(ModelError) -> Tensor {
        guard let element = ElementType(onnxType: Int(message.dataType)) else {
            throw .unsupportedElementType(tensor: name, onnxType: Int(message.dataType))
        }
        guard message.dataLocation == 0 else {
            throw .malformed(
                what: "tensor \(name)",
                reason: "its data is in another file; export the model as one file")
        }
        let shape = try TensorShape(message.dims.map { Int($0) }, of: "tensor \(name)")
        let elements = try elements(of: message, element: element, shape: shape, name: name)
        guard elements.count == shape.elementCount else {
            throw .malformed(
                what: "tensor \(name)",
                reason: "\(elements.count) elements for the shape \(shape.dimensions)")
        }
        return Tensor(checked: shape, elements: elements)
    }

    private static func elements(
        of message: OnnxTensorProto, element: ElementType, shape: TensorShape, name: String
    ) throws(ModelError) -> Tensor.Elements {
        guard message.rawData.isEmpty else {
            guard message.rawData.count == shape.elementCount * element.byteCount else {
                throw .malformed(
                    what: "tensor \(name)",
                    reason: "\(message.rawData.count) bytes for \(shape.elementCount) elements "
                        + "of \(element.rawValue)")
            }
            return rawElements(message.rawData, element: element, count: shape.elementCount)
        }
        switch element {
        case .float32: return .float32(message.floatData)
        case .int64: return .int64(message.int64Data)
        case .int32: return .int32(message.int32Data)
        case .bool: return .bool(message.int32Data.map { $0 != 0 })
        }
    }

    /// ONNX raw data is little endian, as are the processors that this builds for.
    private static func rawElements(
        _ bytes: Data, element: ElementType, count: Int
    ) -> Tensor.Elements {
        switch element {
        case .float32: .float32(copyElements(bytes, count: count, filler: 0))
        case .int64: .int64(copyElements(bytes, count: count, filler: 0))
        case .int32: .int32(copyElements(bytes, count: count, filler: 0))
        case .bool: .bool(bytes.map { $0 != 0 })
        }
    }

    private static func copyElements<Element: BitwiseCopyable>(
        _ bytes: Data, count: Int, filler: Element
    ) -> [Element] {
        unsafe [Element](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            // The caller checked that `bytes` holds exactly `count` elements.
            unsafe bytes.copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
            initializedCount = count
        }
    }
}
