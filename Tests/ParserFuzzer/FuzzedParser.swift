import CaseStore
import Foundation
import HTTPService
import Imaging
import NIOCore
import NeuralNetwork
import ReferenceComparison
import Workflow

/// What bytes of strangers and of operators meet first; the names are those of ``ParserFuzzing``.
///
/// Any input may be refused with an error; what ends the program or never comes back is a find.
enum FuzzedParser: String, CaseIterable {
    /// EXIF, XMP and the like: signs of editing, what is cut, the header.
    case metadata
    /// Whole JPEG and PNG files down to the pixels, colour profiles among them.
    case profiles
    case multipart
    case json
    case orderDocument = "order-document"
    case referenceDocument = "reference-document"
    case webhookURL = "webhook-url"
    case policy
    case onnx
    case bank = "reference-bank"
    /// Signed notes, checkpoints, keys, and the JSON that receipts and logs are made of.
    case note
    /// The lines of an audit log.
    case auditLog = "audit-log"

    /// Lets the parser answer.
    func parse(_ bytes: [UInt8]) throws {
        switch self {
        case .metadata:
            _ = MetadataSign.signs(in: bytes)
            _ = try MetadataStripping.stripped(MetadataStripping.stripped(bytes).bytes)
            _ = try PhotoDecoder().header(of: bytes)
        case .profiles: _ = try PhotoDecoder(limits: Self.limits).decode(bytes)
        case .multipart: try Self.parseMultipart(bytes)
        case .json: _ = try JSONReader.document(bytes)
        case .orderDocument: _ = try OrderDocument(bytes)
        case .referenceDocument: _ = try ReferenceDocument(bytes)
        case .webhookURL: _ = try WebhookURL(String(decoding: bytes, as: UTF8.self))
        case .policy: _ = PolicyCheck(bytes: Data(bytes))
        case .onnx: try Self.runNetwork(bytes)
        case .bank: _ = try ReferenceBank(decoding: bytes)
        case .note:
            let text = String(decoding: bytes, as: UTF8.self)
            _ = SignedNote(text).flatMap { Checkpoint($0.text) }
            _ = NoteVerifierKey(text)
            _ = CanonicalJSON(parsing: Data(bytes))
        case .auditLog: try Self.verifyLog(bytes)
        }
    }

    /// Small, so that an input costs little.
    private static let limits: DecodingLimits = {
        var limits = DecodingLimits()
        limits.pixelCountLimit = 1 << 20
        return limits
    }()

    private static func parseMultipart(_ bytes: [UInt8]) throws {
        var parser = MultipartParser(boundary: "XX")
        let chunkByteCount = bytes.count % 61 + 1
        for start in stride(from: 0, to: bytes.count, by: chunkByteCount) {
            parser.append(ByteBuffer(bytes: bytes[start...].prefix(chunkByteCount)))
            while try parser.next() != nil {}
        }
        try parser.finish()
    }

    /// A larger program than a change of so small a model needs is not run.
    private static let runnableByteCount = 16 << 20

    private static func runNetwork(_ bytes: [UInt8]) throws {
        let model = try NetworkModel(bytes: Data(bytes))
        let program = try NetworkProgram(model, batch: 2)
        guard program.arenaByteCount <= runnableByteCount else { return }
        try NetworkSession(program).run()
    }

    private static let logFolder = FileManager.default.temporaryDirectory
        .appending(path: "regrade-fuzz-\(ProcessInfo.processInfo.processIdentifier)")

    private static func verifyLog(_ bytes: [UInt8]) throws {
        try FileManager.default.createDirectory(at: logFolder, withIntermediateDirectories: true)
        try Data(bytes).write(to: logFolder.appending(path: "00000001.jsonl"))
        let isDone = DispatchSemaphore(value: 0)
        Task.detached {
            _ = try? await AuditVerifier.verify(logFolder)
            isDone.signal()
        }
        isDone.wait()
    }
}
