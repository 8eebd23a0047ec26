import Foundation
import ReturnsDomain
import Statistics
import Testing
import Workflow

/// When deliveries are tried again, and how they are signed.
struct WebhookScheduleTests {
    private let schedule = WebhookSchedule(failureDaysLimit: 5)
    private let now = Timestamp(millisecondsSince1970: 1_790_000_000_000)

    private func due(attempt: Int, failingFor duration: Duration? = nil) -> DueWebhook {
        DueWebhook(
            tenant: .default, endpoint: WebhookEndpointID(at: now), url: "https://a.example/",
            secrets: [WebhookSecret(key: Data([1])), WebhookSecret(key: Data([2]))],
            failingSince: duration.map { now.advanced(by: .zero - $0) }, sequence: 1,
            event: EventID(at: now), body: Data("{}".utf8), attempt: attempt)
    }

    private func verdict(
        _ attempt: WebhookAttempt, number: Int, failingFor duration: Duration? = nil,
        seed: UInt64 = 1
    ) -> WebhookVerdict {
        var generator = SeededGenerator(seed: seed)
        return schedule.verdict(
            on: attempt, of: due(attempt: number, failingFor: duration), at: now,
            using: &generator)
    }

    private func wait(_ verdict: WebhookVerdict) -> Double? {
        guard case .retry(let time) = verdict else { return nil }
        return Double(time.millisecondsSince1970 - now.millisecondsSince1970) / 1_000
    }

    @Test(arguments: [
        (1, 5.0), (2, 300), (3, 1_800), (4, 7_200), (5, 18_000), (6, 36_000), (7, 50_400),
        (8, 72_000), (9, 86_400),
    ])
    func waitsAreTheContractsWithinTheJitter(number: Int, seconds: Double) throws {
        let waits = try (1...200).map { seed in
            try #require(wait(verdict(.init(status: 500), number: number, seed: seed)))
        }
        #expect(waits.allSatisfy { (seconds * 0.9 - 0.001...seconds * 1.1).contains($0) })
        let (low, high) = (waits.min() ?? 0, waits.max() ?? 0)
        #expect(low < seconds * 0.92 && high > seconds * 1.08)
    }

    @Test
    func theTenthFailureIsTheLast() {
        #expect(verdict(.init(status: 500), number: 10) == .dead)
        #expect(verdict(.init(.timeout), number: 10) == .dead)
        #expect(verdict(.init(status: 204), number: 10) == .delivered)
    }

    @Test(arguments: [
        (200, true), (204, true), (299, true), (199, false), (300, false), (302, false),
        (400, false), (500, false),
    ])
    func onlySuccessIsSuccess(status: Int, isDelivered: Bool) {
        #expect((verdict(.init(status: status), number: 1) == .delivered) == isDelivered)
    }

    @Test
    func aReceiverThatIsGoneIsLeftAlone() {
        #expect(verdict(.init(status: 410), number: 1) == .disable(.gone, retryAt: now))
    }

    @Test
    func daysOfFailureDisable() {
        let limit = Duration.seconds(5 * 86_400)
        let before = verdict(
            .init(status: 500), number: 1, failingFor: limit - .milliseconds(1))
        #expect(wait(before) != nil)
        #expect(
            verdict(.init(status: 500), number: 1, failingFor: limit)
                == .disable(.failing, retryAt: now))
        #expect(verdict(.init(status: 200), number: 1, failingFor: limit) == .delivered)
    }

    @Test
    func retryAfterIsHeededWithinADay() throws {
        func seconds(_ asked: Duration, number: Int = 1) throws -> Double {
            try #require(
                wait(verdict(.init(status: 503, retryAfter: asked), number: number)))
        }
        #expect(try seconds(.seconds(3_600)) == 3_600)
        #expect(try seconds(.seconds(1)) >= 4.5)
        #expect(try seconds(.seconds(1_000_000)) == 86_400)
        #expect(verdict(.init(status: 503, retryAfter: .seconds(1)), number: 10) == .dead)
    }

    /// The example of the specification's reference libraries.
    @Test
    func theSignatureIsTheSpecifications() throws {
        let key = try #require(Data(base64Encoded: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let signature = WebhookSignature.signature(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", seconds: "1614265330",
            body: Data(#"{"test": 2432232314}"#.utf8), secret: WebhookSecret(key: key))
        #expect(signature == "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        #expect(WebhookSecret(key: key).text == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        #expect(!"\(WebhookSecret(key: key))".contains("MfKQ"))
    }

    @Test
    func everySecretSigns() throws {
        let due = due(attempt: 1)
        let headers = Dictionary(
            uniqueKeysWithValues: WebhookSignature.headers(for: due, at: now).map {
                ($0.name, $0.value)
            })
        #expect(headers["webhook-id"] == due.event.description)
        #expect(headers["webhook-timestamp"] == "1790000000")
        let signatures = try #require(headers["webhook-signature"]).split(separator: " ")
        #expect(signatures.count == 2 && Set(signatures).count == 2)
        #expect(signatures.allSatisfy { $0.hasPrefix("v1,") })
    }
}
