import ReturnsDomain

/// Why a manifest of items cannot be used.
public enum ManifestError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file cannot be opened or read.
    case unreadable(path: String, reason: String)
    /// A record is longer than ``CSVReader/recordByteCountLimit``.
    case recordTooLong(line: Int, limit: Int)
    /// A quoted field is never closed.
    case unclosedQuote(line: Int)
    /// Text follows a closing quote.
    case textAfterQuote(line: Int)
    /// The bytes are no UTF-8.
    case notUTF8(line: Int)
    /// The file is empty.
    case noHeader
    /// The header names columns that mean nothing here.
    case unknownColumns([String], known: [String])
    /// The header names a column twice.
    case duplicateColumn(String)
    /// The header lacks the one column that is needed.
    case missingPathColumn
    /// The header of labels has neither a column for paths nor one for inspections.
    case missingPlaceColumn
    /// A record has more or fewer fields than the header.
    case wrongFieldCount(line: Int, count: Int, expected: Int)
    /// A record names no path.
    case missingPath(line: Int)
    /// A label names neither a path nor an inspection.
    case missingPlace(line: Int)
    /// The view is none of the known ones.
    case unknownView(line: Int, view: String)
    /// Order data are wrong.
    case orderData(line: Int, problems: [String])
    /// Records of one item state different order data.
    case contradiction(line: Int, item: String, member: String)
    /// An item has too many photos.
    case tooManyPhotos(item: String, limit: Int)
    /// The records of an item do not follow each other.
    case scatteredItem(line: Int, item: String)
    /// A label is none of the known ones.
    case unknownLabel(line: Int, column: String, text: String, expected: String)
    /// Two labels of one photo cannot both be right.
    case contradictoryLabel(line: Int, String)
    /// There are more rows than are held in memory.
    case tooManyRows(limit: Int)
    /// There is a header and nothing below it.
    case noRows

    /// What is wrong, where, and what is expected.
    public var description: String {
        switch self {
        case .unreadable(let path, let reason): "manifest \(path) cannot be read: \(reason)"
        case .recordTooLong(let line, let limit):
            "manifest line \(line): the record is longer than \(limit) bytes; is this a CSV file?"
        case .unclosedQuote(let line): "manifest line \(line): a quoted field is never closed"
        case .textAfterQuote(let line):
            "manifest line \(line): text after a closing quote; write a quote inside quotes twice"
        case .notUTF8(let line): "manifest line \(line): not UTF-8"
        case .noHeader: "the manifest is empty; its first line names the columns"
        case .unknownColumns(let columns, let known):
            "the manifest has unknown columns \(columns.joined(separator: ", ")); known are "
                + known.joined(separator: ", ")
        case .duplicateColumn(let column): "the manifest names the column \(column) twice"
        case .missingPathColumn: "the manifest has no column path"
        case .missingPlaceColumn: "the manifest has no column path and no column inspection"
        case .wrongFieldCount(let line, let count, let expected):
            "manifest line \(line): \(count) fields, but the header has \(expected)"
        case .missingPath(let line): "manifest line \(line): path is empty"
        case .missingPlace(let line): "manifest line \(line): path and inspection are empty"
        case .unknownView(let line, let view):
            "manifest line \(line): view is '\(view)', expected one of "
                + PhotoView.allCases.map(\.rawValue).joined(separator: ", ")
        case .orderData(let line, let problems):
            "manifest line \(line): " + problems.joined(separator: "; ")
        case .contradiction(let line, let item, let member):
            "manifest line \(line): \(member) differs from an earlier line of item '\(item)'"
        case .tooManyPhotos(let item, let limit):
            "item '\(item)' has more than \(limit) photos"
        case .scatteredItem(let line, let item):
            "manifest line \(line): item '\(item)' appeared before with other items between; "
                + "keep the lines of one item together"
        case .unknownLabel(let line, let column, let text, let expected):
            "manifest line \(line): \(column) is '\(text)', expected \(expected)"
        case .contradictoryLabel(let line, let what): "manifest line \(line): \(what)"
        case .tooManyRows(let limit):
            "the manifest has more than \(limit) rows; evaluate it in parts"
        case .noRows: "the manifest has a header and no rows"
        }
    }
}
