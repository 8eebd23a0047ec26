/// How long a connection may take for what it is doing: pure, told of events and the time.
///
/// - SeeAlso: the limits in `docs/operating.md`.
package struct ConnectionPace {
    /// What to do about a connection.
    package enum Verdict: Equatable {
        case keep
        /// Answer that the body came too slowly, then close.
        case slowBody
        /// Close at once.
        case close
    }

    /// The bounds, in seconds and bytes a second.
    package struct Limits: Sendable {
        let headerSeconds: Int
        let bodyRate: Int
        let uploadSeconds: Int
        /// How long a connection may stay open between requests.
        var idleSeconds = 60
        /// How long a body is given before its rate counts.
        var graceSeconds = 5
        /// How long a body is still taken in that nobody reads.
        var drainSeconds = 2
        /// How long a body is still taken in once the service is being stopped.
        var stopSeconds = 8

        /// Creates bounds; the others are fixed.
        package init(headerSeconds: Int, bodyRate: Int, uploadSeconds: Int) {
            self.headerSeconds = headerSeconds
            self.bodyRate = bodyRate
            self.uploadSeconds = uploadSeconds
        }
    }

    private enum Phase {
        /// Between requests.
        case idle
        /// Some bytes of a request's head came.
        case head
        /// The body is coming.
        case body(byteCount: Int)
        /// The request is whole, its answer is not.
        case answering
        /// The answer is out, the request was not read to its end.
        case draining
    }

    private let limits: Limits
    private var phase = Phase.idle
    private var since: ContinuousClock.Instant
    private var isFirst = true
    private var wasTold = false
    private var stopping: ContinuousClock.Instant?

    package init(limits: Limits, now: ContinuousClock.Instant) {
        self.limits = limits
        since = now
    }

    private mutating func enter(_ phase: Phase, _ now: ContinuousClock.Instant) {
        self.phase = phase
        since = now
    }

    /// Bytes came in, of whatever.
    package mutating func bytesArrived(at now: ContinuousClock.Instant) {
        if case .idle = phase { enter(.head, now) }
    }

    /// The head of a request is whole.
    package mutating func headRead(at now: ContinuousClock.Instant) {
        isFirst = false
        wasTold = false
        enter(.body(byteCount: 0), now)
    }

    /// Bytes of a body came in.
    package mutating func bodyRead(byteCount: Int) {
        if case .body(let count) = phase { phase = .body(byteCount: count + byteCount) }
    }

    /// The request is whole.
    package mutating func endRead(at now: ContinuousClock.Instant) {
        if case .body = phase { enter(.answering, now) }
        if case .draining = phase { enter(.idle, now) }
    }

    /// The answer is out.
    package mutating func answered(at now: ContinuousClock.Instant) {
        switch phase {
        case .body: enter(.draining, now)
        case .answering: enter(.idle, now)
        case .idle, .head, .draining: break
        }
    }

    /// The service is being stopped.
    package mutating func stop(at now: ContinuousClock.Instant) { stopping = stopping ?? now }

    /// What to do now; asked every second.
    package mutating func verdict(at now: ContinuousClock.Instant) -> Verdict {
        let elapsed = since.duration(to: now) / .seconds(1)
        switch phase {
        case .idle:
            let seconds = isFirst ? limits.headerSeconds : limits.idleSeconds
            return elapsed >= Double(seconds) ? .close : .keep
        case .head: return elapsed >= Double(limits.headerSeconds) ? .close : .keep
        case .draining: return elapsed >= Double(limits.drainSeconds) ? .close : .keep
        case .answering:
            // Work has deadlines of its own; this is for clients that do not read.
            return elapsed >= Double(limits.uploadSeconds) ? .close : .keep
        case .body(let byteCount): return bodyVerdict(byteCount, elapsed, now)
        }
    }

    private mutating func bodyVerdict(
        _ byteCount: Int, _ elapsed: Double, _ now: ContinuousClock.Instant
    ) -> Verdict {
        let grace = Double(limits.graceSeconds)
        // Only what came after the grace counts as time, so that a slow start is no reason.
        let isSlow =
            elapsed > grace && Double(byteCount) < (elapsed - grace) * Double(limits.bodyRate)
        let isOver =
            elapsed >= Double(limits.uploadSeconds)
            || stopping.map { $0.duration(to: now) >= .seconds(limits.stopSeconds) } == true
        guard isSlow || isOver else { return .keep }
        // Told once already: whoever should have answered did not, or the client does not read.
        if wasTold { return .close }
        wasTold = true
        return .slowBody
    }
}
