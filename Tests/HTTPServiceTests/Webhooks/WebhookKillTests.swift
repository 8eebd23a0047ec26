import CaseStore
import Foundation
import ReturnsDomain
import Synchronization
import TestSupport
import Testing

/// T15: the service is killed (SIGKILL) while it delivers; no event is lost.
struct WebhookKillTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let runsAtLength = environment["REGRADE_STRESS"] == "1"
    private static let seconds = Double(environment["REGRADE_STRESS_SECONDS"] ?? "") ?? 300
    private static let seed = UInt64(environment["REGRADE_STRESS_SEED"] ?? "") ?? 20_261_121

    private struct Round {
        var kills = 0
        var events = 0
        var deliveries = 0
        var lost = 0
    }

    @Test
    func aKillWhileDeliveringLosesNoEvent() async throws {
        let end = ContinuousClock.now.advanced(by: .seconds(Self.seconds))
        var sum = Round()
        var random = UniformDelays(state: Self.seed)
        repeat {
            let round = try await deliver(
                eventCount: Self.runsAtLength ? 1_000 : 400, kills: Self.runsAtLength ? 8 : 2,
                delays: &random)
            #expect(round.lost == 0)
            sum.kills += round.kills
            sum.events += round.events
            sum.deliveries += round.deliveries
            sum.lost += round.lost
        } while Self.runsAtLength && ContinuousClock.now < end
        let name = Self.runsAtLength ? "RESULT webhooks:" : "webhooks:"
        print(
            "\(name) \(sum.events - sum.lost) of \(sum.events) events delivered, "
                + "\(sum.deliveries - sum.events) of them again, over \(sum.kills) kills, "
                + "seed \(Self.seed)")
    }

    /// One record whose events are delivered by services that are killed, and by one that is not.
    private func deliver(
        eventCount: Int, kills: Int, delays: inout UniformDelays
    ) async throws -> Round {
        let folder = try TemporaryFolder()
        // Some first attempts fail, so that deliveries of every state are met by a kill.
        let seen = SeenNames()
        let receiver = try await WebhookReceiver.start { request in
            let isFirst = seen.insert(request.id)
            return isFirst && request.body.count % 7 == 0 ? .status(500) : .status(200)
        }
        let ids = try await prepare(folder, url: receiver.url(), eventCount: eventCount)
        for _ in 0..<kills {
            let before = receiver.received.count
            let program = try start(folder)
            // The kill comes a little after the first deliveries of this service.
            try await receiver.waitFor(min(before + 1, eventCount))
            try await Task.sleep(for: .milliseconds(delays.next(below: 400)))
            program.kill()
            _ = try await program.output()
        }
        let program = try start(folder)
        for _ in 0..<1_200 where Set(receiver.received.compactMap(\.id)).count < ids.count {
            try await Task.sleep(for: .milliseconds(50))
        }
        try await settle(folder)
        program.terminate()
        #expect(try await program.output().status == 0)
        let received = receiver.received.compactMap(\.id)
        return Round(
            kills: kills, events: ids.count, deliveries: received.count,
            lost: ids.subtracting(received).count)
    }

    /// A record with an endpoint and events that it has not been sent.
    private func prepare(
        _ folder: TemporaryFolder, url: String, eventCount: Int
    ) async throws -> Set<String> {
        let store = try await CaseStore.open(at: folder.file("data"))
        _ = try await store.addWebhookEndpoint(url: url, description: "", eventTypes: [])
        let warnings = (0..<eventCount).map { index in
            EarlyWarning(
                measure: .submissions, segment: .sku("sku-\(index)"), recentCount: index + 10,
                recentHours: 24, pastCount: 1, pastHours: 672, probability: 1e-9)
        }
        try await store.record(warnings, unlessWarnedSince: .now)
        return Set(
            try await store.events(after: 0, limit: eventCount).map(\.id.description))
    }

    private func start(_ folder: TemporaryFolder) throws -> RunningProgram {
        try RepositoryProgram.start(
            ["serve", "--data", folder.file("data").path, "--port", "0"],
            environment: ["REGRADE_WEBHOOK_NETWORKS": "127.0.0.0/8"])
    }

    /// Waits until the record says that everything was delivered.
    private func settle(_ folder: TemporaryFolder) async throws {
        let store = try await CaseStore.open(at: folder.file("data"))
        // An attempt that a busy machine was too slow for is the second to fail; the third comes
        // after five minutes.
        for _ in 0..<8_000 where try await store.webhookFigures().pendingCount > 0 {
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(try await store.webhookFigures().pendingCount == 0)
        #expect(try await store.webhookFigures().deadCount == 0)
    }
}

/// Delays that a seed makes again.
private struct UniformDelays {
    var state: UInt64

    /// A whole number in 0..<count; constants of Knuth's MMIX generator.
    mutating func next(below count: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(count))
    }
}

/// Names that came before.
private final class SeenNames: Sendable {
    private let names = Mutex<Set<String?>>([])

    /// Whether a name comes for the first time.
    func insert(_ name: String?) -> Bool { names.withLock { $0.insert(name).inserted } }
}
