import CaseStore
import Foundation
public import ReturnsDomain

/// What auditors keep in files: public keys, checkpoints, receipts.
public enum AuditFiles {
    /// The largest of these files that is read, in bytes: about 30,000 checkpoints.
    public static let byteCountLimit = 10_000_000

    /// Reads what someone outside kept of a log.
    ///
    /// - Parameters:
    ///   - publicKey: A file with the line that `regrade audit head --key` prints; nil for none.
    ///   - checkpoints: Files with one signed note each, or with lines of `checkpoints.jsonl`.
    /// - Throws: ``Failure`` of kind `inputMissing` or `badInput`.
    public static func witness(
        publicKey: String?, checkpoints: [String]
    ) throws -> AuditWitness {
        AuditWitness(
            publicKey: try publicKey.map(text),
            checkpoints: try checkpoints.flatMap { path -> [String] in
                let text = try text(path)
                guard text.hasPrefix("{") else { return [text] }
                return text.split(separator: "\n").map(String.init)
            })
    }

    /// Checks a receipt or a consistency proof with nothing but the log's public key.
    ///
    /// - Throws: ``Failure`` of kind `inputMissing` or `badInput` if a file cannot be read.
    public static func checkReceipt(_ path: String, publicKey: String) throws -> ReceiptVerdict {
        do {
            return try ReceiptCheck.check(Array(text(path).utf8), publicKey: text(publicKey))
        } catch {
            throw Failure(describing: error)
        }
    }

    private static func text(_ path: String) throws -> String {
        let url = URL(fileURLWithPath: path)
        guard let file = try? FileHandle(forReadingFrom: url) else {
            throw Failure(.inputMissing, code: "file_missing", "cannot read \(path)")
        }
        let bytes = try file.read(upToCount: byteCountLimit + 1) ?? Data()
        guard bytes.count <= byteCountLimit else {
            throw Failure(
                .badInput, code: "file_too_large",
                "\(path) has more than the limit of \(byteCountLimit) bytes")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure(.badInput, code: "file_not_text", "\(path) is not UTF-8 text")
        }
        return text
    }
}
