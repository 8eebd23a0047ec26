import Foundation
import Synchronization
import TestSupport
import Testing

/// Clients that post item after item, and a ledger of what they were told.
///
/// Every key is posted until it is acknowledged or the service is gone. What was acknowledged must
/// be there ever after: ``check(_:all:)`` posts keys again and compares.
final class PortalLoad: Sendable {
    /// One answer and when it was asked for and given.
    struct Event: Sendable {
        let key: String
        let begun: ContinuousClock.Instant
        let ended: ContinuousClock.Instant
        let status: Int
        let code: String?
    }

    /// How often a busy service is asked again.
    private static let busyTryCountLimit = 200

    private struct Ledger {
        var keys: Set<String> = []
        var checked: Set<String> = []
        var acknowledged: [String: Told] = [:]
        var events: [Event] = []
        var cutCount = 0
        var isOver = false
    }

    private let ledger = Mutex(Ledger())
    private let photo: Data

    /// Clients that all post this photo.
    init(photo: Data) { self.photo = photo }

    /// How many keys were used.
    var keyCount: Int { ledger.withLock { $0.keys.count } }
    /// How many of them were acknowledged with 201 or 202.
    var acknowledgedCount: Int { ledger.withLock { $0.acknowledged.count } }
    /// Every answer so far.
    var events: [Event] { ledger.withLock { $0.events } }
    /// Requests whose connection was cut instead of being answered.
    var cutCount: Int { ledger.withLock { $0.cutCount } }

    /// Answers by status and code: `120 x 201, 3 x 503 stopping`.
    var summary: String {
        let counts = events.reduce(into: [String: Int]()) {
            $0["\($1.status)\($1.code.map { " \($0)" } ?? "")", default: 0] += 1
        }
        return counts.sorted { $0.key < $1.key }.map { "\($0.value) x \($0.key)" }
            .joined(separator: ", ")
    }

    /// Posts over `clientCount` connections until ``end()`` or until the service is gone.
    ///
    /// Every third item is for later, so that both ways to acknowledge are met.
    ///
    /// - Parameter name: Begins the keys; other than in earlier calls.
    func run(_ client: LoadClient, clientCount: Int, name: String) async {
        ledger.withLock { $0.isOver = false }
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<clientCount {
                group.addTask {
                    var item = 0
                    while await self.submit(
                        client, key: "\(name)-\(number)-\(item)", later: item % 3 == 2)
                    {
                        item += 1
                    }
                }
            }
        }
    }

    /// Lets ``run(_:clientCount:name:)`` return once requests under way are answered.
    func end() { ledger.withLock { $0.isOver = true } }

    /// Posts one item until it is acknowledged.
    ///
    /// - Returns: False if the service is gone or the load is over.
    private func submit(_ client: LoadClient, key: String, later: Bool) async -> Bool {
        while true {
            let isOver = ledger.withLock { ledger in
                if !ledger.isOver { ledger.keys.insert(key) }
                return ledger.isOver
            }
            if isOver { return false }
            let begun = ContinuousClock.now
            guard
                let told = try? await client.post(
                    photo, key: key, order: "{\"order_id\":\"\(key)\"}", later: later)
            else {
                ledger.withLock { $0.cutCount += 1 }
                return false
            }
            note(told, key: key, begun: begun)
            if told.status < 300 { return true }
            // Less than Retry-After says, since a test has less patience than a portal.
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    private func note(_ told: Told, key: String, begun: ContinuousClock.Instant) {
        ledger.withLock { ledger in
            ledger.events.append(
                Event(
                    key: key, begun: begun, ended: .now, status: told.status,
                    code: told.status < 300 ? nil : told.code))
            if told.status < 300 { ledger.acknowledged[key] = told }
        }
    }

    /// Posts keys again: what was acknowledged is answered word for word, the rest is done now, and
    /// each item has its adjudication.
    ///
    /// - Parameter all: Every key; else those that were used since the last check.
    func check(_ client: LoadClient, all: Bool) async throws {
        let keys = ledger.withLock { ledger in
            defer { ledger.checked = ledger.keys }
            return all ? ledger.keys : ledger.keys.subtracting(ledger.checked)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, key) in keys.enumerated() {
                // As many at once as a service answers at once.
                if number >= 8 { try await group.next() }
                group.addTask { try await self.check(key, client) }
            }
            try await group.waitForAll()
        }
    }

    private func check(_ key: String, _ client: LoadClient) async throws {
        let first = ledger.withLock { $0.acknowledged[key] }
        var told: Told
        var tryCount = 0
        repeat {
            told = try await client.post(
                photo, key: key, order: "{\"order_id\":\"\(key)\"}", later: first?.status == 202)
            tryCount += 1
            // A service that was just started works off what it stored, and may be busy with that.
            if told.status == 429 { try await Task.sleep(for: .milliseconds(100)) }
        } while told.status == 429 && tryCount < Self.busyTryCountLimit
        if let first {
            try #require(
                told.isReplay && told.body == first.body && told.location == first.location,
                "\(key) was acknowledged with \(first.status) and is lost: \(told.status)")
        } else {
            try #require(told.status < 300, "\(key): \(told.status) \(told.code ?? "")")
            ledger.withLock { $0.acknowledged[key] = told }
        }
        guard told.status == 202, let path = told.location else { return }
        let standing = try await client.get(path + "?wait=30")
        let text = String(decoding: standing.body, as: UTF8.self)
        try #require(
            standing.status == 200 && text.contains("\"adjudication\":{"), "\(key): \(text)")
    }

    /// Stops the program and checks that every key made exactly one decision, and that the audit
    /// log holds.
    func checkStopped(_ served: ServedData) async throws {
        let output = try await served.stop()
        try #require(output.status == 0, "\(output.messages)")
        let decisions = try served.decisionCount()
        try #require(decisions == keyCount, "\(decisions) decisions for \(keyCount) keys")
        let verified = try await RepositoryProgram.run([
            "audit", "verify", "--data", served.dataPath,
        ])
        try #require(verified.status == 0, "\(verified.messages)")
    }
}

extension ServedData {
    /// How many machine decisions the audit log holds; the program has ended.
    func decisionCount() throws -> Int {
        let folder = folder.file("data").appending(path: "audit")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        return try names.filter { $0.hasSuffix(".jsonl") }.reduce(0) { count, name in
            let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            return count
                + text.split(separator: "\n").count { $0.contains("\"kind\":\"decision\"") }
        }
    }

    /// Waits until `/readyz` says yes.
    func becomeReady() async throws {
        for _ in 0..<600 {
            if try await send("GET", "/readyz").status == 200 { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw NeverListened(messages: "never ready")
    }
}
