import CaseStore
import Foundation
import HTTPService
import ReturnsDomain
import Synchronization
import TestSupport
import Testing
import Workflow

/// Endpoints beside each other, the end of the service, and where nothing is sent to.
struct DispatchingTests {
    @Test
    func aSlowEndpointHoldsUpNoOther() async throws {
        let slow = try await WebhookReceiver.start { _ in .silence }
        let quick = try await WebhookReceiver.start()
        let bench = try await DeliveryBench(change: { $0.secondsLimit = 60 })
        let slowID = try await bench.endpoint(slow.url()).id
        let quickID = try await bench.endpoint(quick.url()).id
        try await bench.addEvents(20)
        let running = Task { await bench.dispatcher.run() }
        try await quick.waitFor(20)
        try await slow.waitFor(4)
        #expect(Set(quick.received.map(\.id)).count == 20)
        // No more than its share is under way to one endpoint.
        #expect(slow.received.count == 4)
        bench.dispatcher.finish()
        await running.value
        #expect(try await bench.log(quickID).allSatisfy { $0.state == .delivered })
        // What the end interrupted was not tried, as far as the record goes: it comes again.
        let log = try await bench.log(slowID)
        #expect(log.count == 20)
        #expect(log.allSatisfy { $0.state == .pending && $0.attemptCount == 0 })
        let again = try await bench.store.dueWebhooks(limit: 100, running: [:]).due
        #expect(again.count == 20)
    }

    @Test
    func eventsBeginInTheirOrderWhileAllIsWell() async throws {
        let receiver = try await WebhookReceiver.start()
        let bench = try await DeliveryBench(change: { $0.endpointAttemptCountLimit = 1 })
        _ = try await bench.endpoint(receiver.url())
        try await bench.addEvents(12)
        while await bench.dispatcher.pass() > 0 {}
        let events = try await bench.store.events(after: 0, limit: 100)
        #expect(receiver.received.map(\.id) == events.map(\.id.description))
    }

    @Test(arguments: [
        ["127.0.0.2"], ["169.254.169.254"], ["10.0.0.1"], ["::1"], ["::ffff:127.0.0.2"],
        ["127.0.0.1", "10.0.0.1"], ["100.64.0.1"], ["fd00::1"], ["0.0.0.0"],
        ["64:ff9b::7f00:2"], ["224.0.0.1"],
    ])
    func nothingIsSentToAnAddressThatIsNotOpen(addresses: [String]) async throws {
        let receiver = try await WebhookReceiver.start()
        let bench = try await DeliveryBench(lookUp: { _ in addresses.compactMap(IPAddress.init) }) {
            $0.networks = ["127.0.0.1/32"].compactMap(IPNetwork.init)
            $0.ports = [receiver.port]
        }
        let (id, _) = try await bench.endpoint(
            receiver.url(host: "hook.example", scheme: "https"))
        try await bench.addEvents(1)
        _ = await bench.dispatcher.pass()
        #expect(try await bench.log(id).first?.lastError == "address_refused")
        #expect(receiver.received.isEmpty)
    }

    /// `hook.example` has no address anywhere else, so who is reached by it was reached by the
    /// address that was looked up and checked.
    @Test(.enabled(if: Certificate.canBeMade, "openssl is not installed"))
    func theAddressThatWasCheckedIsTheOneConnectedTo() async throws {
        let certificate = try await Certificate(for: "hook.example")
        let receiver = try await WebhookReceiver.start(
            tls: (certificate.path, certificate.keyPath))
        let asked = Counter()
        let lookUp: @Sendable (String) -> [IPAddress] = { _ in
            // A name that changes its mind: here once, nowhere ever after.
            asked.next() == 1 ? [IPAddress("127.0.0.1")].compactMap(\.self) : []
        }
        let bench = try await DeliveryBench(lookUp: lookUp) {
            $0.ports = [receiver.port]
            $0.certificatesPath = certificate.path
        }
        let (id, secret) = try await bench.endpoint(
            receiver.url(host: "hook.example", scheme: "https"))
        try await bench.addEvents(1)
        _ = await bench.dispatcher.pass()
        #expect(try await bench.log(id).first?.state == .delivered)
        #expect(asked.count == 1)
        let request = try #require(receiver.received.first)
        #expect(request.headers["host"] == "hook.example:\(receiver.port)")
        #expect(WebhookVerification.holds(request, secret: secret.text))
    }

    @Test(
        .enabled(if: Certificate.canBeMade, "openssl is not installed"),
        arguments: [("other.example", true), ("hook.example", false), ("127.0.0.1", true)])
    func aCertificateThatDoesNotHoldIsSentNothing(host: String, isTrusted: Bool) async throws {
        let certificate = try await Certificate(for: "hook.example")
        let receiver = try await WebhookReceiver.start(
            tls: (certificate.path, certificate.keyPath))
        let bench = try await DeliveryBench(lookUp: { _ in
            [IPAddress("127.0.0.1")].compactMap(\.self)
        }) {
            $0.ports = [receiver.port]
            if isTrusted { $0.certificatesPath = certificate.path }
        }
        let (id, _) = try await bench.endpoint(receiver.url(host: host, scheme: "https"))
        try await bench.addEvents(1)
        _ = await bench.dispatcher.pass()
        #expect(try await bench.log(id).first?.lastError == "tls_failed")
        #expect(receiver.received.isEmpty)
    }
}

/// Counts from several threads.
private final class Counter: Sendable {
    private let value = Mutex(0)

    var count: Int { value.withLock { $0 } }

    func next() -> Int {
        value.withLock { value in
            value += 1
            return value
        }
    }
}
