import Foundation
import TestSupport
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// T4: files made to cost much for few bytes, sent to the service one by one and 16 at once.
///
/// Costs are those of the whole process and of its helpers, counted by the kernel.
@Suite(.enabled(if: Corpus.isPresent), .serialized)
struct BombServiceTests {
    /// One second is promised for decoding; the rest is the request, the network and the clock's
    /// granularity.
    private static let processorSecondsLimit = 1.2
    private static let growthLimit = 256_000_000
    private static let residentLimit = 1_000_000_000
    private static let bombs = Corpus.entries(in: "bombs")
    private static let codes = Dictionary(uniqueKeysWithValues: Corpus.bombCodes)

    @Test
    func eachBombHasItsCodeAndItsCost() async throws {
        let served = try await ServedData()
        // What is loaded with the first photo belongs to the idle service.
        #expect(try await served.post([Photo.box], key: "first").status == 201)
        let figures = ProcessFigures(of: served.program.identifier)
        var (seconds, growth, dearest, largest) = (0.0, 0, "", "")
        for (number, bomb) in Self.bombs.enumerated() {
            let bytes = Data(try Corpus.bytes(bomb.path))
            let start = try figures.processorSeconds()
            let idle = try figures.resetPeak()
            let reply = try await served.postFile(bytes, key: "bomb-\(number)")
            let used = try figures.processorSeconds() - start
            let grown = try figures.peakByteCount() - idle
            Self.check(reply, to: bomb)
            #expect(used <= Self.processorSecondsLimit, "\(bomb) took \(used) s")
            #expect(grown <= Self.growthLimit, "\(bomb) grew by \(grown) bytes")
            if used > seconds { (seconds, dearest) = (used, bomb.name) }
            if grown > growth { (growth, largest) = (grown, bomb.name) }
        }
        #expect(try await served.stop().status == 0)
        print(
            "bombs over HTTP: \(Self.bombs.count) one by one, at most \(Int(seconds * 1000)) ms of "
                + "processor time (\(dearest)) and \(growth / 1_000_000) MB (\(largest))")
    }

    @Test
    func sixteenAtOnceLeaveTheServiceAlive() async throws {
        let served = try await ServedData(settings: ["REGRADE_REQUEST_RATE_LIMIT": "1000000"])
        #expect(try await served.post([Photo.box], key: "first").status == 201)
        let figures = ProcessFigures(of: served.program.identifier)
        _ = try figures.resetPeak()
        var run = StressRun("http-bombs", "bombs", long: 1_600, fast: 16)
        let pulse = Task { try await Self.pulse(of: served) }
        while run.goesOn {
            let first = run.trial
            let replies = try await withThrowingTaskGroup(of: (Corpus.Entry, Reply).self) { group in
                for number in first..<first + 16 {
                    let bomb = Self.bombs[number % Self.bombs.count]
                    let bytes = Data(try Corpus.bytes(bomb.path))
                    group.addTask {
                        (bomb, try await served.postToItsEnd(bytes, key: "bomb-\(number)"))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for (bomb, reply) in replies { Self.check(reply, to: bomb) }
            run.count(16)
        }
        pulse.cancel()
        let pauses = try await pulse.value.sorted()
        let slow = pauses[min(pauses.count - 1, pauses.count * 99 / 100)]
        let peak = try figures.peakByteCount()
        #expect(peak <= Self.residentLimit, "\(peak) bytes were resident")
        #expect(try await served.stop().status == 0)
        let text =
            "16 at once, at most \(peak / 1_000_000) MB resident, /livez p99 "
            + "\(Int(slow / .milliseconds(1))) ms of \(pauses.count), one process"
        print("bombs over HTTP: \(text)")
        run.report(
            text, missed: slow < .milliseconds(250) ? [] : ["/livez p99 below 250 ms"])
    }

    private static func check(_ reply: Reply, to bomb: Corpus.Entry) {
        #expect([201, 413, 415, 422].contains(reply.status), "\(bomb): \(reply.status)")
        if let code = codes[bomb.name] { #expect(reply.code == code, "\(bomb)") }
        if bomb.expectation == .decode { #expect(reply.status == 201, "\(bomb)") }
    }

    /// How long `/livez` took, again and again until cancelled, over a connection of its own.
    private static func pulse(of served: ServedData) async throws -> [Duration] {
        let session = URLSession(configuration: .ephemeral)
        defer { session.finishTasksAndInvalidate() }
        var durations: [Duration] = []
        while !Task.isCancelled || durations.isEmpty {
            let start = ContinuousClock.now
            // Not cancelled in its middle, so that the last one counts as well.
            let status = try await Task {
                try await served.send("GET", "/livez", over: session).status
            }.value
            #expect(status == 200)
            durations.append(start.duration(to: .now))
            try? await Task.sleep(for: .milliseconds(10))
        }
        return durations
    }
}

extension ServedData {
    /// Posts a file; where it is accepted for later, waits and returns what became of it.
    fileprivate func postToItsEnd(_ bytes: Data, key: String) async throws -> Reply {
        let reply = try await postFile(bytes, key: key)
        guard reply.status == 202, let path = reply.headers["Location"] else { return reply }
        let standing = try await send("GET", path + "?wait=30")
        guard let problem = standing.object["problem"] as? [String: Any] else {
            let isDecided = standing.object["adjudication"] is [String: Any]
            return Reply(status: isDecided ? 201 : 500, body: standing.body) { _ in nil }
        }
        let body = try JSONSerialization.data(withJSONObject: problem)
        return Reply(status: 422, body: body) { _ in nil }
    }

    /// Posts a file as the whole body, whatever is in it.
    func postFile(
        _ bytes: Data, key: String, type: String = "image/jpeg", order: String = "{}"
    ) async throws -> Reply {
        try await send(
            "POST", "/v1/inspections",
            headers: [
                "Content-Type": type, "Idempotency-Key": key, "Regrade-Metadata": order,
            ], body: bytes)
    }
}
