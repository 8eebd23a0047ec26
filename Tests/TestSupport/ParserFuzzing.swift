import Foundation
import Statistics
import Testing

/// Seeded mutants of files for a parser, which may refuse them but neither trap nor hang.
///
/// A Swift parser that goes wrong ends the program, or never comes back. So the mutant under way
/// lies in `.cache/fuzz/NAME` until it has been answered: what is left there is the find.
public struct ParserFuzzing {
    private let name: String
    private let seeds: [[UInt8]]
    private let words: [String]
    private let mutations: ByteMutations
    private let fastCount: Int

    /// - Parameters:
    ///   - name: Of the parser, unique, lower case with dashes.
    ///   - seeds: Files that the parser takes; one at least.
    ///   - words: What has a meaning in the format.
    ///   - fastCount: Mutants in `scripts/test`; the long form tries 20,000.
    public init(_ name: String, seeds: [[UInt8]], words: [String] = [], fastCount: Int = 300) {
        precondition(!seeds.isEmpty, "nothing to mutate for \(name)")
        self.name = name
        self.seeds = seeds
        self.words = words
        self.fastCount = fastCount
        mutations = ByteMutations(seeds: seeds, words: words.map { Array($0.utf8) })
    }

    /// Lets `parse` answer one mutant after the other; an error is an answer if it says something.
    public func run(_ parse: ([UInt8]) async throws -> Void) async throws {
        if let folder = ProcessInfo.processInfo.environment["REGRADE_FUZZ_SEEDS"] {
            return try writeSeeds(into: URL(filePath: folder))
        }
        let folder = Repository.root.appending(path: ".cache/fuzz")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let kept = folder.appending(path: name)
        var run = StressRun("fuzz-\(name)", "mutants", long: 20_000, fast: fastCount)
        var refusedCount = 0
        var longest = Duration.zero
        while run.goesOn {
            var numbers = SeededGenerator(seed: run.seed)
            let mutant = mutations.mutant(using: &numbers)
            try Data(mutant).write(to: kept)
            let start = ContinuousClock.now
            do {
                try await parse(mutant)
            } catch {
                refusedCount += 1
                #expect(
                    !"\(error)".isEmpty,
                    "\(name), mutant \(run.trial) of seed \(Stress.seed) is refused without a word")
            }
            longest = max(longest, ContinuousClock.now - start)
            run.count(1)
        }
        try FileManager.default.removeItem(at: kept)
        run.report("\(refusedCount) refused, the longest took \(longest / .milliseconds(1)) ms")
    }

    /// Writes `NAME/SEED` and the words as a dictionary `NAME.words`, for another fuzzer.
    private func writeSeeds(into folder: URL) throws {
        let own = folder.appending(path: name)
        try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
        for (index, seed) in seeds.enumerated() {
            try Data(seed).write(to: own.appending(path: "\(index)"))
        }
        let lines = words.map { word in
            let digits = word.utf8.map { byte in
                "\\x" + String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
            }
            return "\"\(digits.joined())\"\n"
        }
        try Data(lines.joined().utf8).write(to: folder.appending(path: "\(name).words"))
    }
}
