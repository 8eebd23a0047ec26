import CZlib
import Foundation
import HTTPTypes

/// Answers as gzip for clients that take it: RFC 9110, 8.4 and 12.5.3.
enum ContentCoding {
    /// Which bodies are compressed, in bytes: smaller ones gain nothing, larger ones cost time.
    static let byteCountRange = 1_024...8_000_000
    /// zlib's fastest level: most of the gain on JSON for a third of the time.
    private static let level: Int32 = 1

    /// Compresses an answer if the client takes it and it is worth it.
    ///
    /// Pictures are compressed already. An answer with a secret stays as it is, because its length
    /// must not tell anything of it (the attack known as BREACH).
    static func apply(to answer: inout Answer, accepting accepted: String?) {
        let type = answer.fields[.contentType] ?? ""
        let isText = type.contains("json") || type.hasPrefix("text/")
        guard isText, !answer.holdsSecret, byteCountRange.contains(answer.body.count) else {
            return
        }
        answer.fields[.vary] = "Accept-Encoding"
        guard acceptsGzip(accepted), let body = compressed(answer.body) else { return }
        answer.fields[.contentEncoding] = "gzip"
        answer.body = body
    }

    /// Whether a header Accept-Encoding takes gzip.
    static func acceptsGzip(_ accepted: String?) -> Bool {
        var quality: [String: Double] = [:]
        for range in (accepted ?? "").split(separator: ",").prefix(20) {
            let value = HeaderValue(String(range))
            quality[value.word] = value.parameters["q"].flatMap(Double.init) ?? 1
        }
        return (quality["gzip"] ?? quality["x-gzip"] ?? quality["*"] ?? 0) > 0
    }

    /// The bytes as gzip; nil if that is not shorter.
    static func compressed(_ bytes: Data) -> Data? {
        var out = [UInt8](repeating: 0, count: bytes.count)
        // Both pointers are valid for the call, which reads and writes within their counts.
        let count = unsafe bytes.withUnsafeBytes { bytes in
            unsafe out.withUnsafeMutableBufferPointer { out in
                unsafe gzip_bytes(
                    bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count,
                    out.baseAddress, out.count, level)
            }
        }
        return count == 0 ? nil : Data(out.prefix(count))
    }
}
