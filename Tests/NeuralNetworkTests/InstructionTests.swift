import Foundation
import TestSupport
import Testing

/// How many instructions the kernels take, as callgrind counts them: the same on every machine,
/// however busy, where times are not.
@Suite(.serialized, .enabled(if: Valgrind.canCount))
struct InstructionTests {
    private let folder: TemporaryFolder
    private var driver: URL { folder.file("kernels") }

    /// Compiles the driver with the optimisation of a release.
    init() throws {
        folder = try TemporaryFolder()
        let kernels = try FileManager.default
            .contentsOfDirectory(atPath: Repository.root.appending(path: "Sources/CKernels").path)
            .filter { $0.hasSuffix(".c") }.map { "Sources/CKernels/\($0)" }
        try CCompiler.compile(
            ["Benchmarks/drivers/kernels.c"] + kernels,
            ["-O2", "-ISources/CKernels/include", "-lm"], to: driver)
    }

    /// A multiply-add of eight numbers at once would be 0.125; the rest is loads of operands.
    ///
    /// The bounds are 5 % above what clang 21 makes: 0.341, 0.359 and 0.459.
    @Test(arguments: [("pointwise", 0.358), ("depthwise", 0.377), ("first", 0.482)])
    func aMultiplyAddTakesFewInstructions(_ kind: String, _ limit: Double) async throws {
        let (idle, level, millions) = try await count(kind, rounds: 0)
        let (once, _, _) = try await count(kind, rounds: 1)
        guard level == "v3" else {
            print("skipped: the machine or valgrind has no AVX2, only \(level)")
            return
        }
        let each = Double(once - idle) / (millions * 1e6)
        #expect(each < limit, "\(each) instructions a multiply-add of \(kind) convolutions")
    }

    /// Instructions of a run; the level of the instruction set and the millions of multiply-adds of
    /// a round, as the driver prints them.
    private func count(
        _ kind: String, rounds: Int
    ) async throws -> (instructions: Int, level: String, millions: Double) {
        let output = try await RunningProgram(
            executable: URL(filePath: #require(Valgrind.path)),
            arguments: [
                "--tool=callgrind", "--callgrind-out-file=/dev/null", driver.path, kind,
                "\(rounds)",
            ]
        ).output()
        try #require(output.status == 0, "\(output.messages)")
        let line = output.messages.split(separator: "\n").last { $0.contains("Collected : ") }
        let instructions = line?.split(separator: " ").last.flatMap { Int($0) }
        let words = output.text.split(whereSeparator: \.isWhitespace)
        try #require(words.count == 2, "\(output.text)")
        return (try #require(instructions), String(words[0]), try #require(Double(words[1])))
    }
}

private enum Valgrind {
    static let path = CCompiler.program("valgrind")

    /// Whether there are valgrind and clang, for whose code the bounds hold; says so if not.
    static let canCount: Bool = {
        let isThere = path != nil && CCompiler.program("clang") != nil
        if !isThere { print("skipped: no valgrind or no clang, instructions are not counted") }
        return isThere
    }()
}
