import CaseStore
import Foundation
import ReturnsDomain
import TestSupport
import Testing

/// T11: the n-th write, sync, rename, truncation or creation of a file fails.
@Suite(.serialized, .enabled(if: FaultLibrary.canBeBuilt)) struct FaultTests {
    /// What a command may end with; a signal is none of them.
    static let exitCodes: Set<Int32> = [0, 64, 65, 66, 69, 70, 73, 74, 75, 78]

    /// Each step of a working day with one failing call, or with every call failing from there on.
    @Test func aFailingDiskLosesNothingThatWasAcknowledged() async throws {
        let prepared = try await PreparedDirectory(caseCount: 10)
        let library = try FaultLibrary()
        let deadline = Stress.Deadline()
        let places = Stress.isLong ? Array(1...200) : [1, 2, 4, 7, 11, 16, 23, 31, 42]
        var (trials, refusals, acknowledgements) = (0, 0, 0)
        for place in places {
            for (error, forever) in [("EIO", false), ("ENOSPC", false), ("ENOSPC", true)] {
                if Stress.isLong, deadline.isOver { break }
                // Long: every step; fast: one step for each place.
                let steps = Stress.isLong ? [0, 1, 4] : [[0, 1, 4][trials % 3]]
                for number in steps {
                    let folder = try TemporaryFolder()
                    let data = folder.file("data")
                    try prepared.copy(to: data)
                    var faults = ["REGRADE_FAULT_AT": "\(place)", "REGRADE_FAULT_ERROR": error]
                    if forever { faults["REGRADE_FAULT_FOREVER"] = "1" }
                    let day = WorkingDay(
                        data: data.path, inspections: prepared.inspections,
                        environment: library.environment(data.path, faults))
                    var acknowledged = Acknowledged()
                    let about =
                        "\(error) at call \(place)\(forever ? " and after" : ""), step \(number)"
                    _ = try await day.step(number) { arguments, environment in
                        let output = try await RepositoryProgram.run(
                            arguments, environment: environment)
                        acknowledged.read(output.standardOutput)
                        try #require(
                            Self.exitCodes.contains(output.status),
                            "\(arguments) ended with \(output.status) after \(about)")
                        if output.status != 0 {
                            refusals += 1
                            try #require(
                                output.messages.hasPrefix("regrade: ")
                                    && output.messages.contains("["),
                                "\(output.messages) after \(about)")
                        }
                        return output
                    }
                    trials += 1
                    acknowledgements += acknowledged.count
                    // The disk works again: the next start finds everything and goes on.
                    try await Reopening.check(data, acknowledged, about: about)
                }
            }
        }
        Stress.report(
            "faults",
            "\(trials) trials at places 1...\(places.last ?? 0), \(refusals) refused with a "
                + "reason, \(acknowledgements) acknowledgements, 0 lost")
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
