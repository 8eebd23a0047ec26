import Foundation

/// Which segment of a stream a line lies in: told by its number alone.
struct SegmentLayout: Hashable, Sendable {
    /// About 5 MB of audit entries, 25 MB of adjudications: quick to copy and to check alone.
    static let standard = SegmentLayout(lineCount: 10_000)

    /// How many sequence numbers one segment takes; at least 1.
    let lineCount: Int64

    /// The segment of a line, the first being 1.
    func number(of seq: Int64) -> Int64 { (seq - 1) / lineCount + 1 }

    /// The sequence numbers of a segment.
    func seqs(of number: Int64) -> ClosedRange<Int64> {
        ((number - 1) * lineCount + 1)...(number * lineCount)
    }

    /// Eight digits, so that names sort like numbers.
    static func name(_ number: Int64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 8 - digits.count)) + digits + ".jsonl"
    }

    /// The number in a segment's name; nil for other names.
    static func number(inName name: String) -> Int64? {
        guard name.hasSuffix(".jsonl"), let number = Int64(name.dropLast(6)), number > 0,
            self.name(number) == name
        else { return nil }
        return number
    }
}

/// What tests set otherwise: small segments, checkpoints at once, a crash at any step.
package struct ExportOptions: Sendable {
    /// As the program runs.
    package static let standard = ExportOptions()

    /// How many sequence numbers a segment takes.
    package var segmentLineCount: Int64 = SegmentLayout.standard.lineCount
    /// Entries since the last checkpoint after which the next one is made at once.
    package var checkpointEntryCount: Int64 = 1000
    /// How long entries wait for a checkpoint while a process is at work: 60 s.
    package var checkpointIntervalNanoseconds: Int64 = 60_000_000_000
    /// Called before each step that changes a file; what it throws ends the export there, as a kill
    /// would.
    package var beforeStep: @Sendable () throws -> Void = {}

    /// Creates the options that the program runs with.
    package init() {}

    var layout: SegmentLayout { SegmentLayout(lineCount: segmentLineCount) }
}
