public import Foundation

/// Reads and writes tensors as NumPy's `.npy` files, the exchange format of `regrade model run`.
///
/// File: the bytes `93 4E 55 4D 50 59` ("\x93NUMPY"), version major and minor, the header's length
/// (2 bytes little endian in version 1, 4 in versions 2 and 3), the header, the elements. The
/// header is a Python dictionary with exactly the keys `descr`, `fortran_order` and `shape`.
///
/// The bytes are valid if
/// 1. the major version is 1, 2 or 3 and the header lies within the file and its limit;
/// 2. `descr` is `<f4`, `<f8` (read as float32), `<i8`, `<i4` or `|b1`;
/// 3. as many bytes follow as the shape has elements.
///
/// - SeeAlso: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
public enum NumPyArray {
    /// Bytes of a file: the largest tensor in the widest element type, and its header.
    public static let fileByteLimit = ModelLimits.tensorElementLimit * 8 + headerByteLimit
    /// Bytes of a header; that of an ordinary array has fewer than 128.
    public static let headerByteLimit = 1 << 16

    private static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]

    /// Reads a file; blocks.
    ///
    /// - Throws: ``ModelError/fileUnreadable(path:reason:)``,
    ///   ``ModelError/malformed(what:reason:)`` or a limit.
    public static func read(contentsOf url: URL) throws(ModelError) -> Tensor {
        try read(try FileReader.bytes(at: url.path, what: "npy file", limit: fileByteLimit))
    }

    /// Decodes the bytes of a file.
    public static func read(_ bytes: Data) throws(ModelError) -> Tensor {
        let bytes = Data(bytes)
        guard bytes.count >= 10, Array(bytes.prefix(6)) == magic else {
            throw malformed("it does not start as one")
        }
        let isFirstVersion = bytes[6] == 1
        guard (1...3).contains(bytes[6]) else {
            throw malformed("version \(bytes[6]) is unknown")
        }
        let start = isFirstVersion ? 10 : 12
        guard bytes.count >= start else { throw malformed("it ends in its header") }
        let length = (8..<start).reversed().reduce(0) { $0 << 8 | Int(bytes[$1]) }
        guard length <= headerByteLimit, bytes.count >= start + length else {
            throw malformed("its header of \(length) bytes is too long")
        }
        let text = String(decoding: bytes[start..<start + length], as: UTF8.self)
        let header = try Header(text)
        let shape = try TensorShape(header.shape, of: "npy array")
        let body = bytes[(start + length)...]
        let elements = try elements(body, description: header.description, shape: shape)
        guard header.isColumnMajor, shape.rank > 1 else {
            return Tensor(checked: shape, elements: elements)
        }
        return Tensor(checked: shape, elements: try elements.fromColumnMajor(shape))
    }

    /// Writes a tensor as a file of version 1 in row-major order; blocks.
    ///
    /// - Throws: ``ModelError/fileUnreadable(path:reason:)`` with the system's reason.
    public static func write(_ tensor: Tensor, to url: URL) throws(ModelError) {
        do {
            try encode(tensor).write(to: url)
        } catch {
            throw .fileUnreadable(path: url.path, reason: FileFailure.describe(error))
        }
    }

    /// The bytes of a file of version 1 in row-major order.
    public static func encode(_ tensor: Tensor) -> Data {
        let description =
            switch tensor.elementType {
            case .float32: "<f4"
            case .int64: "<i8"
            case .int32: "<i4"
            case .bool: "|b1"
            }
        let sizes = tensor.shape.map(String.init).joined(separator: ", ")
        let shape = tensor.shape.count == 1 ? "(\(sizes),)" : "(\(sizes))"
        var header = "{'descr': '\(description)', 'fortran_order': False, 'shape': \(shape), }"
        // The elements start at a multiple of 64, as the format asks.
        let unpadded = magic.count + 4 + header.utf8.count + 1
        header += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
        let length = header.utf8.count
        var bytes = Data(magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)])
        bytes.append(contentsOf: header.utf8)
        tensor.elements.append(to: &bytes)
        return bytes
    }

    private static func elements(
        _ body: Data, description: String, shape: TensorShape
    ) throws(ModelError) -> Tensor.Elements {
        let widths = ["<f4": 4, "<f8": 8, "<i8": 8, "<i4": 4, "|b1": 1]
        guard let width = widths[description] else {
            throw malformed(
                "element type \(description) is not one of \(widths.keys.sorted())")
        }
        guard body.count == shape.elementCount * width else {
            throw malformed("\(body.count) bytes follow for the shape \(shape.dimensions)")
        }
        func decode<Element: BitwiseCopyable>(_ filler: Element) -> [Element] {
            unsafe [Element](unsafeUninitializedCapacity: shape.elementCount) { buffer, count in
                // The guard above checked the size.
                unsafe body.copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
                count = shape.elementCount
            }
        }
        return switch description {
        case "<f4": .float32(decode(Float(0)))
        case "<f8": .float32(decode(Double(0)).map { Float($0) })
        case "<i8": .int64(decode(Int64(0)))
        case "<i4": .int32(decode(Int32(0)))
        default: .bool(body.map { $0 != 0 })
        }
    }

    static func malformed(_ reason: String) -> ModelError {
        .malformed(what: "npy file", reason: reason)
    }
}

extension Tensor.Elements {
    /// Appends the elements in memory order, little endian.
    fileprivate func append(to bytes: inout Data) {
        func raw<Element: BitwiseCopyable>(_ elements: [Element]) {
            unsafe elements.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        }
        switch self {
        case .float32(let elements): raw(elements)
        case .int64(let elements): raw(elements)
        case .int32(let elements): raw(elements)
        case .bool(let elements): raw(elements)
        }
    }

    /// The same elements in row-major order, given in column-major order.
    fileprivate func fromColumnMajor(
        _ shape: TensorShape
    ) throws(ModelError) -> Tensor.Elements {
        var steps: [Int] = []
        var step = 1
        for size in shape.dimensions {
            steps.append(step)
            step *= max(1, size)
        }
        let order = try OffsetTable.make(sizes: shape.dimensions, steps: steps)
        return switch self {
        case .float32(let elements): .float32(order.map { elements[$0] })
        case .int64(let elements): .int64(order.map { elements[$0] })
        case .int32(let elements): .int32(order.map { elements[$0] })
        case .bool(let elements): .bool(order.map { elements[$0] })
        }
    }
}
