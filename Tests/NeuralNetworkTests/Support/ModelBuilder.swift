import Foundation
import NeuralNetwork

/// Builds small ONNX files, so that tests go through the same door as real ones.
///
///     var builder = ModelBuilder()
///     builder.input("x", [1, 3, 8, 8])
///     builder.constant("w", shape: [4, 3, 1, 1], float32: weights)
///     builder.node("Conv", ["x", "w"], ["y"])
///     builder.output("y")
///     let model = try builder.model()
struct ModelBuilder {
    enum Attribute {
        case float(Float)
        case integer(Int)
        case string(String)
        case integers([Int])
    }

    var opset = 17
    var metadata: [String: String] = [:]
    private var nodes: [Message] = []
    private var constants: [Message] = []
    private var inputs: [Message] = []
    private var outputs: [Message] = []

    init(opset: Int = 17) {
        self.opset = opset
    }

    /// Sizes of -1 are open.
    mutating func input(_ name: String, _ shape: [Int], type: Int = 1) {
        inputs.append(Self.value(name, shape, type: type))
    }

    mutating func output(_ name: String) {
        var message = Message()
        message.add(1, text: name)
        outputs.append(message)
    }

    mutating func constant(_ name: String, shape: [Int], float32: [Float]) {
        constant(name, shape: shape, type: 1, bytes: float32.littleEndianData)
    }

    mutating func constant(_ name: String, int64: [Int64]) {
        constant(name, shape: [int64.count], type: 7, bytes: int64.littleEndianData)
    }

    mutating func constant(_ name: String, shape: [Int], type: Int, bytes: Data) {
        var message = Message()
        for size in shape { message.add(1, integer: size) }
        message.add(2, integer: type)
        message.add(8, text: name)
        message.add(9, bytes: bytes)
        constants.append(message)
    }

    mutating func node(
        _ operatorName: String, _ inputs: [String], _ outputs: [String],
        _ attributes: [String: Attribute] = [:], name: String = "", domain: String = ""
    ) {
        var message = Message()
        for input in inputs { message.add(1, text: input) }
        for output in outputs { message.add(2, text: output) }
        message.add(3, text: name)
        message.add(4, text: operatorName)
        for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
            message.add(5, message: Self.attribute(name, value))
        }
        message.add(7, text: domain)
        nodes.append(message)
    }

    func bytes() -> Data {
        var graph = Message()
        for node in nodes { graph.add(1, message: node) }
        for constant in constants { graph.add(5, message: constant) }
        for input in inputs { graph.add(11, message: input) }
        for output in outputs { graph.add(12, message: output) }
        var operatorSet = Message()
        operatorSet.add(2, integer: opset)
        var model = Message()
        model.add(1, integer: 8)
        model.add(7, message: graph)
        model.add(8, message: operatorSet)
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            var entry = Message()
            entry.add(1, text: key)
            entry.add(2, text: value)
            model.add(14, message: entry)
        }
        return model.bytes
    }

    func model() throws -> NetworkModel { try NetworkModel(bytes: bytes()) }

    private static func attribute(_ name: String, _ value: Attribute) -> Message {
        var message = Message()
        message.add(1, text: name)
        switch value {
        case .float(let number):
            message.add(2, float: number)
            message.add(20, integer: 1)
        case .integer(let number):
            message.add(3, integer: number)
            message.add(20, integer: 2)
        case .string(let text):
            message.add(4, text: text)
            message.add(20, integer: 3)
        case .integers(let numbers):
            for number in numbers { message.add(8, integer: number) }
            message.add(20, integer: 7)
        }
        return message
    }

    private static func value(_ name: String, _ shape: [Int], type: Int) -> Message {
        var shapeMessage = Message()
        for size in shape {
            var dimension = Message()
            if size >= 0 { dimension.add(1, integer: size) } else { dimension.add(2, text: "n") }
            shapeMessage.add(1, message: dimension)
        }
        var tensorType = Message()
        tensorType.add(1, integer: type)
        tensorType.add(2, message: shapeMessage)
        var typeMessage = Message()
        typeMessage.add(1, message: tensorType)
        var message = Message()
        message.add(1, text: name)
        message.add(2, message: typeMessage)
        return message
    }
}

/// The bytes of one protobuf message.
///
/// - SeeAlso: https://protobuf.dev/programming-guides/encoding/
private struct Message {
    private(set) var bytes = Data()

    mutating func add(_ field: Int, integer: Int) {
        appendNumber(UInt64(field << 3))
        appendNumber(UInt64(bitPattern: Int64(integer)))
    }

    mutating func add(_ field: Int, float: Float) {
        appendNumber(UInt64(field << 3 | 5))
        bytes.append([float].littleEndianData)
    }

    mutating func add(_ field: Int, text: String) {
        add(field, bytes: Data(text.utf8))
    }

    mutating func add(_ field: Int, message: Message) {
        add(field, bytes: message.bytes)
    }

    mutating func add(_ field: Int, bytes content: Data) {
        appendNumber(UInt64(field << 3 | 2))
        appendNumber(UInt64(content.count))
        bytes.append(content)
    }

    private mutating func appendNumber(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
