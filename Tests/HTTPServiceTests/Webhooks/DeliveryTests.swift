import CaseStore
import Foundation
import HTTPService
import ReturnsDomain
import Testing
import Workflow

/// T15: deliveries over real sockets to a real receiver, on a clock that only the test moves.
struct DeliveryTests {
    @Test
    func aDeliveryIsSignedReadableAndMadeOnce() async throws {
        let receiver = try await WebhookReceiver.start()
        let bench = try await DeliveryBench()
        let (id, secret) = try await bench.endpoint(receiver.url("/a%20b?c=d"))
        try await bench.addEvents(1)
        #expect(await bench.dispatcher.pass() == 1)
        #expect(await bench.dispatcher.pass() == 0)
        let event = try #require(try await bench.store.events(after: 0, limit: 1).first)
        let request = try #require(receiver.received.first)
        #expect(request.path == "/a%20b?c=d" && request.body == event.body)
        #expect(request.headers["host"] == "127.0.0.1:\(receiver.port)")
        #expect(request.headers["content-type"] == "application/cloudevents+json; charset=utf-8")
        #expect(request.id == event.id.description)
        let seconds = bench.clock.now.millisecondsSince1970 / 1_000
        #expect(request.headers["webhook-timestamp"] == "\(seconds)")
        #expect(WebhookVerification.holds(request, secret: secret.text))
        let delivery = try #require(try await bench.log(id).first)
        #expect(delivery.state == .delivered && delivery.attemptCount == 1)
        #expect(delivery.lastStatus == 200 && delivery.lastError == nil)
    }

    @Test
    func aChangedByteAnotherTimeOrAnotherSecretIsNoticed() async throws {
        let receiver = try await WebhookReceiver.start()
        let bench = try await DeliveryBench()
        let (_, secret) = try await bench.endpoint(receiver.url())
        try await bench.addEvents(1)
        _ = await bench.dispatcher.pass()
        let request = try #require(receiver.received.first)
        for position in request.body.indices {
            var body = request.body
            body[position] ^= 1
            let changed = WebhookReceiver.Received(
                path: request.path, headers: request.headers, body: body)
            #expect(!WebhookVerification.holds(changed, secret: secret.text))
        }
        for (name, value) in [("webhook-timestamp", "1790000001"), ("webhook-id", "evt_0")] {
            let changed = WebhookReceiver.Received(
                path: request.path, headers: request.headers.merging([name: value]) { $1 },
                body: request.body)
            #expect(!WebhookVerification.holds(changed, secret: secret.text))
        }
        let other = WebhookSecret(key: Data(count: 32))
        #expect(!WebhookVerification.holds(request, secret: other.text))
    }

    @Test
    func tenAttemptsAtTheirTimesAndThenADeadLetter() async throws {
        let receiver = try await WebhookReceiver.start { _ in .status(500) }
        let bench = try await DeliveryBench()
        let (id, _) = try await bench.endpoint(receiver.url())
        try await bench.addEvents(1)
        for number in 1...10 {
            #expect(await bench.dispatcher.pass() == 1)
            let delivery = try #require(try await bench.log(id).first)
            #expect(delivery.attemptCount == number && delivery.lastStatus == 500)
            guard let next = delivery.nextAt else {
                #expect(number == 10 && delivery.state == .dead)
                break
            }
            let wait = next.millisecondsSince1970 - bench.clock.now.millisecondsSince1970
            bench.clock.advance(by: .milliseconds(wait - 1))
            #expect(await bench.dispatcher.pass() == 0)
            bench.clock.advance(by: .milliseconds(1))
        }
        #expect(await bench.dispatcher.pass() == 0)
        #expect(receiver.received.count == 10)
        #expect(Set(receiver.received.map(\.id)).count == 1)
        // Each attempt has a time of its own, so that receivers can refuse what is old.
        #expect(Set(receiver.received.map { $0.headers["webhook-timestamp"] }).count == 10)
        // By hand it comes once more, under the same name.
        receiver.answer { _ in .status(204) }
        #expect(try await bench.store.replayWebhooks(to: id, after: 0, until: 1) == 1)
        #expect(await bench.dispatcher.pass() == 1)
        #expect(Set(receiver.received.map(\.id)).count == 1)
        #expect(try await bench.log(id).first?.state == .delivered)
    }

    /// What a receiver answers, and what is noted.
    struct Refusal: Sendable, CustomTestStringConvertible {
        let what: String
        let answer: WebhookReceiver.Answer
        let status: Int?
        let error: String?

        var testDescription: String { what }
    }

    @Test(arguments: [
        Refusal(
            what: "redirect", answer: .status(302, headers: ["Location": "/elsewhere"]),
            status: 302, error: "status"),
        Refusal(what: "not found", answer: .status(404), status: 404, error: "status"),
        Refusal(what: "no answer", answer: .silence, status: nil, error: "timeout"),
        Refusal(
            what: "a body without end", answer: .status(200, byteCount: 1_000_000), status: 200,
            error: nil),
        Refusal(
            what: "trouble with a body without end", answer: .status(500, byteCount: 1_000_000),
            status: 500, error: "status"),
    ])
    func answersAreNotedAndNothingElseIsDone(_ refusal: Refusal) async throws {
        let receiver = try await WebhookReceiver.start { _ in refusal.answer }
        let bench = try await DeliveryBench(change: { $0.secondsLimit = 2 })
        let (id, _) = try await bench.endpoint(receiver.url())
        try await bench.addEvents(1)
        _ = await bench.dispatcher.pass()
        let delivery = try #require(try await bench.log(id).first)
        #expect(delivery.lastStatus == refusal.status && delivery.lastError == refusal.error)
        #expect((delivery.state == .delivered) == (refusal.error == nil))
        #expect(receiver.received.map(\.path) == ["/hook"])
    }

    /// What is in flight is the kernel's; the rest is never asked for.
    @Test
    func anAnswerIsNotReadToItsEnd() async throws {
        let receiver = try EndlessReceiver()
        let bench = try await DeliveryBench(change: { $0.secondsLimit = 60 })
        let (id, _) = try await bench.endpoint("http://127.0.0.1:\(receiver.port)/")
        try await bench.addEvents(1)
        let sent = Task { await receiver.answerOnce(atMost: 1 << 30) }
        _ = await bench.dispatcher.pass()
        #expect(try await bench.log(id).first?.state == .delivered)
        #expect(await sent.value < 1 << 28)
    }

    @Test
    func whatCannotBeReachedIsNoted() async throws {
        let receiver = try await WebhookReceiver.start()
        let bench = try await DeliveryBench(lookUp: { host in
            host == "unknown.example" ? [] : [IPAddress(host)].compactMap(\.self)
        })
        // A port that nobody listens on: 1 is tcpmux.
        let closed = try await bench.endpoint("http://127.0.0.1:1/").id
        let unknown = try await bench.endpoint("https://unknown.example/").id
        // Plain HTTP where TLS is expected.
        let plain = try await bench.endpoint(receiver.url(scheme: "https")).id
        try await bench.addEvents(1)
        #expect(await bench.dispatcher.pass() == 3)
        #expect(try await bench.log(closed).first?.lastError == "connection_failed")
        #expect(try await bench.log(unknown).first?.lastError == "name_not_resolved")
        #expect(try await bench.log(plain).first?.lastError == "tls_failed")
        #expect(receiver.received.isEmpty)
    }

    @Test
    func aReceiverThatIsGoneIsDisabledAndMissesNothing() async throws {
        let receiver = try await WebhookReceiver.start { _ in .status(410) }
        let bench = try await DeliveryBench()
        let (id, _) = try await bench.endpoint(receiver.url())
        try await bench.addEvents(1)
        _ = await bench.dispatcher.pass()
        #expect(try await bench.store.webhookEndpoints().first?.disabledReason == .gone)
        try await bench.addEvents(1)
        bench.clock.advance(by: .seconds(86_400))
        #expect(await bench.dispatcher.pass() == 0)
        receiver.answer { _ in .status(200) }
        _ = try await bench.store.enableWebhookEndpoint(id)
        #expect(await bench.dispatcher.pass() == 2)
        #expect(Set(receiver.received.map(\.id)).count == 2)
        #expect(try await bench.log(id).allSatisfy { $0.state == .delivered })
    }

    @Test
    func daysOfFailureDisableAnEndpoint() async throws {
        let receiver = try await WebhookReceiver.start { _ in .status(503) }
        let bench = try await DeliveryBench(change: { $0.failureDaysLimit = 1 })
        let (id, _) = try await bench.endpoint(receiver.url())
        try await bench.addEvents(1)
        _ = await bench.dispatcher.pass()
        #expect(try await bench.store.webhookEndpoints().first?.failingSince == bench.clock.now)
        bench.clock.advance(by: .seconds(86_400))
        _ = await bench.dispatcher.pass()
        let endpoint = try #require(try await bench.store.webhookEndpoints().first)
        #expect(endpoint.disabledReason == .failing && endpoint.disabledAt == bench.clock.now)
        #expect(try await bench.log(id).first?.state == .pending)
        let audit = try await bench.store.value(
            "SELECT CAST(line AS TEXT) FROM auditEntry ORDER BY seq DESC LIMIT 1")
        #expect(audit?.contains("webhook_change") == true)
        #expect(audit?.contains("127.0.0.1") == false)
    }

    @Test(arguments: [
        ("7200", 7_200_000), ("Mon, 21 Sep 2026 15:13:20 GMT", 3_600_000), ("soon", nil),
    ])
    func aReceiverMayAskForMoreTime(text: String, wait: Int64?) async throws {
        // The bench begins at 2026-09-21T14:13:20Z.
        let now = Date(timeIntervalSince1970: 1_790_000_000)
        let duration = RetryAfter.duration(text, now: now)
        #expect(duration == wait.map { .milliseconds($0) })
        let receiver = try await WebhookReceiver.start { _ in
            .status(503, headers: ["Retry-After": "7200"])
        }
        let bench = try await DeliveryBench()
        let (id, _) = try await bench.endpoint(receiver.url())
        try await bench.addEvents(1)
        _ = await bench.dispatcher.pass()
        let next = try await bench.log(id).first?.nextAt
        #expect(next == bench.clock.now.advanced(by: .seconds(7_200)))
    }

    @Test
    func bothSecretsSignForADayAfterARotation() async throws {
        let receiver = try await WebhookReceiver.start()
        let bench = try await DeliveryBench()
        let (id, old) = try await bench.endpoint(receiver.url())
        let new = try await bench.store.rotateWebhookSecret(
            of: id, keepingPreviousFor: .seconds(86_400)
        ).secret
        try await bench.addEvents(1)
        _ = await bench.dispatcher.pass()
        bench.clock.advance(by: .seconds(86_400))
        try await bench.addEvents(1)
        _ = await bench.dispatcher.pass()
        let requests = receiver.received
        try #require(requests.count == 2)
        for (index, knowsOld) in [(0, true), (1, false)] {
            #expect(WebhookVerification.holds(requests[index], secret: new.text))
            #expect(WebhookVerification.holds(requests[index], secret: old.text) == knowsOld)
        }
    }
}
