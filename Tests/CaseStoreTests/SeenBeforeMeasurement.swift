import CaseStore
import Foundation
import ReturnsDomain
import Statistics
import Testing

/// How long it takes to look for a photo among very many; `scripts/measure-seen-before` fills the
/// record and runs this.
struct SeenBeforeMeasurement {
    private static let folder =
        ProcessInfo.processInfo.environment["REGRADE_SEEN_BEFORE_DATA"]

    @Test(.enabled(if: folder != nil, "scripts/measure-seen-before runs it"))
    func aPhotoIsLookedForAmongAllOfATenant() async throws {
        let store = try await CaseStore.open(at: URL(fileURLWithPath: try #require(Self.folder)))
        var random = SeededGenerator(seed: 11)
        var durations: [Duration] = []
        var found = 0
        for number in 0..<500 {
            // Half of the bits are set, as in every look.
            let look = (0..<64).shuffled(using: &random).prefix(32)
                .reduce(UInt64(0)) { $0 | 1 << UInt64($1) }
            let hash = ContentHash(digest: (0..<32).map { _ in UInt8(random.index(below: 256)) })
            let start = ContinuousClock.now
            let signals = try await store.fraudSignals(
                photos: [PhotoFingerprint(index: 0, sha256: hash, look: look)],
                orderID: "measured-\(number)")
            durations.append(start.duration(to: .now))
            found += signals.count
        }
        durations.sort()
        let parts = try await store.lookCount()
        print(
            "seen before: \(parts / 4) looks, \(durations.count) look-ups, median "
                + "\(durations[durations.count / 2]), p99 "
                + "\(durations[durations.count * 99 / 100]), \(found) found")
    }
}
