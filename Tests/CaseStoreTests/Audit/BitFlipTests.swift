import CaseStore
import Foundation
import ReturnsDomain
import Testing

/// Reliability test T12: every single-bit flip of every byte of a log of 1,000 entries.
///
/// A flip in line k leaves the lines before it as they were, so the check of line k alone decides:
/// that is done for all flips. The verifier on files does it for a sample. A build without
/// optimisation takes every 97th byte of the former.
@Suite struct BitFlipTests {
    let directory = TemporaryDirectory()

    private static var byteStride: Int {
        var stride = 1
        assert(
            {
                stride = 97; return true
            }())
        return stride
    }

    @Test func everyFlipIsDetectedAtItsEntry() async throws {
        let store = try await CaseStore.open(at: directory.url)
        try await store.addEntries(999)
        let folder = try await AuditFolder(exporting: store, to: directory.appending("exported"))
        #expect(folder.lines.count == 1000)
        let result = await withTaskGroup(of: Flips.self) { group in
            for part in 0..<2 {
                group.addTask { Flips.of(folder.lines, part: part, of: 2, Self.byteStride) }
            }
            return await group.reduce(into: Flips()) { $0.add($1) }
        }
        #expect(result.missed == 0, "of \(result.count)")
        // Every line has a newline, whose bits are flipped as well.
        let bytes = folder.lines.reduce(0) { $0 + $1.utf8.count + 1 }
        #expect(result.count >= bytes * 8 / Self.byteStride)
        print("audit: \(result.count) single-bit flips of 1,000 entries, \(result.missed) missed")
    }

    /// Flips of one half of a log's lines.
    private struct Flips {
        var count = 0
        var missed = 0

        mutating func add(_ other: Flips) {
            count += other.count
            missed += other.missed
        }

        static func of(_ lines: [String], part: Int, of parts: Int, _ stride: Int) -> Flips {
            var flips = Flips()
            var chain = AuditChain()
            for (index, text) in lines.enumerated() {
                if index % parts == part {
                    let next = index + 1 < lines.count ? lines[index + 1] : ""
                    flips.add(of: Data(text.utf8), next: Data(next.utf8), stride, chain)
                }
                if chain.problem(in: Data(text.utf8)) != nil { flips.missed += 1 }
            }
            return flips
        }

        /// Flips each bit of a line and of its newline.
        private mutating func add(of line: Data, next: Data, _ stride: Int, _ chain: AuditChain) {
            let whole = line + [0x0A]
            for index in Swift.stride(from: 0, through: line.count, by: stride) {
                for bit in 0..<8 {
                    var flipped = whole
                    flipped[index] ^= 1 << bit
                    // The verifier reads up to the first newline that is there now.
                    let end = flipped.firstIndex(of: 0x0A)
                    let read = end.map { flipped[..<$0] } ?? flipped + next
                    var copy = chain
                    count += 1
                    if copy.problem(in: Data(read)) == nil { missed += 1 }
                }
            }
        }
    }

    /// The verifier itself, on files: bytes of the first, a middle and the last line.
    @Test func theVerifierNamesTheEntryOfAFlip() async throws {
        let store = try await CaseStore.open(at: directory.url)
        try await store.addEntries(999)
        let folder = try await AuditFolder(exporting: store, to: directory.appending("exported"))
        let file = folder.url.appending(path: "00000001.jsonl")
        let whole = try Data(contentsOf: file)
        let starts = [0] + whole.indices.filter { whole[$0] == 0x0A }.map { $0 + 1 }
        for line in [0, 499, 999] {
            for step in 0..<7 {
                let index = starts[line] + (starts[line + 1] - 1 - starts[line]) * step / 6
                var flipped = whole
                flipped[index] ^= 1 << (step % 8)
                try flipped.write(to: file)
                let verification = try await folder.verify()
                #expect(verification.problem?.seq == Int64(line + 1), "byte \(index)")
                #expect(verification.problem?.file == "00000001.jsonl")
                #expect(verification.entryCount == Int64(line))
            }
        }
    }

    /// Checkpoints and public key: every flip, by the verifier itself, on a short log.
    @Test func everyFlipOfCheckpointsAndKeyIsDetected() async throws {
        var options = ExportOptions()
        options.checkpointEntryCount = 2
        let store = try await CaseStore.open(at: directory.url, export: options)
        for index in 0..<3 {
            try await store.addEntries(1, named: "entry-\(index)")
            try await store.export()
        }
        let folder = try await AuditFolder(exporting: store, to: directory.appending("exported"))
        #expect(folder.checkpoints.count == 2)
        let stride = Self.byteStride == 1 ? 1 : 23
        for name in ["checkpoints.jsonl", "public-key.txt"] {
            let file = folder.url.appending(path: name)
            let whole = try Data(contentsOf: file)
            var line: Int64 = 1
            for index in whole.indices {
                if index.isMultiple(of: stride) {
                    for bit in 0..<8 {
                        var flipped = whole
                        flipped[index] ^= 1 << bit
                        try flipped.write(to: file)
                        let problem = try await folder.verify().problem
                        try #require(
                            problem != nil, "byte \(index), bit \(bit) of \(name)")
                        if name == "checkpoints.jsonl" {
                            try #require(problem?.seq == line && problem?.file == name)
                        }
                    }
                }
                if whole[index] == 0x0A { line += 1 }
            }
            try whole.write(to: file)
        }
    }
}
