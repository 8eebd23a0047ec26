import Foundation

/// Reads comma-separated values (RFC 4180) as a stream, one record at a time.
///
/// Quoted fields may hold commas, quotes (doubled) and line breaks; lines end with LF or CRLF; a
/// UTF-8 byte-order mark is skipped. Memory is bounded by the longest record, so a manifest of a
/// million rows costs no more than one of ten.
public struct CSVReader: ~Copyable {
    /// The longest record accepted, in bytes; a longer one is a file that is no CSV.
    public static let recordByteCountLimit = 1 << 20

    private let handle: FileHandle
    private var buffer: [UInt8] = []
    private var position = 0
    private var isFirstChunk = true
    /// The number of the line on which the last record started, from 1.
    public private(set) var recordLine = 0
    private var line = 1

    /// Opens a file.
    ///
    /// - Throws: ``ManifestError/unreadable(path:reason:)`` if it cannot be opened.
    public init(path: String) throws(ManifestError) {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw .unreadable(path: path, reason: "no such file, or no permission to read it")
        }
        self.handle = handle
    }

    deinit { try? handle.close() }

    /// The next record's fields, blank lines skipped; nil at the end of the file.
    ///
    /// - Throws: ``ManifestError`` for bytes that are no CSV.
    public mutating func next() throws(ManifestError) -> [String]? {
        var fields: [String] = []
        var field: [UInt8] = []
        var state = State.fieldStart
        var byteCount = 0
        recordLine = line
        while let byte = try nextByte() {
            byteCount += 1
            guard byteCount <= Self.recordByteCountLimit else {
                throw .recordTooLong(line: recordLine, limit: Self.recordByteCountLimit)
            }
            if byte == UInt8(ascii: "\n") { line += 1 }
            switch try state.take(byte, line: line) {
            case .append: field.append(byte)
            case .skip: break
            case .endField:
                try fields.append(text(field))
                field.removeAll(keepingCapacity: true)
            case .endRecord:
                try fields.append(text(field))
                if fields != [""] { return fields }
                fields.removeAll()
                field.removeAll(keepingCapacity: true)
                byteCount = 0
                recordLine = line
            }
        }
        guard state != .quoted else { throw .unclosedQuote(line: recordLine) }
        try fields.append(text(field))
        return fields == [""] ? nil : fields
    }

    private mutating func nextByte() throws(ManifestError) -> UInt8? {
        if position == buffer.count {
            do {
                buffer = Array(try handle.read(upToCount: 1 << 16) ?? Data())
            } catch {
                throw .unreadable(path: "the manifest", reason: error.localizedDescription)
            }
            position = 0
            if isFirstChunk, buffer.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
            isFirstChunk = false
            if position >= buffer.count { return nil }
        }
        position += 1
        return buffer[position - 1]
    }

    private func text(_ bytes: [UInt8]) throws(ManifestError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .notUTF8(line: recordLine)
        }
        return text
    }
}

extension CSVReader {
    private enum Action { case append, skip, endField, endRecord }

    /// Where in a record the reader is; decides what the next byte means.
    private enum State {
        case fieldStart, plain, quoted, quoteInQuoted

        mutating func take(_ byte: UInt8, line: Int) throws(ManifestError) -> Action {
            switch (self, byte) {
            case (.quoted, UInt8(ascii: "\"")):
                self = .quoteInQuoted
                return .skip
            case (.quoted, _):
                return .append
            case (.quoteInQuoted, UInt8(ascii: "\"")):
                self = .quoted
                return .append
            case (.fieldStart, UInt8(ascii: "\"")):
                self = .quoted
                return .skip
            case (_, UInt8(ascii: ",")):
                self = .fieldStart
                return .endField
            case (_, UInt8(ascii: "\n")):
                self = .fieldStart
                return .endRecord
            case (_, UInt8(ascii: "\r")):
                return .skip
            case (.quoteInQuoted, _):
                throw .textAfterQuote(line: line)
            case (.fieldStart, _), (.plain, _):
                self = .plain
                return .append
            }
        }
    }
}

/// Writes one record of comma-separated values (RFC 4180), line end included.
///
/// - Parameter fields: The record's fields; quoted where they must be.
public func csvRecord(_ fields: [String]) -> String {
    fields.map { field in
        field.contains(where: { ",\"\n\r".contains($0) })
            ? "\"" + field.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : field
    }
    .joined(separator: ",") + "\n"
}
