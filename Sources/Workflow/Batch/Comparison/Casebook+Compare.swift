import Foundation
public import ReturnsDomain

extension Casebook {
    /// Compares a run with an earlier one, or with the results of one in a file.
    ///
    /// Both are walked side by side, so that memory does not grow with the number of items.
    ///
    /// - Parameters:
    ///   - run: The later run.
    ///   - earlier: What it is compared with.
    ///   - flipsPath: Where all flips are written, one JSON document a line; nil for nowhere.
    /// - Throws: ``Failure`` of kind `inputMissing` if there is no such run or file, `badInput` for
    ///   a file that is none of ours.
    public func comparison(
        of run: BatchRun, with earlier: ComparedRun, flipsPath: String? = nil
    ) async throws -> RunComparison {
        var comparison = RunComparison(before: earlier.name, after: run.id.description)
        let later = RecordedResults(casebook: self, run: run)
        let file = try flipsPath.map { try OutputFile(path: $0) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        func write(_ flip: RunComparison.Flip) throws {
            guard let file else { return }
            try file.write(try encoder.encode(flip) + Data("\n".utf8))
        }
        switch earlier {
        case .recorded(let id):
            let results = RecordedResults(casebook: self, run: try await self.run(id))
            try await comparison.take(results, later, onFlip: write)
        case .file(let path):
            try await comparison.take(try FileResults(path: path), later, onFlip: write)
        }
        try file?.finish()
        return comparison
    }
}
