import Foundation
import Synchronization

/// How long it took from the key that ended a case until the next one stood on the screen.
final class SwitchTimings: Sendable {
    private let durations = Mutex<[Duration]>([])

    func add(_ duration: Duration) {
        durations.withLock { $0.append(duration) }
    }

    /// `next case shown 12 times: median 4 ms, slowest 9 ms`.
    var summary: String {
        let sorted = durations.withLock { $0.sorted() }
        guard let slowest = sorted.last else { return "no case followed another" }
        return "next case shown, photo included, \(sorted.count) times: median "
            + "\(text(sorted[sorted.count / 2])), slowest \(text(slowest))"
    }

    private func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = Double(seconds) * 1000 + Double(attoseconds) / 1e15
        return String(format: "%.1f ms", milliseconds)
    }
}
