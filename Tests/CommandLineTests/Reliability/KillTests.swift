import CaseStore
import Foundation
import ReturnsDomain
import Statistics
import TestSupport
import Testing

/// T10: the program is killed (SIGKILL) at random moments by a client that notes what it
/// acknowledged.
@Suite(.serialized) struct KillTests {
    @Test func nothingAcknowledgedIsLostWhenReviewersAndErasersAreKilled() async throws {
        let prepared = try await PreparedDirectory(caseCount: 40)
        var run = StressRun("kill", "kills", long: 1000, fast: 20)
        var durations = try await Self.durations(prepared)
        var (rounds, acknowledgements, longestStart) = (0, 0, Duration.zero)
        while run.goesOn {
            rounds += 1
            let folder = try TemporaryFolder()
            try prepared.copy(to: folder.file("data"))
            let day = WorkingDay(
                data: folder.file("data").path, inspections: prepared.inspections)
            var random = SeededGenerator(seed: run.seed)
            var acknowledged = Acknowledged()
            var kills = 0
            // Twenty steps on one directory: the first is left alone, so that something is always
            // acknowledged; most of the others are killed.
            for number in 0..<20 where run.done + kills < run.wanted {
                var wasKilled = false
                _ = try await day.step(number) { arguments, environment in
                    let whole = try #require(durations[Self.name(arguments)])
                    let delay = number == 0 ? nil : whole * (1.6 * random.unit())
                    let start = ContinuousClock.now
                    let program = try RepositoryProgram.start(arguments, environment: environment)
                    let killer = Task {
                        guard let delay else { return }
                        try await Task.sleep(for: delay)
                        program.kill()
                    }
                    let output = try await program.output()
                    killer.cancel()
                    acknowledged.read(output.standardOutput)
                    if output.status == 128 + SIGKILL {
                        wasKilled = true
                    } else {
                        // The machine may be busier, or less busy, than it was.
                        durations[Self.name(arguments)] = start.duration(to: .now)
                    }
                    return output
                }
                kills += wasKilled ? 1 : 0
            }
            acknowledgements += acknowledged.count
            let start = ContinuousClock.now
            try await Reopening.check(
                folder.file("data"), acknowledged, about: "trial \(run.trial), \(kills) kills")
            longestStart = max(longestStart, start.duration(to: .now))
            run.count(kills)
        }
        #expect(acknowledgements >= rounds)
        run.report(
            "\(rounds) rounds, \(acknowledgements) acknowledgements, 0 lost, 0 doubled, longest "
                + "start with all checks \(longestStart)",
            missed: longestStart > .seconds(5) ? ["a start within 5 s"] : [])
    }

    /// How long each command of a day takes on this machine when it is left alone.
    private static func durations(_ prepared: PreparedDirectory) async throws -> [String: Duration]
    {
        let folder = try TemporaryFolder()
        try prepared.copy(to: folder.file("data"))
        let day = WorkingDay(data: folder.file("data").path, inspections: prepared.inspections)
        var durations: [String: Duration] = [:]
        for number in 0..<WorkingDay.kindCount {
            _ = try await day.step(number) { arguments, environment in
                let start = ContinuousClock.now
                let output = try await RepositoryProgram.run(arguments, environment: environment)
                durations[name(arguments)] = start.duration(to: .now)
                return output
            }
        }
        return durations
    }

    private static func name(_ command: [String]) -> String {
        command.prefix(2).joined(separator: " ")
    }
}
