import CaseStore
import Crypto
import Foundation
import HTTPService
import ReturnsDomain
import Synchronization
import TestSupport
import Testing
import Workflow

/// A record of a test's own with a dispatcher and a real sender over it, and a clock that moves
/// only when told to.
struct DeliveryBench {
    let folder: TemporaryFolder
    let clock = BenchClock()
    let store: CaseStore
    let dispatcher: WebhookDispatcher
    /// What the dispatcher told.
    let told = Told()

    /// Opens the record.
    ///
    /// - Parameters:
    ///   - again: A folder whose record is opened anew.
    ///   - lookUp: The addresses of names; the system's resolver if nil.
    ///   - change: Changes settings, which open this machine's addresses.
    init(
        again: TemporaryFolder? = nil, lookUp: (@Sendable (String) -> [IPAddress])? = nil,
        change: (inout WebhookSettings) -> Void = { _ in }
    ) async throws {
        folder = try again ?? TemporaryFolder()
        let storeClock = clock.storeClock
        store = try await CaseStore.open(at: folder.file("data"), clock: storeClock)
        var settings = WebhookSettings()
        settings.networks = ["127.0.0.0/8"].compactMap(IPNetwork.init)
        change(&settings)
        let sender = try WebhookSender(settings: settings, lookUp: lookUp, now: storeClock.now)
        dispatcher = WebhookDispatcher(
            store: store, clock: storeClock, settings: settings, seed: 7, send: sender.send,
            observe: { [told] in told.note($0) })
    }

    /// Adds an endpoint.
    func endpoint(_ url: String) async throws -> (id: WebhookEndpointID, secret: WebhookSecret) {
        let (endpoint, secret) = try await store.addWebhookEndpoint(
            url: url, description: "", eventTypes: [])
        return (endpoint.id, secret)
    }

    /// Adds events.
    func addEvents(_ count: Int) async throws {
        let warnings = (0..<count).map { index in
            EarlyWarning(
                measure: .rejects, segment: .sku("sku-\(index)"), recentCount: 10,
                recentHours: 24, pastCount: 1, pastHours: 672, probability: 1e-9)
        }
        // Each call's moment lies after that of the call before.
        clock.advance(by: .milliseconds(1))
        try await store.record(warnings, unlessWarnedSince: clock.now)
    }

    /// The log of an endpoint.
    func log(_ id: WebhookEndpointID) async throws -> [WebhookDelivery] {
        try await store.webhookDeliveries(of: id, after: 0, state: nil, limit: 1_000)
    }

    /// What the dispatcher told.
    final class Told: Sendable {
        private let attempts = Mutex<[WebhookAttempt]>([])

        var all: [WebhookAttempt] { attempts.withLock { $0 } }

        func note(_ event: WebhookEvent) {
            if case .attempted(_, let attempt, _, _) = event {
                attempts.withLock { $0.append(attempt) }
            }
        }
    }
}

/// A wall clock that moves only when told to.
final class BenchClock: Sendable {
    private let wall = Mutex(Timestamp(millisecondsSince1970: 1_790_000_000_000))

    var now: Timestamp { wall.withLock { $0 } }

    var storeClock: StoreClock {
        StoreClock(now: { self.now }, nanosecondsSinceBoot: { 0 }, bootID: "bench")
    }

    func advance(by duration: Duration) {
        wall.withLock { $0 = $0.advanced(by: duration) }
    }
}

/// What a receiver does to know that a delivery is genuine, written from the specification.
enum WebhookVerification {
    /// Whether any signature is that of a secret over id, timestamp and body.
    static func holds(_ request: WebhookReceiver.Received, secret: String) -> Bool {
        guard secret.hasPrefix("whsec_"),
            let key = Data(base64Encoded: String(secret.dropFirst(6))),
            let id = request.headers["webhook-id"],
            let time = request.headers["webhook-timestamp"],
            let signatures = request.headers["webhook-signature"]
        else { return false }
        let signed = Data("\(id).\(time).".utf8) + request.body
        return signatures.split(separator: " ").contains { signature in
            guard signature.hasPrefix("v1,"),
                let code = Data(base64Encoded: String(signature.dropFirst(3)))
            else { return false }
            return HMAC<SHA256>.isValidAuthenticationCode(
                code, authenticating: signed, using: SymmetricKey(data: key))
        }
    }
}
