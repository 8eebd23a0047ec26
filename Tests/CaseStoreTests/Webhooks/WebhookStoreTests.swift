import CaseStore
import Foundation
import ReturnsDomain
import Testing

/// What is due to webhook endpoints, as the record keeps it.
@Suite struct WebhookStoreTests {
    let directory = TemporaryDirectory()
    let clock = SettableClock()

    private func open() async throws -> CaseStore {
        try await CaseStore.open(at: directory.url, clock: clock.clock())
    }

    private func addEvents(_ count: Int, to store: CaseStore, from number: Int = 0) async throws {
        let warnings = (number..<number + count).map { index in
            EarlyWarning(
                measure: .rejects, segment: .sku("sku-\(index)"), recentCount: 10,
                recentHours: 24, pastCount: 1, pastHours: 672, probability: 1e-9)
        }
        try await store.record(warnings, unlessWarnedSince: Timestamp(millisecondsSince1970: 0))
    }

    private func due(_ store: CaseStore, limit: Int = 1_000) async throws -> [DueWebhook] {
        try await store.planWebhooks()
        return try await store.dueWebhooks(limit: limit, running: [:]).due
    }

    private func endpoint(
        _ store: CaseStore, url: String = "https://a.example/", types: [String] = []
    ) async throws -> WebhookEndpointID {
        try await store.addWebhookEndpoint(url: url, description: "test", eventTypes: types)
            .endpoint.id
    }

    @Test func eachEventSinceTheEndpointCameIsDueOnceAlsoAfterAKill() async throws {
        var store = try await open()
        try await addEvents(3, to: store)
        let id = try await endpoint(store)
        #expect(try await due(store).isEmpty)
        try await addEvents(300, to: store, from: 3)
        // The first call plans a part; whoever opens the record next goes on there.
        try await store.planWebhooks()
        store = try await open()
        try await store.planWebhooks()
        let all = try await due(store)
        #expect(all.map(\.sequence) == Array(4...303))
        #expect(Set(all.map(\.event)).count == 300 && all.allSatisfy { $0.attempt == 1 })
        for item in all.prefix(100) {
            try await store.settle(item, attempt: .init(status: 200), verdict: .delivered)
        }
        store = try await open()
        #expect(try await due(store).map(\.sequence) == Array(104...303))
        let log = try await store.webhookDeliveries(
            of: id, after: 0, state: .delivered, limit: 1_000)
        #expect(log.map(\.sequence) == Array(4...103) && log.allSatisfy { $0.attemptCount == 1 })
    }

    @Test func aRetryIsDueAtItsTimeAndAnotherEventMeanwhile() async throws {
        let store = try await open()
        _ = try await endpoint(store)
        try await addEvents(2, to: store)
        let first = try #require(try await due(store).first)
        let now = clock.clock().now()
        try await store.settle(
            first, attempt: .init(status: 500), verdict: .retry(at: now.advanced(by: .seconds(5))))
        #expect(try await due(store).map(\.sequence) == [2])
        clock.advance(by: .seconds(5))
        // The endpoint is failing, so it is given one at a time.
        #expect(try await due(store).map(\.sequence) == [2])
        let second = try #require(try await due(store).first)
        try await store.settle(second, attempt: .init(status: 200), verdict: .delivered)
        let again = try #require(try await due(store).first)
        #expect(again.sequence == 1 && again.attempt == 2 && again.event == first.event)
        #expect(again.failingSince == nil)
    }

    @Test func anAnswerAfterTheDeliveryChangesNothing() async throws {
        let store = try await open()
        let id = try await endpoint(store)
        try await addEvents(1, to: store)
        let item = try #require(try await due(store).first)
        try await store.settle(item, attempt: .init(status: 200), verdict: .delivered)
        try await store.settle(
            item, attempt: .init(status: 500), verdict: .retry(at: clock.clock().now()))
        #expect(try await due(store).isEmpty)
        let log = try await store.webhookDeliveries(of: id, after: 0, state: .delivered, limit: 9)
        #expect(log.map(\.attemptCount) == [1])
    }

    @Test func whatIsBeingSentIsNotGivenAgainAndTakesRoom() async throws {
        let store = try await open()
        let id = try await endpoint(store)
        try await addEvents(6, to: store)
        try await store.planWebhooks()
        let some = try await store.dueWebhooks(limit: 4, running: [id: [1, 2]]).due
        #expect(some.map(\.sequence) == [3, 4])
        #expect(try await store.dueWebhooks(limit: 4, running: [id: [1, 2, 3, 4]]).due.isEmpty)
    }

    @Test func onlyWantedTypesAndOnlyTheTenantsOwnEventsAreSent() async throws {
        let store = try await open()
        let other = store.forTenant(try #require(Tenant("other")))
        _ = try await endpoint(store, types: ["regrade.subject.erased.v1"])
        let mine = try await endpoint(store, url: "https://b.example/")
        _ = try await endpoint(other, url: "https://c.example/")
        try await addEvents(2, to: store)
        #expect(try await due(store).allSatisfy { $0.endpoint == mine })
        #expect(try await due(other).count == 2)
        await #expect(throws: CaseStoreError.webhook(.endpointNotFound(mine))) {
            try await other.removeWebhookEndpoint(mine)
        }
        await #expect(throws: CaseStoreError.webhook(.endpointNotFound(mine))) {
            try await other.webhookDeliveries(of: mine, after: 0, state: nil, limit: 1)
        }
    }

    @Test func aDisabledEndpointMissesNothing() async throws {
        let store = try await open()
        let id = try await endpoint(store)
        try await addEvents(1, to: store)
        let first = try #require(try await due(store).first)
        try await store.settle(
            first, attempt: .init(status: 410),
            verdict: .disable(.gone, retryAt: clock.clock().now()))
        #expect(try await store.webhookEndpoints().first?.disabledReason == .gone)
        try await addEvents(2, to: store, from: 1)
        #expect(try await due(store).isEmpty)
        #expect(try await store.webhookFigures().disabledEndpointCount == 1)
        let enabled = try await store.enableWebhookEndpoint(id)
        #expect(enabled.disabledAt == nil && enabled.failingSince == nil)
        #expect(try await due(store).map(\.sequence) == [1, 2, 3])
    }

    @Test func anErasedCaseIsNotDeliveredAndItsErasureIs() async throws {
        let store = try await open()
        let id = try await endpoint(store)
        let record = InspectionRecord.fixture(outcome: .resell, orderID: "order-77")
        try await store.record([record])
        #expect(try await due(store).count == 2)
        _ = try await store.erase([record.adjudication.id])
        let left = try await due(store)
        #expect(left.count == 1)
        let body = String(decoding: try #require(left.first).body, as: UTF8.self)
        #expect(body.contains("regrade.subject.erased.v1") && !body.contains("order-77"))
        // Sent again, it is the erasure that is sent, and an event not yet planned stays away too.
        #expect(try await store.replayWebhooks(to: id, after: 0, until: 3) == 1)
        let log = try await store.webhookDeliveries(of: id, after: 0, state: .dropped, limit: 10)
        #expect(log.map(\.type) == ["erased", "erased"])
    }

    @Test func aReplaySendsARangeAgainFromTheFirstAttempt() async throws {
        let store = try await open()
        try await addEvents(4, to: store)
        let id = try await endpoint(store)
        try await addEvents(2, to: store, from: 4)
        for item in try await due(store) {
            try await store.settle(item, attempt: .init(status: 500), verdict: .dead)
        }
        #expect(try await store.webhookFigures().deadCount == 2)
        #expect(try await store.replayWebhooks(to: id, after: 2, until: 5) == 3)
        let again = try await store.dueWebhooks(limit: 1, running: [:]).due
        #expect(again.map(\.sequence) == [3] && again.first?.attempt == 1)
        #expect(try await store.webhookFigures().deadCount == 1)
        #expect(try await store.replayWebhooks(to: id, after: 6, until: 2) == 0)
        #expect(try await store.replayWebhooks(to: id, after: 0, until: .max) == 6)
    }

    @Test func aReplayHasABound() async throws {
        let store = try await open()
        let id = try await endpoint(store)
        let limit = CaseStore.webhookReplayCountLimit
        try await store.tamper("UPDATE sequence SET last = \(limit + 1) WHERE 0")
        try await store.tamper(
            "INSERT INTO sequence VALUES ('default', 'outboxEvent', \(limit + 1))")
        await #expect(
            throws: CaseStoreError.webhook(.replayTooLong(count: Int64(limit) + 1, limit: limit))
        ) {
            try await store.replayWebhooks(to: id, after: 0, until: .max)
        }
        #expect(try await store.replayWebhooks(to: id, after: 1, until: .max) == 0)
    }

    @Test func theLogForgetsWhatWasSettledLongAgo() async throws {
        let store = try await open()
        let id = try await endpoint(store)
        try await addEvents(2, to: store)
        let all = try await due(store)
        try await store.settle(
            try #require(all.first), attempt: .init(status: 200), verdict: .delivered)
        clock.advance(by: .seconds(10))
        try await store.removeSettledWebhooks(before: clock.clock().now())
        let log = try await store.webhookDeliveries(of: id, after: 0, state: nil, limit: 10)
        #expect(log.map(\.sequence) == [2])
    }

    @Test func endpointsAreBoundedAndOneOfAURL() async throws {
        let store = try await open()
        let limit = CaseStore.webhookEndpointCountLimit
        let first = try await endpoint(store, url: "https://a.example/0")
        for number in 1..<limit {
            _ = try await endpoint(store, url: "https://a.example/\(number)")
        }
        await #expect(throws: CaseStoreError.webhook(.endpointExists(first))) {
            try await endpoint(store, url: "https://a.example/0")
        }
        await #expect(throws: CaseStoreError.webhook(.endpointLimitReached(limit: limit))) {
            try await endpoint(store, url: "https://a.example/more")
        }
        try await store.removeWebhookEndpoint(first)
        _ = try await endpoint(store, url: "https://a.example/more")
        let long = String(repeating: "x", count: CaseStore.webhookDescriptionByteCountLimit + 1)
        await #expect(throws: CaseStoreError.self) {
            try await store.addWebhookEndpoint(url: "u", description: long, eventTypes: [])
        }
    }

    @Test func secretsLieSealedAndSurviveARotationOfBothKeys() async throws {
        var store: CaseStore? = try await open()
        let (added, secret) = try #require(
            try await store?.addWebhookEndpoint(
                url: "https://a.example/", description: "", eventTypes: []))
        let rotated = try #require(
            try await store?.rotateWebhookSecret(of: added.id, keepingPreviousFor: .seconds(60)))
        #expect(rotated.secret != secret)
        store = nil
        _ = try await CaseStore.rotateWrappingKey(at: directory.url, clock: clock.clock())
        let again = try await open()
        try await addEvents(1, to: again)
        #expect(try await due(again).first?.secrets == [rotated.secret, secret])
        clock.advance(by: .seconds(60))
        #expect(try await due(again).first?.secrets == [rotated.secret])
        for (path, bytes) in try directory.contents() {
            for known in [secret, rotated.secret] {
                #expect(bytes.range(of: known.key) == nil, "\(path)")
                #expect(bytes.range(of: Data(known.text.dropFirst(6).utf8)) == nil, "\(path)")
            }
        }
    }

    @Test func aSecretMovedToAnotherEndpointDoesNotOpen() async throws {
        let store = try await open()
        let id = try await endpoint(store)
        let other = try await endpoint(store, url: "https://b.example/")
        try await store.tamper(
            """
            UPDATE webhookEndpoint SET wrappedSecret = (SELECT wrappedSecret FROM webhookEndpoint
              WHERE id <> '\(other)') WHERE id = '\(other)'
            """)
        try await addEvents(1, to: store)
        try await store.planWebhooks()
        let found = try await store.dueWebhooks(limit: 4, running: [:])
        // It is told, and the other endpoint gets its events all the same.
        #expect(found.broken == [other] && found.due.map(\.endpoint) == [id])
    }
}
