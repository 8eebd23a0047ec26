import Foundation

/// Writes protobuf messages field by field, as much as tiny ONNX files need.
///
/// - SeeAlso: <https://protobuf.dev/programming-guides/encoding/>
struct ProtobufWriter {
    private(set) var bytes = Data()

    init(_ body: (inout ProtobufWriter) -> Void) {
        body(&self)
    }

    mutating func integer(_ field: Int, _ value: Int) {
        varint(UInt64(field << 3))
        varint(UInt64(bitPattern: Int64(value)))
    }

    mutating func text(_ field: Int, _ value: String) {
        data(field, Data(value.utf8))
    }

    mutating func message(_ field: Int, _ body: (inout ProtobufWriter) -> Void) {
        data(field, ProtobufWriter(body).bytes)
    }

    mutating func data(_ field: Int, _ value: Data) {
        varint(UInt64(field << 3 | 2))
        varint(UInt64(value.count))
        bytes.append(value)
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest > 127 {
            bytes.append(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
