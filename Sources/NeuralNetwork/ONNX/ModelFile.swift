internal import Foundation
internal import SwiftProtobuf

/// The decoded protobuf message of an ONNX file.
struct ModelFile {
    let message: OnnxModelProto

    /// Reads a file from disk; blocks.
    init(path: String) throws(ModelError) {
        let bytes: Data
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            let byteCount = (attributes[.size] as? NSNumber)?.intValue ?? 0
            guard byteCount <= ModelLimits.fileByteLimit else {
                throw ModelError.limitExceeded(
                    what: "size of the model file in bytes", value: byteCount,
                    limit: ModelLimits.fileByteLimit)
            }
            bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch let error as ModelError {
            throw error
        } catch {
            throw .fileUnreadable(path: path, reason: FileFailure.describe(error))
        }
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
        guard let version = imported.map({ Int($0.version) }) else {
            throw .malformed(what: "model file", reason: "it imports no ONNX operator set")
        }
        guard ModelLimits.opsetRange.contains(version) else {
            throw .unsupportedOpset(version: version, supported: ModelLimits.opsetRange)
        }
        return version
    }
}

/// What the operating system said, without the path that the message names already.
enum FileFailure {
    static func describe(_ error: any Error) -> String {
        let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        if let posix = underlying ?? (error as NSError?), posix.domain == NSPOSIXErrorDomain {
            return unsafe String(cString: strerror(Int32(posix.code)))
        }
        return (error as NSError).code == NSFileReadNoSuchFileError
            ? "No such file or directory" : "\((error as NSError).localizedDescription)"
    }
}
