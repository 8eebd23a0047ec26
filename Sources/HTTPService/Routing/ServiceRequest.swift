import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ReturnsDomain
import Synchronization

/// One request on its way through the service.
struct ServiceRequest: Sendable {
    /// Names the request in the answer and in log lines.
    let id: ServiceRequestID
    /// Method, path and headers.
    let head: HTTPRequest
    /// The path's variable parts by their names.
    let parameters: [String: String]
    /// The query's parameters in order, percent-decoded.
    let query: [(name: String, value: String)]
    /// The key that signed in; nil on routes that need none.
    let key: APIKey?
    /// How far the body was read.
    let progress: BodyProgress
    /// The most bytes that the body may have.
    let bodyByteCountLimit: Int
    private let body: RequestBody

    init(
        id: ServiceRequestID, request: Request, parameters: [String: String], key: APIKey?,
        progress: BodyProgress, bodyByteCountLimit: Int
    ) {
        self.id = id
        head = request.head
        body = request.body
        self.parameters = parameters
        self.key = key
        self.progress = progress
        self.bodyByteCountLimit = bodyByteCountLimit
        query = Self.query(of: request.head.path ?? "")
    }

    /// Whose data the request is about.
    var tenant: Tenant { key?.tenant ?? .default }

    /// A header's value; several of one name joined as HTTP says.
    func field(_ name: String) -> String? {
        HTTPField.Name(name).flatMap { head.headerFields[$0] }
    }

    /// Reads the body to its end, chunk by chunk.
    ///
    /// - Throws: ``Problem`` with `body_too_large`, before reading if the length was announced;
    ///   ``SlowBodyError``; what `take` throws.
    func readBody(_ take: (ByteBuffer) throws -> Void) async throws {
        let tooLarge = Problem(
            .bodyTooLarge,
            "the body has more bytes than the \(bodyByteCountLimit) of "
                + "bodyByteCountLimit")
        if let length = head.headerFields[.contentLength].flatMap(Int.init),
            length > bodyByteCountLimit
        {
            throw tooLarge
        }
        var count = 0
        for try await chunk in body {
            count += chunk.readableBytes
            guard count <= bodyByteCountLimit else { throw tooLarge }
            try take(chunk)
        }
        // A body that was announced and not sent ends like one that was: the length tells.
        if let length = head.headerFields[.contentLength].flatMap(Int.init), count < length {
            throw SlowBodyError()
        }
        progress.end()
    }

    /// Reads a small body whole.
    func smallBody(byteCountLimit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        try await readBody { chunk in
            guard bytes.count + chunk.readableBytes <= byteCountLimit else {
                throw Problem(
                    .bodyTooLarge, "the body has more than \(byteCountLimit) bytes")
            }
            bytes.append(contentsOf: chunk.readableBytesView)
        }
        return bytes
    }

    private static func query(of path: String) -> [(name: String, value: String)] {
        guard let mark = path.firstIndex(of: "?") else { return [] }
        return path[path.index(after: mark)...].split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let texts = parts.map { part in
                let spaced = part.replacing("+", with: " ")
                return spaced.removingPercentEncoding ?? String(spaced)
            }
            return (texts.first ?? "", texts.count > 1 ? texts[1] : "")
        }
    }
}

/// Whether the body of a request was read to its end.
final class BodyProgress: Sendable {
    private let ended = Mutex(false)

    /// Whether it was.
    var isAtEnd: Bool { ended.withLock { $0 } }

    /// Notes that it was.
    func end() { ended.withLock { $0 = true } }
}

/// A body that came more slowly than the limits allow, or stopped coming.
struct SlowBodyError: Error {}
