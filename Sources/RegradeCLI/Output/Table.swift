/// Lines up columns for a person to read; the last column is never padded.
struct Table {
    private var rows: [[String]] = []

    /// Adds a row.
    mutating func add(_ cells: String...) {
        rows.append(cells)
    }

    /// The rows as lines, columns two spaces apart.
    var lines: [String] {
        let columnCount = rows.map(\.count).max() ?? 0
        let widths = (0..<columnCount).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            row.enumerated().map { column, cell in
                column == row.count - 1
                    ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
            }
            .joined(separator: "  ")
        }
    }
}
