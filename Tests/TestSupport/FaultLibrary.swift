import Foundation

/// `scripts/faults/faults.c`, compiled for this test: fails or records system calls of `regrade`.
public struct FaultLibrary: Sendable {
    private let folder: TemporaryFolder
    private var library: URL { folder.file("faults.so") }

    /// Whether there is a C compiler; says so once if there is none.
    public static let canBeBuilt: Bool = {
        let found = compiler != nil
        if !found { print("skipped: no C compiler for scripts/faults/faults.c") }
        return found
    }()

    private static let compiler: String? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return ["clang", "cc", "gcc"].lazy.flatMap { name in folders.map { "\($0)/\(name)" } }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    /// Compiles it.
    public init() throws {
        folder = try TemporaryFolder()
        let compiling = Process()
        compiling.executableURL = URL(filePath: Self.compiler ?? "cc")
        compiling.arguments = [
            "-O1", "-shared", "-fPIC", "-o", library.path,
            Repository.root.appending(path: "scripts/faults/faults.c").path, "-ldl",
        ]
        try compiling.run()
        compiling.waitUntilExit()
        guard compiling.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    }

    /// The environment in which calls on files below `directory` are looked at.
    public func environment(_ directory: String, _ more: [String: String] = [:]) -> [String: String]
    {
        ["LD_PRELOAD": library.path, "REGRADE_FAULT_DIR": directory].merging(more) { $1 }
    }
}
