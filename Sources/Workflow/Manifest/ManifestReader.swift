import Foundation
import ReturnsDomain

/// Reads the items of a CSV manifest as a stream.
///
/// The header names the columns: `path` (relative to the manifest, or absolute), `view`, `item`
/// (rows that share it are photos of one item and follow each other) and the members of order data.
/// An empty field counts as not stated.
public struct ManifestReader: ~Copyable {
    private enum Column: Hashable {
        case path, view, item
        case order(OrderData.Member)

        init?(name: String) {
            switch name {
            case "path": self = .path
            case "view": self = .view
            case "item": self = .item
            default:
                guard let member = OrderData.Member(rawValue: name) else { return nil }
                self = .order(member)
            }
        }
    }

    private struct Row {
        let line: Int
        let path: String
        let view: PhotoView
        let item: String
        let order: OrderData
    }

    private var reader: CSVReader
    private let folder: URL
    private let columns: [Column]
    private var pending: Row?
    /// The line on which the last item started, from 1.
    public private(set) var itemLine = 0

    /// Opens a manifest and checks its header.
    ///
    /// - Throws: ``ManifestError`` naming every unknown column at once.
    public init(path: String) throws(ManifestError) {
        var reader = try CSVReader(path: path)
        guard let header = try reader.next() else { throw .noHeader }
        let names = header.map { $0.trimmingCharacters(in: .whitespaces) }
        let unknown = names.filter { Column(name: $0) == nil }
        guard unknown.isEmpty else {
            throw .unknownColumns(unknown, known: Self.columnNames)
        }
        let columns = names.compactMap(Column.init(name:))
        if let twice = names.first(where: { name in names.count(where: { $0 == name }) > 1 }) {
            throw .duplicateColumn(twice)
        }
        guard columns.contains(.path) else { throw .missingPathColumn }
        self.reader = reader
        self.columns = columns
        folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    }

    /// The names of the columns that a manifest may have.
    public static let columnNames =
        ["path", "view", "item"] + OrderData.Member.allCases.map(\.rawValue)

    /// The next item with all its photos; nil at the end.
    ///
    /// Does not remember earlier items; that one appears twice, `ManifestSurvey` finds.
    ///
    /// - Throws: ``ManifestError`` for the first wrong line.
    public mutating func next() throws(ManifestError) -> BatchEntry? {
        guard let first = try takePendingRow() else { return nil }
        var rows = [first]
        while let row = try nextRow() {
            guard row.item == first.item else {
                pending = row
                break
            }
            try check(row, against: first)
            rows.append(row)
            guard rows.count <= ItemSubmission.photoCountLimit else {
                throw .tooManyPhotos(item: first.item, limit: ItemSubmission.photoCountLimit)
            }
        }
        itemLine = first.line
        return entry(of: rows)
    }

    private func entry(of rows: [Row]) -> BatchEntry {
        BatchEntry(
            item: rows[0].item, paths: rows.map(\.path),
            submission: ItemSubmission(
                photos: rows.map { row in
                    SubmittedPhoto(
                        path: URL(fileURLWithPath: row.path, relativeTo: folder).path,
                        view: row.view)
                },
                order: rows[0].order))
    }

    private func check(_ row: Row, against first: Row) throws(ManifestError) {
        // Empty order fields of later rows mean "as above".
        guard row.order == first.order || row.order == OrderData() else {
            throw .contradiction(line: row.line, item: row.item, member: "order data")
        }
    }

    private mutating func takePendingRow() throws(ManifestError) -> Row? {
        defer { pending = nil }
        if let pending { return pending }
        return try nextRow()
    }

    private mutating func nextRow() throws(ManifestError) -> Row? {
        guard let fields = try reader.next() else { return nil }
        let line = reader.recordLine
        guard fields.count == columns.count else {
            throw .wrongFieldCount(line: line, count: fields.count, expected: columns.count)
        }
        var path = ""
        var item = ""
        var view = PhotoView.other
        var stated: [OrderData.Member: String] = [:]
        for (column, field) in zip(columns, fields) {
            switch column {
            case .path: path = field
            case .item: item = field
            case .view:
                guard field.isEmpty || PhotoView(rawValue: field) != nil else {
                    throw .unknownView(line: line, view: field)
                }
                view = PhotoView(rawValue: field) ?? .other
            case .order(let member): stated[member] = field
            }
        }
        guard !path.isEmpty else { throw .missingPath(line: line) }
        let (order, problems) = OrderData.parsed(stated)
        guard problems.isEmpty else {
            throw .orderData(line: line, problems: problems.map(\.description))
        }
        return Row(
            line: line, path: path, view: view, item: item.isEmpty ? path : item, order: order)
    }
}
