import Dispatch
import Foundation

/// Turns signals into events of the loop.
final class TerminalSignals {
    private let sources: [any DispatchSourceSignal]
    private static let endings = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]

    /// Catches what would end or stop the process, and what says that the window changed.
    init(_ wake: AsyncStream<LoopEvent>.Continuation) {
        let events: [(Int32, LoopEvent)] =
            Self.endings.map { ($0, .endAsked) } + [
                (SIGWINCH, .windowChanged), (SIGTSTP, .stopAsked), (SIGCONT, .continued),
            ]
        sources = events.map { number, event in
            let source = DispatchSource.makeSignalSource(
                signal: number, queue: DispatchQueue(label: "regrade.signals"))
            source.setEventHandler { wake.yield(event) }
            // The source sees a signal that is ignored; nothing else may act on it. A line that
            // is gone must not end us with SIGPIPE or stop us with SIGTTOU before the leases are
            // given back.
            if number != SIGCONT, number != SIGWINCH { signal(number, SIG_IGN) }
            source.resume()
            return source
        }
        signal(SIGTTOU, SIG_IGN)
        signal(SIGPIPE, SIG_IGN)
    }

    /// Lets signals do what they usually do.
    func cancel() {
        sources.forEach { $0.cancel() }
        for number in Self.endings + [SIGTSTP] { signal(number, SIG_DFL) }
    }
}
