public import Foundation

/// A new folder of the test's own that is removed when the last reference goes.
///
/// Hold it in a variable for as long as the files are needed: `let folder = try TemporaryFolder()`.
public final class TemporaryFolder: Sendable {
    /// The folder; it exists and is empty at first.
    public let url: URL

    /// Makes the folder below the system's folder for temporary files.
    public init() throws {
        url = FileManager.default.temporaryDirectory
            .appending(path: "regrade-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        // A folder left behind harms no test, and the system clears it one day.
        try? FileManager.default.removeItem(at: url)
    }

    /// A path inside the folder; nothing is made there.
    public func file(_ name: String) -> URL {
        url.appending(path: name)
    }

    /// Writes a file into the folder, with the folders above it, and returns where it is.
    @discardableResult
    public func write(_ bytes: Data, to name: String) throws -> URL {
        let file = file(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try bytes.write(to: file)
        return file
    }

    /// Writes text as UTF-8 into the folder and returns where it is.
    @discardableResult
    public func write(_ text: String, to name: String) throws -> URL {
        try write(Data(text.utf8), to: name)
    }
}
