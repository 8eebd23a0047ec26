import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// What a client was told about one request.
struct Told: Sendable {
    let status: Int
    let body: Data
    let location: String?
    let retryAfter: String?
    let isReplay: Bool

    /// The problem's code.
    var code: String? {
        ((try? JSONSerialization.jsonObject(with: body)) as? [String: Any])?["code"] as? String
    }
}

/// Posts items over as many connections as are asked for.
struct LoadClient: Sendable {
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 128
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    let url: String
    let key: String

    init(_ served: ServedData) {
        url = served.url.absoluteString
        key = served.key
    }

    /// Posts one photo as the whole body.
    ///
    /// - Throws: What cut the connection.
    func post(_ photo: Data, key: String, order: String = "{}", later: Bool = false) async throws
        -> Told
    {
        var request = HTTPClientRequest(url: url + "/v1/inspections")
        request.method = .POST
        request.headers.add(name: "Authorization", value: "Bearer \(self.key)")
        request.headers.add(name: "Content-Type", value: "image/jpeg")
        request.headers.add(name: "Idempotency-Key", value: key)
        request.headers.add(name: "Regrade-Metadata", value: order)
        if later { request.headers.add(name: "Prefer", value: "respond-async") }
        request.body = .bytes(ByteBuffer(bytes: photo))
        return try await told(request)
    }

    /// Reads what is at a path.
    func get(_ path: String) async throws -> Told {
        var request = HTTPClientRequest(url: url + path)
        request.headers.add(name: "Authorization", value: "Bearer \(key)")
        return try await told(request)
    }

    private func told(_ request: HTTPClientRequest) async throws -> Told {
        let response = try await Self.client.execute(request, timeout: .seconds(300))
        let body = try await response.body.collect(upTo: 1 << 24)
        return Told(
            status: Int(response.status.code), body: Data(body.readableBytesView),
            location: response.headers.first(name: "Location"),
            retryAfter: response.headers.first(name: "Retry-After"),
            isReplay: response.headers.contains(name: "Idempotency-Replayed"))
    }
}
