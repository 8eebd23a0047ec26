import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import Traces
import Tracing
import UnixSignals
public import Workflow

/// The HTTP service over one data directory.
public struct RegradeService: Sendable {
    private let desk: InspectionDesk
    private let settings: ServingSettings
    private let logger: Logger
    private let keys: KeyCheck
    private let responder: ServiceResponder
    private let webhooks: WebhookDispatcher
    private let hourly: HourlyService

    /// How long requests under way may take once the service is being stopped; with what follows
    /// it stays below the 20 s that are promised.
    private static let stopDuration: Duration = .seconds(15)

    /// Has spans written from now on, if a file is set; to be called once in a process.
    ///
    /// - Throws: `Failure` of kind `cannotCreateOutput`.
    public static func startTracing(_ settings: Settings) throws {
        guard let path = settings.serving.traceFilePath else { return }
        do {
            let file = try TraceFile(path: path, version: Program.version)
            InstrumentationSystem.bootstrap(FileTracer(file))
        } catch {
            throw Failure(.cannotCreateOutput, code: "trace_file_unusable", "\(error)")
        }
    }

    /// Opens the data directory, loads model and policy, and takes up what a killed service left.
    ///
    /// - Throws: `Failure` naming what is wrong and how to mend it.
    public init(settings: Settings) async throws {
        let logger = ServiceLog.logger(writesJSON: settings.serving.logsJSON)
        let metrics = ServiceMetrics()
        let desk = try await InspectionDesk.open(settings: settings) { event in
            metrics.count(event)
            if case .trouble(let what) = event {
                logger.warning("trouble", metadata: ["reason": "\(what)"])
            }
        }
        let memory = BodyMemory(byteCountLimit: settings.serving.bodyMemoryByteCountLimit)
        let keys = KeyCheck(desk: desk, metrics: metrics)
        let routes: [[Route]] = [
            InspectionRoutes(desk: desk, memory: memory).routes, EvidenceRoutes(desk: desk).routes,
            AttemptRoutes(desk: desk, memory: memory).routes, CaseRoutes(desk: desk).routes,
            EventRoutes(desk: desk).routes, ReviewRoutes(desk: desk).routes,
            ReferenceRoutes(desk: desk, memory: memory).routes,
            WebhookRoutes(desk: desk).routes, DescriptionRoutes().routes,
            OperationRoutes(desk: desk, memory: memory, metrics: metrics).routes,
        ]
        let table = RouteTable(routes: routes.flatMap(\.self))
        self.desk = desk
        self.settings = settings.serving
        self.logger = logger
        self.keys = keys
        webhooks = desk.webhookDispatcher(
            send: try WebhookSender(settings: settings.serving.webhooks).send,
            observe: WebhookObserver(metrics: metrics, logger: logger).observe)
        hourly = HourlyService(
            desk: desk, dispatcher: webhooks, metrics: metrics, logger: logger)
        responder = ServiceResponder(
            table: table, keys: keys, metrics: metrics, settings: settings.serving,
            logger: logger)
    }

    /// Serves until SIGTERM or SIGINT, then ends what is under way and returns.
    ///
    /// - Parameter onListening: Told the port once connections are accepted.
    /// - Throws: `Failure` if the port cannot be had or the certificate cannot be used.
    public func run(onListening: @escaping @Sendable (Int) -> Void) async throws {
        let configuration = ApplicationConfiguration(
            address: .hostname(settings.host, port: settings.port),
            backlog: 1_024,
            availableConnectionsDelegate: MaximumAvailableConnections(
                settings.connectionCountLimit))
        let application = Application(
            responder: responder, server: try server(), configuration: configuration,
            onServerRunning: { channel in onListening(channel.localAddress?.port ?? 0) },
            logger: logger)
        var group = ServiceGroupConfiguration(
            services: [
                // Stopped in the opposite order: first everybody is told, then requests end, then
                // what they left is finished.
                .init(service: DeskService(desk: desk, keys: keys)),
                .init(service: application),
                .init(service: WebhookService(dispatcher: webhooks)),
                .init(service: hourly),
                .init(service: StopNotice(desk: desk)),
            ],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        group.maximumGracefulShutdownDuration = Self.stopDuration
        do {
            try await ServiceGroup(configuration: group).run()
            (InstrumentationSystem.instrument as? FileTracer)?.flush()
        } catch let error as IOError {
            throw Failure(
                .unavailable, code: "port_unavailable",
                "cannot listen on \(settings.host):\(settings.port): \(error.localizedDescription)")
        }
    }

    private func server() throws -> HTTPServerBuilder {
        let limits = ConnectionPace.Limits(
            headerSeconds: settings.headerSecondsLimit, bodyRate: settings.bodyRateLimit,
            uploadSeconds: settings.uploadSecondsLimit)
        let plain = HTTPServerBuilder.http1(
            configuration: .init(
                additionalChannelHandlers: [ConnectionGuard(limits: limits)],
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: 65_536, maxHeaderListSize: 81_920,
                    maxHeaderFieldCount: 100)))
        guard let certificate = settings.tlsCertificatePath, let key = settings.tlsKeyPath else {
            return plain
        }
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(certificate).map {
                NIOSSLCertificateSource.certificate($0)
            }
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain,
                privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
            configuration.minimumTLSVersion = .tlsv12
            // Hummingbird makes one of its own when it starts, too late to say what is wrong.
            _ = try NIOSSLContext(configuration: configuration)
            return try .tls(plain, tlsConfiguration: configuration)
        } catch {
            throw Failure(
                .configuration, code: "tls_unusable",
                "tlsCertificate or tlsKey cannot be used: \(error)")
        }
    }
}

/// Runs the desk's background work until requests have ended.
private struct DeskService: Service {
    let desk: InspectionDesk
    let keys: KeyCheck

    func run() async throws {
        await withGracefulShutdownHandler {
            await desk.run()
        } onGracefulShutdown: {
            desk.finish()
        }
        await keys.flush()
    }
}

/// Tells the desk first that the service is being stopped: it is not ready any more, and nobody
/// waits longer for news.
private struct StopNotice: Service {
    let desk: InspectionDesk

    func run() async throws {
        do {
            try await gracefulShutdown()
        } catch {
            // Cancelled instead: it ends in the same way.
        }
        desk.announceStop()
    }
}
