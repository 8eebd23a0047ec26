import CaseStore
import Foundation
import ReturnsDomain
import TestSupport
import Testing

/// T11: there is no memory for the n-th thing that a command asks the heap for.
///
/// Swift ends a program that gets none; libraries in C report it. Either way it is as if the
/// program had been killed there: what it had acknowledged stands, and it decides nothing on the
/// way down. Dispatch waits for memory until there is some again, so where there is none from some
/// call on, a command may wait for it, and is killed by the test; after a single refusal none may.
@Suite(.serialized, .enabled(if: CCompiler.isThere)) struct MemoryFaultTests {
    /// Reviewers, decisions, erasures, inspections.
    private static let steps = [0, 1, 4, 5]

    /// What the trials had in them.
    private struct Tally {
        var commands = 0
        var ended = 0
        var refused = 0
        var waited = 0
        var acknowledgements = 0
    }

    @Test func withoutMemoryNothingIsLostAndNothingDecided() async throws {
        let prepared = try await PreparedDirectory(caseCount: 10)
        let library = try AllocationLibrary()
        let usual = try await Self.callCounts(prepared, library)
        var run = StressRun("memory-faults", "places", long: 200, fast: 8)
        var tally = Tally()
        while run.goesOn {
            // Spread over each command's life: hundreds of thousands of calls, of which the first
            // thousands are those of its start.
            let part = (Double(run.trial) - 0.5) / Double(run.wanted)
            for (index, step) in Self.steps.enumerated() {
                // Fast: one step for each place.
                guard Stress.isLong || index == run.trial % Self.steps.count else { continue }
                for andLater in [false, true] {
                    let about =
                        "\(andLater ? "no memory from" : "no memory at") "
                        + "\(part) of step \(step)"
                    try await Self.try(
                        step, prepared, &tally, mayWait: andLater, about: about
                    ) { command in
                        let count = usual[command, default: 0]
                        return library.refusing(Int(part * Double(count)) + 1, andLater: andLater)
                    }
                }
            }
            run.count(1)
        }
        #expect(tally.ended + tally.refused > 0)
        run.report(
            "\(tally.commands) commands: \(tally.ended) ended by a signal, \(tally.refused) "
                + "refused, \(tally.waited) waited, \(tally.acknowledgements) acknowledgements, "
                + "0 lost, 0 decided")
    }

    /// How often each command of the steps asks for memory when it always gets it.
    private static func callCounts(
        _ prepared: PreparedDirectory, _ library: AllocationLibrary
    ) async throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for step in steps {
            let folder = try TemporaryFolder()
            try prepared.copy(to: folder.file("data"))
            let day = WorkingDay(
                data: folder.file("data").path, inspections: prepared.inspections)
            _ = try await day.step(step) { arguments, _ in
                let file = folder.file("count")
                let output = try await RepositoryProgram.run(
                    arguments, environment: library.counting(into: file))
                counts[name(arguments)] = try AllocationLibrary.count(in: file)
                return output
            }
        }
        return counts
    }

    /// One step without memory somewhere, and the start after it.
    private static func `try`(
        _ step: Int, _ prepared: PreparedDirectory, _ tally: inout Tally, mayWait: Bool,
        about: String,
        environment: (String) -> [String: String]
    ) async throws {
        let folder = try TemporaryFolder()
        let data = folder.file("data")
        try prepared.copy(to: data)
        let day = WorkingDay(data: data.path, inspections: prepared.inspections)
        var acknowledged = Acknowledged()
        _ = try await day.step(step) { arguments, _ in
            let output = try await output(
                of: arguments, environment(name(arguments)), seconds: mayWait ? 10 : 60)
            let waited = output.status == 128 + SIGKILL
            try #require(mayWait || !waited, "\(arguments) hung with \(about)")
            acknowledged.read(output.standardOutput)
            tally.commands += 1
            tally.waited += waited ? 1 : 0
            tally.ended += output.status >= 128 && !waited ? 1 : 0
            tally.refused += (1..<128).contains(output.status) ? 1 : 0
            for line in (try? jsonLines(output.standardOutput)) ?? [] where line["task"] == nil {
                let outcome = line["outcome"] as? String
                let isMachines = line["decided_by"] as? String == "machine"
                try #require(
                    !isMachines || outcome == Outcome.humanReview.rawValue,
                    "the machine decided \(outcome ?? "nothing") with \(about)")
            }
            return output
        }
        tally.acknowledgements += acknowledged.count
        try await Reopening.check(data, acknowledged, about: about)
    }

    /// Runs a command, and kills it (SIGKILL) if it takes that long.
    private static func output(
        of arguments: [String], _ environment: [String: String], seconds: Int
    ) async throws -> ProgramOutput {
        let program = try RepositoryProgram.start(arguments, environment: environment)
        let killer = Task {
            try await Task.sleep(for: .seconds(seconds))
            program.kill()
        }
        defer { killer.cancel() }
        return try await program.output()
    }

    /// The words of a command before its first option or value.
    private static func name(_ arguments: [String]) -> String {
        arguments.prefix(2).joined(separator: " ")
    }
}
