public import Foundation

/// The library of `scripts/faults/allocations.c`, which counts what a program takes from the heap,
/// or refuses it.
public struct AllocationLibrary: Sendable {
    private let folder: TemporaryFolder
    private var library: URL { folder.file("allocations.so") }

    /// Compiles it.
    public init() throws {
        folder = try TemporaryFolder()
        try CCompiler.compileLibrary("scripts/faults/allocations.c", to: library)
    }

    /// The environment in which a program counts its calls into a file as it ends.
    public func counting(into file: URL) -> [String: String] {
        ["LD_PRELOAD": library.path, "REGRADE_ALLOCATION_FILE": file.path]
    }

    /// How many calls a program that has ended left in a file.
    public static func count(in file: URL) throws -> Int {
        let text = try String(contentsOf: file, encoding: .utf8)
        guard let count = Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw CocoaError(.fileReadCorruptFile)
        }
        return count
    }

    /// The environment in which a program's n-th call gets nothing, from 1, or that and every later
    /// one.
    public func refusing(_ number: Int, andLater: Bool) -> [String: String] {
        var environment = [
            "LD_PRELOAD": library.path, "REGRADE_ALLOCATION_FAIL_AT": "\(number)",
            // Seconds for each crash, and a crash is what half of the places end in.
            "SWIFT_BACKTRACE": "enable=no",
        ]
        if andLater { environment["REGRADE_ALLOCATION_FOREVER"] = "1" }
        return environment
    }
}
