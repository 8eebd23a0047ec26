internal import Foundation
internal import SwiftProtobuf

/// The decoded protobuf message of an ONNX file.
struct ModelFile {
    let message: OnnxModelProto

    /// Reads a file from disk; blocks.
    init(path: String) throws(ModelError) {
        let bytes = try FileReader.bytes(
            at: path, what: "model file", limit: ModelLimits.fileByteLimit)
        try self.init(bytes: bytes)
    }

    init(bytes: Data) throws(ModelError) {
        guard bytes.count <= ModelLimits.fileByteLimit else {
            throw .limitExceeded(
                what: "size of the model file in bytes", value: bytes.count,
                limit: ModelLimits.fileByteLimit)
        }
        var options = BinaryDecodingOptions()
        options.discardUnknownFields = true
        do {
            message = try OnnxModelProto(serializedBytes: bytes, options: options)
        } catch {
            throw .malformed(what: "model file", reason: "not an ONNX protobuf message (\(error))")
        }
        guard message.hasGraph else {
            throw .malformed(what: "model file", reason: "it holds no graph")
        }
    }

    /// The metadata properties; the last of several equal keys counts.
    func metadata() throws(ModelError) -> [String: String] {
        guard message.metadataProps.count <= ModelLimits.metadataCountLimit else {
            throw .limitExceeded(
                what: "number of metadata properties", value: message.metadataProps.count,
                limit: ModelLimits.metadataCountLimit)
        }
        return Dictionary(
            message.metadataProps.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    }

    /// The version of the default operator set.
    func opset() throws(ModelError) -> Int {
        let imported = message.opsetImport.first { $0.domain.isEmpty || $0.domain == "ai.onnx" }
        // A file that imports only other sets is refused node by node.
        let version = imported.map { Int($0.version) } ?? ModelLimits.opsetRange.upperBound
        guard ModelLimits.opsetRange.contains(version) else {
            throw .unsupportedOpset(version: version, supported: ModelLimits.opsetRange)
        }
        return version
    }
}
