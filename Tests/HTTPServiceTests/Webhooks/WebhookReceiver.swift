import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import Synchronization

/// A receiver of webhooks on a port of its own, which answers as a test says.
final class WebhookReceiver: Sendable {
    /// A request as it came.
    struct Received: Sendable {
        let path: String
        let headers: [String: String]
        let body: Data

        var id: String? { headers["webhook-id"] }
    }

    /// How a request is answered.
    enum Answer: Sendable {
        case status(Int, headers: [String: String] = [:], byteCount: Int = 0)
        /// Not within the test's time.
        case silence
    }

    let port: Int
    private let inbox: Inbox
    private let task: Task<Void, any Error>

    private init(port: Int, inbox: Inbox, task: Task<Void, any Error>) {
        self.port = port
        self.inbox = inbox
        self.task = task
    }

    deinit { task.cancel() }

    /// Starts listening.
    ///
    /// - Parameters:
    ///   - tls: PEM files of a certificate and its key; plain HTTP if nil.
    ///   - answer: How requests are answered.
    static func start(
        tls: (certificate: String, key: String)? = nil,
        answer: @escaping @Sendable (Received) -> Answer = { _ in .status(200) }
    ) async throws -> WebhookReceiver {
        let inbox = Inbox(answer: answer)
        let (ports, listening) = AsyncStream<Int>.makeStream()
        var logger = Logger(label: "receiver")
        logger.logLevel = .critical
        let application = Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in
                try await inbox.respond(to: request)
            },
            server: try tls.map { try encrypted(certificate: $0.certificate, key: $0.key) }
                ?? .http1(),
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { listening.yield($0.localAddress?.port ?? 0) }, logger: logger)
        let task = Task { try await application.runService(gracefulShutdownSignals: []) }
        var iterator = ports.makeAsyncIterator()
        return WebhookReceiver(port: await iterator.next() ?? 0, inbox: inbox, task: task)
    }

    private static func encrypted(certificate: String, key: String) throws -> HTTPServerBuilder {
        let chain = try NIOSSLCertificate.fromPEMFile(certificate).map {
            NIOSSLCertificateSource.certificate($0)
        }
        return try .tls(
            .http1(),
            tlsConfiguration: .makeServerConfiguration(
                certificateChain: chain,
                privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))))
    }

    /// Where it listens.
    func url(_ path: String = "/hook", host: String = "127.0.0.1", scheme: String = "http")
        -> String
    {
        "\(scheme)://\(host):\(port)\(path)"
    }

    /// Everything that came, in order.
    var received: [Received] { inbox.state.withLock { $0.received } }

    /// Answers otherwise from now on.
    func answer(_ answer: @escaping @Sendable (Received) -> Answer) {
        inbox.state.withLock { $0.answer = answer }
    }

    /// Waits until so many requests came, for at most half a minute.
    func waitFor(_ count: Int) async throws {
        for _ in 0..<600 where received.count < count {
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}

/// What came, and how it is answered.
private final class Inbox: Sendable {
    struct State {
        var answer: @Sendable (WebhookReceiver.Received) -> WebhookReceiver.Answer
        var received: [WebhookReceiver.Received] = []
    }

    let state: Mutex<State>

    init(answer: @escaping @Sendable (WebhookReceiver.Received) -> WebhookReceiver.Answer) {
        state = Mutex(State(answer: answer))
    }

    func respond(to request: Request) async throws -> Response {
        let body = try await request.body.collect(upTo: 100_000)
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName] = field.value }
        headers["host"] = request.head.authority
        let received = WebhookReceiver.Received(
            path: request.head.path ?? "", headers: headers, body: Data(body.readableBytesView))
        let answer = state.withLock { state in
            state.received.append(received)
            return state.answer(received)
        }
        guard case .status(let code, let fields, let byteCount) = answer else {
            try await Task.sleep(for: .seconds(120))
            return Response(status: .ok)
        }
        var response = Response(
            status: .init(code: code),
            body: .init(byteBuffer: ByteBuffer(repeating: 0x20, count: byteCount)))
        for (name, value) in fields {
            if let name = HTTPField.Name(name) { response.headers[name] = value }
        }
        return response
    }
}
