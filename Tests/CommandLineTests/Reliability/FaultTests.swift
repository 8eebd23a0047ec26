import CaseStore
import Foundation
import ReturnsDomain
import TestSupport
import Testing

/// T11: the n-th write, sync, rename, truncation or creation of a file fails.
@Suite(.serialized, .enabled(if: CCompiler.isThere)) struct FaultTests {
    /// What a command may end with; a signal is none of them.
    private static let exitCodes: Set<Int32> = [0, 64, 65, 66, 69, 70, 73, 74, 75, 78]

    /// The steps of a working day that write the most: reviewers, decisions, erasures, inspections.
    private static let steps = [0, 1, 4, 5]

    /// Where the fast form fails; the long form fails at every place up to 200.
    private static let fastPlaces = [1, 2, 4, 7, 11, 16, 23, 31, 42]

    /// What fails, and whether everything after it does as well.
    private static let faults = [("EIO", false), ("ENOSPC", false), ("ENOSPC", true)]

    /// What the trials had in them.
    private struct Tally {
        var trials = 0
        var struck = 0
        var refusals = 0
        var acknowledgements = 0
    }

    /// Each step of a working day with one failing call, or with every call failing from there on.
    @Test func aFailingDiskLosesNothingThatWasAcknowledged() async throws {
        let prepared = try await PreparedDirectory(caseCount: 10)
        let library = try FaultLibrary()
        var run = StressRun("faults", "places", long: 200, fast: Self.fastPlaces.count)
        var tally = Tally()
        while run.goesOn {
            let place = Stress.isLong ? run.trial : Self.fastPlaces[run.trial - 1]
            for (error, forever) in Self.faults {
                // Long: every step; fast: one step for each place and fault.
                let steps =
                    Stress.isLong ? Self.steps : [Self.steps[tally.trials % Self.steps.count]]
                var faults = ["REGRADE_FAULT_AT": "\(place)", "REGRADE_FAULT_ERROR": error]
                if forever { faults["REGRADE_FAULT_FOREVER"] = "1" }
                let fault = "\(error) at call \(place)\(forever ? " and after" : "")"
                for step in steps {
                    try await Self.try(
                        step, faults, prepared, library, &tally, about: "\(fault), step \(step)")
                }
            }
            run.count(1)
        }
        #expect(tally.struck > 0)
        run.report(
            "\(tally.trials) trials, a call failed in \(tally.struck) of them (the others make "
                + "fewer calls), \(tally.refusals) refused with a reason, "
                + "\(tally.acknowledgements) acknowledgements, 0 lost")
    }

    /// One step with one fault, and the start after it.
    private static func `try`(
        _ step: Int, _ faults: [String: String], _ prepared: PreparedDirectory,
        _ library: FaultLibrary, _ tally: inout Tally, about: String
    ) async throws {
        let folder = try TemporaryFolder()
        let data = folder.file("data")
        let mark = folder.file("struck")
        try prepared.copy(to: data)
        let day = WorkingDay(
            data: data.path, inspections: prepared.inspections,
            environment: library.environment(
                data.path, faults.merging(["REGRADE_FAULT_MARK": mark.path]) { $1 }))
        var acknowledged = Acknowledged()
        var refusals = 0
        _ = try await day.step(step) { arguments, environment in
            let output = try await RepositoryProgram.run(arguments, environment: environment)
            acknowledged.read(output.standardOutput)
            try #require(
                exitCodes.contains(output.status),
                "\(arguments) ended with \(output.status) after \(about)")
            if output.status != 0 {
                refusals += 1
                try #require(
                    output.messages.hasPrefix("regrade: ") && output.messages.contains("["),
                    "\(output.messages) after \(about)")
            }
            return output
        }
        tally.trials += 1
        tally.struck += Repository.exists(mark) ? 1 : 0
        tally.refusals += refusals
        tally.acknowledgements += acknowledged.count
        // The disk works again: the next start finds everything and goes on.
        try await Reopening.check(data, acknowledged, about: about)
    }

    @Test func aDirectoryThatMayOnlyBeReadIsRefusedWithAReason() async throws {
        let prepared = try await PreparedDirectory(caseCount: 2)
        let library = try FaultLibrary()
        let folder = try TemporaryFolder()
        try prepared.copy(to: folder.file("data"))
        // As on a file system that was mounted for reading only: root may write anywhere else.
        let environment = library.environment(
            folder.file("data").path,
            [
                "REGRADE_FAULT_AT": "1", "REGRADE_FAULT_ERROR": "EIO", "REGRADE_FAULT_FOREVER": "1",
            ])
        let output = try await RepositoryProgram.run(
            ["reviewer", "add", "ada", "--data", folder.file("data").path],
            environment: environment)
        #expect(output.status == 74, "\(output.messages)")
        try await Reopening.check(folder.file("data"), Acknowledged(), about: "reading only")
    }
}
