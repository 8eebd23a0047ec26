import CaseStore
import Foundation
import ReturnsDomain
import TestSupport
import Testing

/// Queue, leases, idempotency keys, outgoing events and audit log against a model of their rules,
/// moved by seeds, with clocks that step and transactions, processes and machines that fail.
///
/// `scripts/stress simulation` is the long form. A failure prints the seed of its world; the whole
/// run goes again with `REGRADE_STRESS_SEED`, and from that world on with `REGRADE_STRESS_FROM`.
@Suite struct SimulationTests {
    /// How many moves are made in one world before it is brought to its end.
    private static let movesPerWorld = 2000

    /// Lives through one world.
    private func world(_ seed: UInt64, moves: Int) async throws -> Simulation {
        let world = try await Simulation(seed: seed)
        for move in 1...moves {
            try await world.step(.drawn(&world.generator))
            if move.isMultiple(of: 200) { try await world.check() }
        }
        try await world.drain()
        return world
    }

    @Test func noTaskEventOrAnswerIsLostOrDoubledInAnyWorld() async throws {
        var run = StressRun(
            "simulation", "steps", long: 2_000_000, fast: Self.movesPerWorld)
        let clock = ContinuousClock()
        let start = clock.now
        let before = run.done
        var (faults, events, repeats, tasks) = (0, 0, 0, 0)
        while run.goesOn {
            let world = try await world(run.seed, moves: Self.movesPerWorld)
            faults += world.faultCount
            tasks += world.queue.tasks.count
            events += world.deliveries.received.count
            repeats += world.deliveries.received.values.reduce(0) { $0 + $1 - 1 }
            run.count(Self.movesPerWorld)
        }
        #expect(faults > 0 && tasks > 0 && events > 0 && repeats > 0)
        let seconds = start.duration(to: clock.now) / .seconds(1)
        run.report(
            "in worlds of \(Self.movesPerWorld): \(tasks) tasks, \(events) events delivered and "
                + "\(repeats) again, \(faults) transactions failed, 0 lost, 0 doubled, "
                + "\(Int(Double(run.done - before) / seconds)) steps/s")
    }

    @Test func aSeedMakesTheSameWorldAgain() async throws {
        let first = try await world(Stress.seed, moves: 300)
        let second = try await world(Stress.seed, moves: 300)
        #expect(first.digest == second.digest)
        #expect(first.stepCount == second.stepCount)
        let other = try await world(Stress.seed + 1, moves: 300)
        #expect(other.digest != first.digest)
    }
}
