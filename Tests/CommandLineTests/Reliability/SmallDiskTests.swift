import CaseStore
import Foundation
import ReturnsDomain
import TestSupport
import Testing

/// T11: a real file system that fills up while a record grows on it.
@Suite(.serialized, .enabled(if: SmallDisk.canBeMounted)) struct SmallDiskTests {
    /// What is left for the record at first, beyond the prepared cases.
    private static let roomByteCount = 600_000

    @Test func aFullDiskIsRefusedInWordsLosesNothingAndRecovers() async throws {
        let prepared = try await PreparedDirectory(caseCount: 3)
        let disk = try SmallDisk(byteCount: 16 << 20)
        let data = disk.folder.file("data")
        try prepared.copy(to: data)
        let free = try disk.freeByteCount()
        try disk.resize(to: (16 << 20) - free + Self.roomByteCount)

        // Inspections and reviewers, until there is no room left.
        var acknowledged = Acknowledged()
        var refusals: [ProgramOutput] = []
        for number in 0..<60 where refusals.count < 3 {
            let arguments =
                number.isMultiple(of: 3)
                ? ["inspect", Fixtures.photo.path, "--category", "toy"]
                : ["reviewer", "add", "name-\(number)"]
            let output = try await RepositoryProgram.run(
                arguments + ["--json", "--data", data.path])
            acknowledged.read(output.standardOutput)
            if output.status != 0 { refusals.append(output) }
        }
        let left = try disk.freeByteCount()
        #expect(!refusals.isEmpty, "the disk did not fill up: \(left) bytes are free")
        #expect(acknowledged.count > 0)
        for refusal in refusals {
            #expect(refusal.status == 74, "\(refusal.messages)")
            #expect(refusal.messages.contains("[disk_full]"), "\(refusal.messages)")
        }
        // What is there can still be read.
        let list = try await RepositoryProgram.run(["case", "list", "--json", "--data", data.path])
        #expect(list.status == 0, "\(list.messages)")

        // Space returns: nothing acknowledged is gone, and the work goes on by itself.
        try disk.resize(to: 32 << 20)
        let next = try await RepositoryProgram.run(
            ["reviewer", "add", "after", "--json", "--data", data.path])
        #expect(next.status == 0, "\(next.messages)")
        acknowledged.read(next.standardOutput)
        try await Reopening.check(data, acknowledged, about: "a full disk")
    }
}
