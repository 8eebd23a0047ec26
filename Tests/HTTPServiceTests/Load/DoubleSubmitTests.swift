import Foundation
import TestSupport
import Testing

/// T13: many tries of one idempotency key at once make one decision, one audit entry, one answer.
@Suite(.serialized)
struct DoubleSubmitTests {
    private static let settings = ["REGRADE_REQUEST_RATE_LIMIT": "100000000"]
    private static let tryCount = Stress.isLong ? 50 : 20
    /// Every so many keys, the service is killed while tries of one are under way.
    private static let killEvery = Stress.isLong ? 20 : 5

    /// What was seen over all keys.
    private struct Counts {
        var firsts = 0
        var replays = 0
        var running = 0
        var kills = 0
    }

    @Test
    func everyKeyMakesOneDecision() async throws {
        let photos = [try Photo.box, try Photo.mug]
        var run = StressRun("http-double-submit", "keys", long: 1_000, fast: 10)
        var counts = Counts()
        while run.goesOn {
            // A data directory for as many keys as lie between two kills.
            var served = try await ServedData(settings: Self.settings)
            let keys = (0..<min(Self.killEvery, run.wanted - run.done)).map { "key-\($0)" }
            for key in keys.dropLast() {
                try await Self.submit(key, photos, to: LoadClient(served), &counts)
            }
            if let last = keys.last {
                served = try await Self.submitWithKill(last, photos, to: served, &counts, run.seed)
            }
            try await served.stop()
            let decisions = try served.decisionCount()
            try #require(decisions == keys.count, "\(decisions) decisions of \(keys.count) keys")
            let verified = try await RepositoryProgram.run([
                "audit", "verify", "--data", served.dataPath,
            ])
            try #require(verified.status == 0, "\(verified.messages)")
            run.count(keys.count)
        }
        let text =
            "\(Self.tryCount) tries each at once: \(counts.firsts) first answers, "
            + "\(counts.running) times 409, \(counts.replays) replays, \(counts.kills) kills, one "
            + "decision and one audit entry a key, all bodies of a key equal"
        print("double submit: \(text)")
        run.report(text)
    }

    /// Many tries at once; then everybody who was told to come back does.
    private static func submit(
        _ key: String, _ photos: [Data], to client: LoadClient, _ counts: inout Counts
    ) async throws {
        let told = await tries(of: key, photos[0], to: client)
        try #require(told.count == tryCount)
        // 202 where the many tries made the service busy: still one answer, and one decision.
        let answered = told.filter { [201, 202].contains($0.status) }
        let firsts = answered.filter { !$0.isReplay }
        try #require(firsts.count == 1, "\(firsts.count) first answers of \(key)")
        for other in told where ![201, 202].contains(other.status) {
            try #require(other.status == 409 && other.code == "request_running")
            try #require(other.retryAfter != nil)
        }
        try await checkAfter(key, photos, body: firsts[0].body, client)
        try #require(answered.allSatisfy { $0.body == firsts[0].body })
        counts.firsts += 1
        counts.replays += answered.count - 1
        counts.running += told.count - answered.count
    }

    /// The same with a kill in the middle: whoever got an answer got the one that stands.
    private static func submitWithKill(
        _ key: String, _ photos: [Data], to served: ServedData, _ counts: inout Counts,
        _ seed: UInt64
    ) async throws -> ServedData {
        let client = LoadClient(served)
        async let tried = tries(of: key, photos[0], to: client)
        try await Task.sleep(for: .milliseconds(Int(seed % 60)))
        try await served.kill()
        let told = await tried
        let again = try await ServedData(settings: settings, again: served)
        let after = LoadClient(again)
        let retried = await tries(of: key, photos[0], to: after)
        let answered = (told + retried).filter { [201, 202].contains($0.status) }
        let body = try #require(answered.first?.body)
        try #require(answered.allSatisfy { $0.body == body }, "two answers to \(key)")
        try #require((told + retried).allSatisfy { [201, 202, 409].contains($0.status) })
        try await checkAfter(key, photos, body: body, after)
        counts.kills += 1
        return again
    }

    /// Every try again gives the answer that stands; the key with another photo is refused.
    private static func checkAfter(
        _ key: String, _ photos: [Data], body: Data, _ client: LoadClient
    ) async throws {
        let retried = await tries(of: key, photos[0], to: client)
        try #require(retried.count == tryCount)
        try #require(retried.allSatisfy { $0.isReplay && $0.body == body })
        // Decided before the program is stopped, so that decisions can be counted.
        let path = try #require(retried[0].location)
        try #require(try await client.get(path + "?wait=30").status == 200)
        let other = try await client.post(photos[1], key: key)
        try #require(other.status == 422 && other.code == "idempotency_key_reused")
        let order = try await client.post(photos[0], key: key, order: "{\"sku\":\"x\"}")
        try #require(order.status == 422 && order.code == "idempotency_key_reused")
    }

    /// What those tries were told whose connection was not cut.
    private static func tries(
        of key: String, _ photo: Data, to client: LoadClient
    ) async -> [Told] {
        await withTaskGroup(of: Told?.self) { group in
            for _ in 0..<tryCount {
                group.addTask { try? await client.post(photo, key: key) }
            }
            return await group.reduce(into: []) { if let told = $1 { $0.append(told) } }
        }
    }
}
