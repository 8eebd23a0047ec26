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
        let temporary = path + ".partial"
        guard FileManager.default.createFile(atPath: temporary, contents: nil),
            let handle = FileHandle(forWritingAtPath: temporary)
        else {
            throw Failure(
                .cannotCreateOutput, code: "output_not_created",
                "\(path) cannot be created; is its folder there and writable?")
        }
        do {
            defer { try? handle.close() }
            if let header { try handle.write(contentsOf: Data(header.utf8)) }
            try await casebook.forEachResult(of: run) { item, result in
                try handle.write(contentsOf: Data(line(item, result).utf8))
            }
            try handle.synchronize()
        } catch {
            try? FileManager.default.removeItem(atPath: temporary)
            throw Failure(describing: error)
        }
        // Both are NUL-terminated by Swift, and rename(2) keeps neither.
        guard unsafe rename(temporary, path) == 0 else {
            throw Failure(
                .cannotCreateOutput, code: "output_not_created",
                "\(path) cannot be written (errno \(errno)); is it a folder?")
        }
    }
}
