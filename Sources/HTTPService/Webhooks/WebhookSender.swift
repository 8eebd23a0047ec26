import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
package import ReturnsDomain
import Tracing
package import Workflow

/// Makes attempts to deliver: resolves the name, checks every address, connects to an address that
/// was checked, sends one signed request, and reads one answer.
///
/// The connection is opened to an address, never to a name, so that no second look-up can lead
/// elsewhere. Redirects are not followed, proxies not used, and nothing is sent before the
/// receiver's certificate holds for the URL's host.
package struct WebhookSender: Sendable {
    private let settings: WebhookSettings
    private let lookUp: @Sendable (String) -> [IPAddress]
    private let tls: NIOSSLContext
    private let now: @Sendable () -> Timestamp

    /// The most bytes of an event; the contract says under 20 kB.
    static let bodyByteCountLimit = 20_000
    /// Addresses of one name that are tried in one attempt.
    private static let addressCountLimit = 3

    /// Threads that wait for name servers, so that slow names hold up nothing but other names.
    private static let lookUpThreads: NIOThreadPool = {
        let threads = NIOThreadPool(numberOfThreads: 8)
        threads.start()
        return threads
    }()

    /// Creates a sender.
    ///
    /// - Parameters:
    ///   - settings: Where it may send, and how long it may take.
    ///   - lookUp: Finds a host's addresses; may block. The system's resolver outside of tests.
    ///   - now: What the signed timestamps are made of.
    /// - Throws: ``Failure`` with code `webhook_certificates_unusable`.
    package init(
        settings: WebhookSettings,
        lookUp: (@Sendable (String) -> [IPAddress])? = nil,
        now: @escaping @Sendable () -> Timestamp = { .now }
    ) throws {
        self.settings = settings
        self.lookUp = lookUp ?? HostAddresses.lookUp
        self.now = now
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        do {
            if let path = settings.certificatesPath {
                configuration.additionalTrustRoots = [
                    .certificates(try NIOSSLCertificate.fromPEMFile(path))
                ]
            }
            tls = try NIOSSLContext(configuration: configuration)
        } catch {
            throw Failure(
                .configuration, code: "webhook_certificates_unusable",
                "webhookCertificates cannot be used: \(error)")
        }
    }

    /// Makes one attempt.
    package func send(_ due: DueWebhook) async -> WebhookAttempt {
        guard due.body.count <= Self.bodyByteCountLimit else {
            return WebhookAttempt(.bodyTooLarge)
        }
        let url: WebhookURL
        do {
            url = try WebhookURL(due.url)
            try settings.guardian.check(url)
        } catch {
            return WebhookAttempt(Self.failure(for: error))
        }
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = loop.makePromise(of: WebhookAttempt.self)
        let exchange = Exchange(
            url: url, request: head(of: due, to: url), body: ByteBuffer(bytes: due.body),
            promise: promise, deadline: .now() + .seconds(Int64(settings.secondsLimit)))
        loop.execute { start(exchange, on: loop) }
        return await withTaskCancellationHandler {
            // It is only ever succeeded.
            (try? await promise.futureResult.get()) ?? WebhookAttempt(.connectionFailed)
        } onCancel: {
            promise.succeed(WebhookAttempt(.interrupted))
        }
    }

    private struct Exchange: Sendable {
        let url: WebhookURL
        let request: HTTPRequestHead
        let body: ByteBuffer
        let promise: EventLoopPromise<WebhookAttempt>
        let deadline: NIODeadline
    }

    private func start(_ exchange: Exchange, on loop: any EventLoop) {
        let (promise, url) = (exchange.promise, exchange.url)
        let timer = loop.scheduleTask(deadline: exchange.deadline) {
            promise.succeed(WebhookAttempt(.timeout))
        }
        Self.lookUpThreads.runIfActive(eventLoop: loop) {
            lookUp(url.host)
        }.whenComplete { result in
            let addresses = (try? result.get()) ?? []
            guard !addresses.isEmpty else {
                timer.cancel()
                return promise.succeed(WebhookAttempt(.nameNotResolved))
            }
            do {
                try settings.guardian.check(url, resolvedTo: addresses)
            } catch let error as WebhookURLError {
                timer.cancel()
                return promise.succeed(WebhookAttempt(Self.failure(for: error)))
            } catch {
                timer.cancel()
                return promise.succeed(WebhookAttempt(.urlRefused))
            }
            connect(exchange, to: addresses.prefix(Self.addressCountLimit), on: loop)
                .whenComplete { result in
                    // From here on the collector keeps the time.
                    timer.cancel()
                    if case .failure = result {
                        promise.succeed(WebhookAttempt(.connectionFailed))
                    }
                }
        }
    }

    /// Opens a connection to the first of these addresses that takes one.
    private func connect(
        _ exchange: Exchange, to addresses: ArraySlice<IPAddress>, on loop: any EventLoop
    ) -> EventLoopFuture<Void> {
        guard let address = addresses.first else {
            return loop.makeFailedFuture(ChannelError.connectTimeout(.zero))
        }
        let opened: EventLoopFuture<any Channel>
        do {
            let place = try SocketAddress(
                ipAddress: address.description, port: exchange.url.port)
            opened = ClientBootstrap(group: loop)
                .connectTimeout(.seconds(5))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture { try prepare(channel, for: exchange) }
                }
                .connect(to: place)
        } catch {
            return loop.makeFailedFuture(error)
        }
        return opened.map { channel in
            exchange.promise.futureResult.whenComplete { _ in channel.close(promise: nil) }
        }
        .flatMapError { _ in connect(exchange, to: addresses.dropFirst(), on: loop) }
    }

    private func prepare(_ channel: any Channel, for exchange: Exchange) throws {
        let pipeline = channel.pipeline.syncOperations
        if exchange.url.isEncrypted {
            // Without a name the certificate is checked against the address.
            let name = exchange.url.address == nil ? exchange.url.host : nil
            try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: name))
        }
        try pipeline.addHandler(AnswerBound(on: channel.eventLoop))
        try pipeline.addHTTPClientHandlers()
        let collector = AnswerCollector(
            request: exchange.request, body: exchange.body, promise: exchange.promise)
        try pipeline.addHandler(collector)
        channel.eventLoop.scheduleTask(deadline: exchange.deadline) { collector.end(.timeout) }
    }

    private func head(of due: DueWebhook, to url: WebhookURL) -> HTTPRequestHead {
        var headers: HTTPHeaders = [
            "host": url.authority, "user-agent": "Regrade/\(Program.version)",
            "content-type": "application/cloudevents+json; charset=utf-8",
            "content-length": String(due.body.count), "connection": "close",
        ]
        for (name, value) in WebhookSignature.headers(for: due, at: now()) {
            headers.add(name: name, value: value)
        }
        if let context = InstrumentationContext.current {
            InstrumentationSystem.instrument.inject(
                context, into: &headers, using: HeaderInjector())
        }
        return HTTPRequestHead(version: .http1_1, method: .POST, uri: url.target, headers: headers)
    }

    private static func failure(for error: WebhookURLError) -> WebhookAttempt.Failure {
        if case .addressRefused = error { .addressRefused } else { .urlRefused }
    }
}
