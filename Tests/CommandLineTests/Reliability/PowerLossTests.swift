import CaseStore
import Foundation
import ReturnsDomain
import Statistics
import TestSupport
import Testing

/// T10: power is lost at any point, and what was not synced is dropped, torn or reordered.
@Suite(.serialized, .enabled(if: CCompiler.isThere)) struct PowerLossTests {
    @Test func whatWasAcknowledgedSurvivesALossOfPower() async throws {
        let library = try FaultLibrary()
        let folder = try TemporaryFolder()
        let data = folder.file("data").path
        let log = try await Self.record(library, data: data, log: folder.file("log"))
        // Before the first database is complete there is nothing that could be opened.
        let first = try #require(
            log.calls.firstIndex { if case .acknowledge = $0 { true } else { false } })
        var run = StressRun("power-loss", "cuts", long: 600, fast: 24)
        while run.goesOn {
            var random = SeededGenerator(seed: run.seed)
            let cut = Int.random(in: first + 1...log.calls.count, using: &random)
            var acknowledged = Acknowledged()
            var said = Data()
            for case .acknowledge(let bytes) in log.calls[..<cut] { said += bytes }
            acknowledged.read(said)
            let after = folder.file("after-\(run.trial)")
            try LostPower(log.calls[..<cut]).write(to: after, original: data, using: &random)
            try await Reopening.check(
                after, acknowledged,
                about: "power lost after call \(cut), trial \(run.trial), seed \(Stress.seed)")
            try FileManager.default.removeItem(at: after)
            run.count(1)
        }
        run.report("each at one of \(log.calls.count - first) calls, 0 lost, 0 damaged")
    }

    /// One day's work on a new directory, recorded.
    private static func record(
        _ library: FaultLibrary, data: String, log: URL
    ) async throws -> WriteLog {
        let environment = library.environment(data, ["REGRADE_FAULT_LOG": log.path])
        func run(_ arguments: [String]) async throws -> ProgramOutput {
            let output = try await RepositoryProgram.run(
                arguments + ["--data", data, "--json"], environment: environment)
            try #require(output.status == 0, "\(arguments): \(output.messages)")
            return output
        }
        _ = try await run(["reviewer", "add", "kim"])
        var cases: [InspectionID] = []
        for number in 0..<3 {
            let output = try await run([
                "inspect", Fixtures.photo.path, "--category", "toy", "--order-id",
                "order-\(number)", "--statement", "it fell",
            ])
            let id = try jsonLines(output.standardOutput).first?["id"] as? String
            try cases.append(#require(id.flatMap { InspectionID($0) }))
        }
        let next = try jsonLines(
            try await run(["review", "next", "--reviewer", "kim"]).standardOutput)
        let task = try #require(next.first?["task"] as? String)
        let lease = try #require(next.first?["lease"] as? String)
        _ = try await run([
            "review", "decide", task, "resell", "--lease", lease, "--reviewer", "kim", "--reason",
            "review_policy_exception",
        ])
        _ = try await run(["case", "erase", cases[1].description])
        return try WriteLog(try Data(contentsOf: log))
    }
}
