import Foundation
import Statistics
import TestSupport
import Testing

/// T10 and T17 over HTTP: the service is killed or stopped at random points under load; clients
/// note every acknowledgement.
@Suite(.serialized)
struct ServiceKillTests {
    private static let settings = ["REGRADE_REQUEST_RATE_LIMIT": "100000000"]
    private static let clientCount = 8
    /// A data directory serves so many trials.
    private static let trialsPerDirectory = 20

    private static var photo: Data { get throws { try Photo.box } }

    @Test
    func killsLoseNothingAcknowledgedAndDoubleNothing() async throws {
        var run = StressRun("http-kills", "kills", long: 300, fast: 3)
        var (acknowledged, cut, longestStart) = (0, 0, Duration.zero)
        while run.goesOn {
            var random = SeededGenerator(seed: run.seed)
            let load = PortalLoad(photo: try Self.photo)
            var served: ServedData?
            for _ in 0..<Self.trialsPerDirectory where run.goesOn {
                let start = ContinuousClock.now
                let running = try await ServedData(settings: Self.settings, again: served)
                try await running.becomeReady()
                longestStart = max(longestStart, start.duration(to: .now))
                let client = LoadClient(running)
                try await load.check(client, all: false)
                let name = "trial-\(run.trial)"
                async let posting: Void = load.run(
                    client, clientCount: Self.clientCount, name: name)
                try await Task.sleep(for: .seconds(0.8 * random.unit()))
                try await running.kill()
                await posting
                served = running
                run.count(1)
            }
            let last = try await ServedData(settings: Self.settings, again: served)
            try await load.check(LoadClient(last), all: true)
            try await load.checkStopped(last)
            acknowledged += load.acknowledgedCount
            cut += load.cutCount
        }
        let text =
            "\(acknowledged) items acknowledged, 0 lost, 0 doubled, \(cut) requests cut, longest "
            + "start until ready \(Self.text(longestStart))"
        print("kills over HTTP: \(run.done) kills, \(text)")
        run.report(text, missed: longestStart > .seconds(5) ? ["ready within 5 s"] : [])
    }

    @Test
    func stopsUnderLoadLoseNothingAcknowledged() async throws {
        var run = StressRun("http-stops", "stops", long: 50, fast: 2)
        var (acknowledged, cut, longestStop) = (0, 0, Duration.zero)
        var statuses: Set<Int> = []
        while run.goesOn {
            var random = SeededGenerator(seed: run.seed)
            let load = PortalLoad(photo: try Self.photo)
            var served: ServedData?
            for _ in 0..<Self.trialsPerDirectory where run.goesOn {
                let running = try await ServedData(settings: Self.settings, again: served)
                let client = LoadClient(running)
                try await load.check(client, all: false)
                let name = "trial-\(run.trial)"
                async let posting: Void = load.run(
                    client, clientCount: Self.clientCount, name: name)
                try await Task.sleep(for: .seconds(0.2 + 0.8 * random.unit()))
                let start = ContinuousClock.now
                let output = try await running.stop()
                longestStop = max(longestStop, start.duration(to: .now))
                await posting
                try #require(output.status == 0, "\(output.messages)")
                served = running
                run.count(1)
            }
            statuses.formUnion(load.events.map(\.status))
            let last = try await ServedData(settings: Self.settings, again: served)
            try await load.check(LoadClient(last), all: true)
            try await load.checkStopped(last)
            acknowledged += load.acknowledgedCount
            cut += load.cutCount
        }
        #expect(statuses.isSubset(of: [201, 202, 409, 429, 503]), "\(statuses.sorted())")
        let text =
            "\(acknowledged) items acknowledged, 0 lost, 0 doubled, answers of "
            + "\(statuses.sorted().map(String.init).joined(separator: ", ")) only, \(cut) "
            + "connections closed on clients, exit 0, longest stop \(Self.text(longestStop))"
        print("stops over HTTP: \(run.done) stops, \(text)")
        run.report(text, missed: longestStop > .seconds(20) ? ["exit within 20 s"] : [])
    }

    private static func text(_ duration: Duration) -> String {
        duration.formatted(.units(allowed: [.seconds], fractionalPart: .show(length: 2)))
    }
}
