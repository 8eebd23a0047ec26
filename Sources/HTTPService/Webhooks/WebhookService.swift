import Foundation
import Logging
import ReturnsDomain
import ServiceLifecycle
import Workflow

/// Delivers webhooks while the service runs, and ends within 3 s of being told to stop.
struct WebhookService: Service {
    let dispatcher: WebhookDispatcher

    func run() async throws {
        await withGracefulShutdownHandler {
            await dispatcher.run()
        } onGracefulShutdown: {
            dispatcher.finish()
        }
    }
}

/// Counts and logs what the dispatcher of webhooks tells.
struct WebhookObserver: Sendable {
    let metrics: ServiceMetrics
    let logger: Logger

    /// Counts an attempt and writes a line of ids and numbers; no URL, which may hold secrets.
    @Sendable func observe(_ event: WebhookEvent) {
        switch event {
        case .trouble(let what): logger.warning("trouble", metadata: ["reason": "\(what)"])
        case .attempted(let due, let attempt, let verdict, let duration):
            metrics.count(verdict)
            var metadata: Logger.Metadata = [
                "tenant": "\(due.tenant)", "endpoint": "\(due.endpoint)", "event": "\(due.event)",
                "attempt": "\(due.attempt)", "result": "\(verdict.word)",
                "milliseconds": "\(Int(duration / .milliseconds(1)))",
            ]
            if let status = attempt.status { metadata["status"] = "\(status)" }
            if let failure = attempt.failure { metadata["code"] = "\(failure.rawValue)" }
            logger.log(
                level: attempt.isDelivered ? .info : .warning, "webhook", metadata: metadata)
        }
    }
}

extension WebhookVerdict {
    /// The verdict as a label of metrics and log lines.
    var word: String {
        switch self {
        case .delivered: "delivered"
        case .retry: "failed"
        case .disable: "disabled"
        case .dead: "dead"
        }
    }
}
