import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization
import Workflow

/// Talks to a service: signs in, bounds time and bytes, tries again, words what went wrong.
struct ServiceClient: Sendable {
    let address: ServiceAddress

    /// One for the process and each file of certificates; the process ends them.
    private static let clients = Mutex<[String: HTTPClient]>([:])

    /// Redirects are not followed: the key is for the address that was named.
    private func connections() throws -> HTTPClient {
        let path = address.certificatesPath
        return try Self.clients.withLock { clients in
            if let known = clients[path ?? ""] { return known }
            var configuration = HTTPClient.Configuration(
                redirectConfiguration: .disallow,
                timeout: .init(connect: .seconds(5), read: .seconds(60)))
            configuration.httpVersion = .http1Only
            configuration.tlsConfiguration = try Self.encryption(trusting: path)
            let client = HTTPClient(
                eventLoopGroupProvider: .singleton, configuration: configuration)
            clients[path ?? ""] = client
            return client
        }
    }

    private static func encryption(trusting path: String?) throws -> TLSConfiguration {
        var encryption = TLSConfiguration.makeClientConfiguration()
        encryption.minimumTLSVersion = .tlsv12
        guard let path else { return encryption }
        do {
            encryption.additionalTrustRoots = [
                .certificates(try NIOSSLCertificate.fromPEMFile(path))
            ]
        } catch {
            throw Failure(
                .configuration, code: "server_certificates_unusable",
                "--server-certificates \(path) cannot be used: \(error)")
        }
        return encryption
    }

    /// How long one try may take in all, which is long enough for a photo on a slow line.
    private static let tryDuration = TimeAmount.seconds(120)

    /// One request.
    struct Call: Sendable {
        let method: HTTPMethod
        /// From `/v1` on.
        let path: String
        var headers: [(name: String, value: String)] = []
        var body: Data?
        /// Whether doing it twice does no more than doing it once.
        var isRepeatable = true
        /// The most bytes of an answer: a page of hand-over records, or one photo.
        var byteCountLimit = 64_000_000
    }

    /// An answer of the service that is no problem.
    struct Reply: Sendable {
        let status: Int
        let body: Data
    }

    /// Sends a request and waits for its answer.
    ///
    /// - Throws: ``Failure`` with the code of the service's problem, or `server_unreachable`.
    func send(_ call: Call) async throws -> Reply {
        var tryCount = 0
        while true {
            tryCount += 1
            let (reply, retryAfter) = try await tried(call)
            guard reply.status >= 400 else { return reply }
            guard
                let pause = RetryPlan.pause(
                    after: reply.status, retryAfter: retryAfter, tryCount: tryCount,
                    isRepeatable: call.isRepeatable)
            else { throw failure(reply) }
            try await Task.sleep(for: pause)
        }
    }

    private func tried(_ call: Call) async throws -> (Reply, retryAfter: Int?) {
        var request = HTTPClientRequest(url: address.url + call.path)
        request.method = call.method
        request.headers.add(name: "Authorization", value: "Bearer \(address.key)")
        request.headers.add(name: "User-Agent", value: "regrade/\(Program.version)")
        for header in call.headers { request.headers.add(name: header.name, value: header.value) }
        if let body = call.body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        let connections = try connections()
        do {
            let response = try await connections.execute(request, timeout: Self.tryDuration)
            let body = try await response.body.collect(upTo: call.byteCountLimit)
            let reply = Reply(status: Int(response.status.code), body: Data(body.readableBytesView))
            return (reply, response.headers.first(name: "Retry-After").flatMap(Int.init))
        } catch is CancellationError {
            throw CancellationError()
        } catch is NIOTooManyBytesError {
            throw Failure(
                .unavailable, code: "answer_too_large",
                "\(address.url) answered with more than \(call.byteCountLimit) bytes")
        } catch let error where error is NIOSSLError || error is NIOSSLExtraError {
            throw Failure(
                .unavailable, code: "server_certificate_refused",
                "the certificate of \(address.url) does not hold, so nothing was sent: \(error)")
        } catch {
            throw Failure(
                .unavailable, code: "server_unreachable",
                "cannot reach \(address.url): \(Self.words(for: error))")
        }
    }

    /// What a person can do something with; the library's own words otherwise.
    private static func words(for error: any Error) -> String {
        let timeouts: [HTTPClientError] = [.connectTimeout, .deadlineExceeded, .readTimeout]
        if let error = error as? HTTPClientError {
            return timeouts.contains(error) ? "it did not answer in time" : "\(error)"
        }
        return error is NIOConnectionError
            ? "nothing listens there, or its name is not known" : "\(error)"
    }

    // MARK: - What the service refuses

    private struct ProblemDocument: Decodable {
        let code: String
        let detail: String
    }

    private func failure(_ reply: Reply) -> Failure {
        let problem = try? JSONDecoder().decode(ProblemDocument.self, from: reply.body)
        guard let problem else {
            return Failure(
                .unavailable, code: "server_answer_unknown",
                "\(address.url) answered with status \(reply.status) and nothing that a Regrade "
                    + "service says; check the address")
        }
        switch reply.status {
        case 401:
            return Failure(
                .configuration, code: problem.code,
                "\(address.url) does not accept the key in \(address.keyFile); it may have "
                    + "expired or been revoked")
        case 403:
            return Failure(
                .configuration, code: problem.code,
                "the key in \(address.keyFile) does not open the queue: \(problem.detail)")
        default:
            return Failure(
                Self.kind(status: reply.status, code: problem.code), code: problem.code,
                reply.status >= 500 ? "\(address.url): \(problem.detail)" : problem.detail)
        }
    }

    /// The kind that the same failure has on the machine of the data directory.
    private static func kind(status: Int, code: String) -> Failure.Kind {
        switch (status, code) {
        case (_, "lease_lost"), (429, _): .tryAgain
        case (404, _), (410, _): .inputMissing
        case (500..., _): .unavailable
        default: .usage
        }
    }
}

/// Whether, and after which pause, a refused request is sent again.
package enum RetryPlan {
    /// How often a request is sent at most.
    package static let tryCountLimit = 3
    /// The longest pause that a service can ask for, in seconds.
    package static let pauseSecondsLimit = 10

    /// The pause before the next try; nil if there is none.
    ///
    /// 429 and 503 say that nothing was done. After another 5xx something may have been done, so
    /// only what may be done twice is sent again.
    package static func pause(
        after status: Int, retryAfter: Int?, tryCount: Int, isRepeatable: Bool
    ) -> Duration? {
        guard tryCount < tryCountLimit else { return nil }
        guard [429, 503].contains(status) || (status >= 500 && isRepeatable) else { return nil }
        if let retryAfter { return .seconds(min(max(retryAfter, 0), pauseSecondsLimit)) }
        return .milliseconds(500 * tryCount)
    }
}
