public import Foundation

/// The C compiler in PATH, for what tests load into programs or run beside them.
public enum CCompiler {
    /// Whether there is one; says so once if there is none.
    public static let isThere: Bool = {
        if path == nil { print("skipped: no C compiler") }
        return path != nil
    }()

    private static let path = ["clang", "cc", "gcc"].lazy.compactMap(program).first

    /// Where a program lies in PATH; nil if it does not.
    public static func program(_ name: String) -> String? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
            .map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Compiles sources of the repository.
    ///
    /// - Parameters:
    ///   - sources: Relative to the repository's root.
    ///   - flags: What else the compiler is told.
    ///   - product: The file to make.
    /// - Throws: If it ends with an error.
    public static func compile(_ sources: [String], _ flags: [String], to product: URL) throws {
        let words =
            [path ?? "cc", "-o", product.path]
            + sources.map { Repository.root.appending(path: $0).path } + flags
        guard try ChildProcess.run(words) == 0 else { throw CocoaError(.executableLoad) }
    }

    /// Compiles a library that a program is made to load before its own.
    public static func compileLibrary(_ source: String, to product: URL) throws {
        try compile([source], ["-O1", "-shared", "-fPIC", "-ldl"], to: product)
    }
}
