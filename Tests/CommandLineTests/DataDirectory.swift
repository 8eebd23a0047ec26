import Foundation
import ReturnsDomain
import TestSupport
import Testing

/// A data directory of a test's own, with the program that writes it.
struct DataDirectory {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    var path: String { folder.file("data").path }

    func file(_ name: String) -> URL { folder.file("data").appending(path: name) }

    /// A file of the test beside the data directory.
    func beside(_ name: String) -> URL { folder.file(name) }

    /// Writes a file beside the data directory.
    func write(_ bytes: Data, to name: String) throws -> URL { try folder.write(bytes, to: name) }

    /// Runs `regrade` on this data directory.
    func regrade(_ arguments: String...) async throws -> ProgramOutput {
        try await RepositoryProgram.run(arguments + ["--data", path])
    }

    /// Runs `regrade batch` over the fixtures' manifest.
    func batchFixtures(_ arguments: String...) async throws -> ProgramOutput {
        try await RepositoryProgram.run(
            ["batch", "--manifest", Fixtures.manifest.path, "--data", path] + arguments)
    }

    /// The complete lines of an exported file, as JSON objects.
    func lines(of name: String) throws -> [[String: Any]] {
        try jsonLines(try Data(contentsOf: file(name)))
    }
}

/// The checked-in photos.
enum Fixtures {
    static let manifest = Repository.fixtures.appending(path: "items.csv")

    /// A photo that every test may use: an intact box.
    static let photo = Repository.fixtures.appending(path: "box-intact.jpg")
}

/// Parses JSON Lines; every line must be complete.
func jsonLines(_ data: Data) throws -> [[String: Any]] {
    try data.split(separator: UInt8(ascii: "\n")).map { line in
        try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
    }
}

/// The documents of a results file without what differs from run to run.
func comparableDocuments(_ file: URL) throws -> [String] {
    try jsonLines(try Data(contentsOf: file)).map { document in
        var document = document
        for member in ["id", "created_at", "timings_ms", "audit"] { document[member] = nil }
        // The way to a person holds the id.
        document["automation"] = nil
        let bytes = try JSONSerialization.data(withJSONObject: document, options: [.sortedKeys])
        return String(decoding: bytes, as: UTF8.self)
    }
}
