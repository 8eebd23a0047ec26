import Foundation
import TestSupport
import Testing

/// What a run of the network and a photo of a batch take from the heap once all is warm.
///
/// Two runs of different length are compared, so that the start does not count. Counts do not
/// depend on how busy a machine is: these are gates, where times are only reported.
@Suite(.enabled(if: CCompiler.isThere))
struct AllocationTests {
    private let folder: TemporaryFolder
    private let library: AllocationLibrary

    init() throws {
        folder = try TemporaryFolder()
        library = try AllocationLibrary()
    }

    @Test(.enabled(if: isOptimized, "an unoptimised build boxes what a kernel captures"))
    func theNetworkTakesNothingFromTheHeapAfterItsFirstRun() async throws {
        let arguments = ["model", "bench", "--json", "--seconds"]
        let (few, first) = try await allocations(arguments + ["0.1"])
        let (many, second) = try await allocations(arguments + ["5"])
        let runs = try #require(second["runs"] as? Int) - #require(first["runs"] as? Int)
        // The list of the rounds' times grows a few times; a run that took anything would show
        // once for each.
        try #require(runs > 16, "too few to tell")
        #expect(many - few < 16, "\(many - few) in \(runs) runs")
    }

    @Test func aPhotoTakesABoundedNumberOfAllocations() async throws {
        let few = try await allocations(batch(of: 4)).count
        let many = try await allocations(batch(of: 24)).count
        let each = (many - few) / 20
        // Nearly all of them are JSON and rows of the record. Within a photo's pixels one more for
        // each row would be hundreds.
        #expect(each < Self.photoLimit, "\(each) allocations a photo")
    }

    #if DEBUG
        private static let isOptimized = false
    #else
        private static let isOptimized = true
    #endif
    /// About 2,700 were measured; a transaction for fewer photos, on a busy machine, takes more.
    private static let photoLimit = isOptimized ? 4_500 : 20_000

    /// Allocations of one run of the program, and what it printed.
    private func allocations(
        _ arguments: [String]
    ) async throws -> (count: Int, report: [String: Any]) {
        let file = folder.file("count")
        let output = try await RepositoryProgram.run(
            arguments, environment: library.counting(into: file))
        #expect(output.status == 0, "\(output.messages)")
        return (try AllocationLibrary.count(in: file), try jsonLines(output.standardOutput)[0])
    }

    /// A batch of a fixture that has a comment of its own in each copy, so that none is known.
    private func batch(of count: Int) throws -> [String] {
        let photos = folder.file("\(count) photos")
        try FileManager.default.createDirectory(at: photos, withIntermediateDirectories: true)
        let bytes = try Data(contentsOf: Fixtures.photo)
        for index in 0..<count {
            let comment = Data([0xFF, 0xFE, 0, 4, UInt8(index), 0])
            try (bytes.prefix(2) + comment + bytes.dropFirst(2))
                .write(to: photos.appending(path: "\(index).jpg"))
        }
        return [
            "batch", photos.path, "--data", folder.file("\(count) data").path, "--fresh", "--json",
            "--progress", "none", "--no-keep-photos", "--workers", "1",
        ]
    }
}
