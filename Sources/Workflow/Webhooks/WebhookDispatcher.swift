package import CaseStore
internal import Foundation
public import ReturnsDomain
internal import Statistics
internal import Synchronization

/// Delivers outgoing events to their endpoints: at least once each, and nothing lost when the
/// process is killed, because what is due stands in the database until a receiver has taken it.
///
/// Attempts begin in the order of events, at most a few at once to one endpoint and one to an
/// endpoint that is failing. Endpoints do not wait for each other, nor events for one that failed.
public final class WebhookDispatcher: Sendable {
    /// Makes one attempt; never throws, and ends within its time limit or when its task is
    /// cancelled.
    public typealias Send = @Sendable (DueWebhook) async -> WebhookAttempt

    private let store: CaseStore
    private let clock: StoreClock
    private let schedule: WebhookSchedule
    private let endpointAttemptCountLimit: Int
    private let send: Send
    private let observe: @Sendable (WebhookEvent) -> Void
    private let state: Mutex<State>
    private let wakes: AsyncStream<Void>
    private let wakeSignal: AsyncStream<Void>.Continuation

    private struct State {
        var generator: SeededGenerator
        /// Events that are being sent to each endpoint.
        var running: [WebhookEndpointID: Set<Int64>] = [:]
        /// Endpoints whose secret does not open; each is told of once.
        var broken: Set<WebhookEndpointID> = []
        /// Until when the database is left alone, because it could not be used.
        var restsUntil = ContinuousClock.now
    }

    /// How often the database is asked for what other processes recorded, and what is due.
    private static let pause: Duration = .milliseconds(500)
    /// How long the dispatcher leaves the database alone when it cannot be used.
    private static let troublePause: Duration = .seconds(5)
    /// How long attempts may go on once the service is being stopped.
    private static let stopDuration: Duration = .seconds(3)
    /// How long the delivery log keeps what is settled.
    package static let logDuration: Duration = .seconds(30 * 86_400)

    /// Creates a dispatcher over every tenant of a record.
    ///
    /// - Parameters:
    ///   - store: The record, of any tenant.
    ///   - clock: That of the record.
    ///   - settings: What attempts may cost.
    ///   - seed: Where jitter starts.
    ///   - send: Makes an attempt.
    ///   - observe: Told what happens; must not block.
    package init(
        store: CaseStore, clock: StoreClock = .system, settings: WebhookSettings,
        seed: UInt64, send: @escaping Send,
        observe: @escaping @Sendable (WebhookEvent) -> Void
    ) {
        self.store = store
        self.clock = clock
        schedule = WebhookSchedule(failureDaysLimit: settings.failureDaysLimit)
        endpointAttemptCountLimit = settings.endpointAttemptCountLimit
        self.send = send
        self.observe = observe
        state = Mutex(State(generator: SeededGenerator(seed: seed)))
        (wakes, wakeSignal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Delivers until ``finish()``, and then for at most 3 s what is under way.
    ///
    /// Attempts that did not end by then are made again after the next start.
    public func run() async {
        let ticks = Task {
            while !Task.isCancelled {
                wakeSignal.yield()
                try? await Task.sleep(for: Self.pause)
            }
        }
        defer { ticks.cancel() }
        await withDiscardingTaskGroup { group in
            for await _ in wakes {
                for due in await takeDue() {
                    group.addTask {
                        await self.deliver(due)
                        self.wakeSignal.yield()
                    }
                }
            }
            await waitForAttempts()
            group.cancelAll()
        }
    }

    /// Lets ``run()`` come to its end.
    public func finish() { wakeSignal.finish() }

    /// Makes every attempt that is due, once, and waits for them.
    ///
    /// - Returns: How many were made.
    package func pass() async -> Int {
        let due = await takeDue()
        await withTaskGroup(of: Void.self) { group in
            for due in due { group.addTask { await self.deliver(due) } }
        }
        return due.count
    }

    /// Forgets deliveries that were settled long ago.
    public func tidy() async {
        do {
            let start = clock.now().advanced(by: .zero - Self.logDuration)
            try await store.removeSettledWebhooks(before: start)
        } catch {
            observe(.trouble("the log of webhooks could not be shortened: \(error)"))
        }
    }

    private func waitForAttempts() async {
        let end = ContinuousClock.now.advanced(by: Self.stopDuration)
        while ContinuousClock.now < end, state.withLock({ !$0.running.isEmpty }) {
            guard (try? await Task.sleep(for: .milliseconds(50))) != nil else { return }
        }
    }

    private func takeDue() async -> [DueWebhook] {
        guard state.withLock({ $0.restsUntil <= .now }) else { return [] }
        do {
            try await store.planWebhooks()
            let running = state.withLock { $0.running }
            let (due, broken) = try await store.dueWebhooks(
                limit: endpointAttemptCountLimit, running: running)
            let new = state.withLock { state in
                broken.filter { state.broken.insert($0).inserted }
            }
            for id in new { observe(.trouble("the secret of webhook endpoint \(id) is broken")) }
            state.withLock { state in
                for due in due { state.running[due.endpoint, default: []].insert(due.sequence) }
            }
            return due
        } catch {
            observe(.trouble("webhooks could not be looked for: \(error)"))
            state.withLock { $0.restsUntil = .now.advanced(by: Self.troublePause) }
            return []
        }
    }

    private func deliver(_ due: DueWebhook) async {
        let start = ContinuousClock.now
        let attempt = await WebhookSpan.run(due, send)
        if attempt.failure != .interrupted {
            let verdict = state.withLock { state in
                schedule.verdict(on: attempt, of: due, at: clock.now(), using: &state.generator)
            }
            await settle(due, attempt: attempt, verdict: verdict)
            observe(
                .attempted(due, attempt, verdict, duration: start.duration(to: .now)))
        }
        state.withLock { state in
            state.running[due.endpoint]?.remove(due.sequence)
            if state.running[due.endpoint]?.isEmpty == true { state.running[due.endpoint] = nil }
        }
    }

    /// Notes what came of an attempt, however long the database takes to let us: an attempt that
    /// is not noted would be made again at once.
    private func settle(
        _ due: DueWebhook, attempt: WebhookAttempt, verdict: WebhookVerdict
    ) async {
        while true {
            do {
                return try await store.settle(due, attempt: attempt, verdict: verdict)
            } catch {
                observe(.trouble("an attempt of \(due.event) could not be noted: \(error)"))
                // Cancelled: the service ends, and the attempt is made again after the next start.
                guard (try? await Task.sleep(for: Self.troublePause)) != nil else { return }
            }
        }
    }
}
