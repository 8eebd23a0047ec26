import Foundation
public import ReturnsDomain

/// Writes the results of a run as files, in the order of the items' names.
///
/// A file is written beside its place and renamed, so that it is either complete or not there; the
/// casebook remains the truth, and the export can be made again at any time.
public struct BatchExport: Sendable {
    private let casebook: Casebook
    private let run: BatchRun

    /// Creates an export of a run.
    public init(casebook: Casebook, run: BatchRun) {
        self.casebook = casebook
        self.run = run
    }

    /// Writes one JSON document per line: the adjudication with `path` or `paths`, or the error.
    ///
    /// - Throws: ``Failure`` of kind `cannotCreateOutput`.
    public func writeJSONLines(to path: String) async throws {
        try await write(to: path, header: nil) { item, result in
            try BatchLine(item: item, result: result).jsonLine()
        }
    }

    /// Writes a table with one row per item.
    ///
    /// - Throws: ``Failure`` of kind `cannotCreateOutput`.
    public func writeCSV(to path: String) async throws {
        try await write(to: path, header: csvRecord(BatchLine.csvHeader)) { item, result in
            csvRecord(BatchLine(item: item, result: result).csvFields)
        }
    }

    private func write(
        to path: String, header: String?,
        line: (BatchItem, BatchItemResult) throws -> String
    ) async throws {
        let file = try OutputFile(path: path)
        do {
            if let header { try file.write(Data(header.utf8)) }
            // Lines are gathered, because a system call for each would cost more than the line.
            var lines = Data()
            try await casebook.forEachResult(of: run) { item, result in
                lines.append(contentsOf: try line(item, result).utf8)
                if lines.count >= Self.bufferByteCount {
                    try file.write(lines)
                    lines.removeAll(keepingCapacity: true)
                }
            }
            try file.write(lines)
        } catch {
            throw Failure(describing: error)
        }
        try file.finish()
    }

    private static let bufferByteCount = 1 << 18
}
