import Foundation

/// `scripts/faults/faults.c`, compiled for this test: fails or records system calls of `regrade`.
public struct FaultLibrary: Sendable {
    private let folder: TemporaryFolder
    private var library: URL { folder.file("faults.so") }

    /// Compiles it.
    public init() throws {
        folder = try TemporaryFolder()
        try CCompiler.compileLibrary("scripts/faults/faults.c", to: library)
    }

    /// The environment in which calls on files below `directory` are looked at.
    public func environment(_ directory: String, _ more: [String: String] = [:]) -> [String: String]
    {
        ["LD_PRELOAD": library.path, "REGRADE_FAULT_DIR": directory].merging(more) { $1 }
    }
}
