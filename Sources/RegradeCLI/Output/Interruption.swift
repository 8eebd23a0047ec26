import Dispatch
import Foundation
import Synchronization

/// Runs work that Ctrl-C or a termination signal cancels, so that it can finish what is in flight.
///
/// A second signal ends the process at once.
func interruptible<Value: Sendable>(
    _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let task = Task { try await work() }
    let sources = [SIGINT, SIGTERM].map { number in
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler {
            signal(number, SIG_DFL)
            task.cancel()
        }
        signal(number, SIG_IGN)
        source.resume()
        return source
    }
    defer {
        for (number, source) in zip([SIGINT, SIGTERM], sources) {
            source.cancel()
            signal(number, SIG_DFL)
        }
    }
    return try await task.value
}

/// Tells when enough time has gone by to draw progress again.
final class ProgressPace: Sendable {
    private let interval: Duration
    private let last = Mutex<ContinuousClock.Instant?>(nil)

    init(interval: Duration) {
        self.interval = interval
    }

    /// Whether it is time; true at the first question.
    var isDue: Bool {
        let now = ContinuousClock.now
        return last.withLock { last in
            if let last, last.duration(to: now) < interval { return false }
            last = now
            return true
        }
    }
}
