import Foundation
import TestSupport

/// `scripts/faults/faults.c`, compiled for this test: fails or records system calls of `regrade`.
struct FaultLibrary {
    private let folder: TemporaryFolder
    private var library: URL { folder.file("faults.so") }

    /// Whether there is a C compiler; says so once if there is none.
    static let canBeBuilt: Bool = {
        let found = compiler != nil
        if !found { print("skipped: no C compiler for scripts/faults/faults.c") }
        return found
    }()

    private static let compiler: String? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return ["clang", "cc", "gcc"].lazy.flatMap { name in folders.map { "\($0)/\(name)" } }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    init() throws {
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
    func environment(_ directory: String, _ more: [String: String] = [:]) -> [String: String] {
        ["LD_PRELOAD": library.path, "REGRADE_FAULT_DIR": directory].merging(more) { $1 }
    }
}

/// How long and from which seed a long form runs; `scripts/stress` sets both.
enum Stress {
    /// Whether this is a long run.
    static let isLong = ProcessInfo.processInfo.environment["REGRADE_STRESS"] == "1"

    static let seed =
        ProcessInfo.processInfo.environment["REGRADE_STRESS_SEED"].flatMap(UInt64.init)
        ?? 20_261_121

    /// Says when the time of a long run is over.
    struct Deadline {
        private let end: ContinuousClock.Instant

        init() {
            let seconds =
                ProcessInfo.processInfo.environment["REGRADE_STRESS_SECONDS"].flatMap(Int.init)
                ?? 300
            end = ContinuousClock.now.advanced(by: .seconds(seconds))
        }

        /// Whether there is time for another round.
        var isOver: Bool { ContinuousClock.now >= end }
    }

    /// Prints what `scripts/stress` collects.
    static func report(_ name: String, _ text: String) {
        if isLong { print("RESULT \(name): \(text) (seed \(seed))") }
    }
}

/// A generator that gives the same numbers for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
