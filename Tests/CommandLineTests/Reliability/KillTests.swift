import CaseStore
import Foundation
import ReturnsDomain
import TestSupport
import Testing

/// T10: the program is killed (SIGKILL) at random moments by a client that notes what it
/// acknowledged.
@Suite(.serialized) struct KillTests {
    @Test func nothingAcknowledgedIsLostWhenReviewersAndErasersAreKilled() async throws {
        let prepared = try await PreparedDirectory(caseCount: 40)
        let wanted = Stress.isLong ? 1000 : 20
        let deadline = Stress.Deadline()
        var random = SeededGenerator(seed: Stress.seed)
        var (kills, rounds, acknowledgements) = (0, 0, 0)
        while kills < wanted, !(Stress.isLong && deadline.isOver) {
            rounds += 1
            let folder = try TemporaryFolder()
            try prepared.copy(to: folder.file("data"))
            let day = WorkingDay(
                data: folder.file("data").path, inspections: prepared.inspections)
            var acknowledged = Acknowledged()
            // Twenty steps on one directory, each killed after a random time or left to end.
            for number in 0..<20 where kills < wanted {
                let delay = Int.random(in: 5...220, using: &random)
                var wasKilled = false
                _ = try await day.step(number) { arguments, environment in
                    let program = try RepositoryProgram.start(arguments, environment: environment)
                    let killer = Task {
                        try await Task.sleep(for: .milliseconds(delay))
                        program.kill()
                    }
                    let output = try await program.output()
                    killer.cancel()
                    acknowledged.read(output.standardOutput)
                    wasKilled = wasKilled || output.status == 128 + SIGKILL
                    return output
                }
                if wasKilled { kills += 1 }
            }
            acknowledgements += acknowledged.count
            try await Reopening.check(
                folder.file("data"), acknowledged, about: "\(kills) kills, round \(rounds)")
        }
        Stress.report(
            "kill",
            "\(kills) kills in \(rounds) rounds, \(acknowledgements) acknowledgements, 0 lost, "
                + "0 doubled")
    }
}
