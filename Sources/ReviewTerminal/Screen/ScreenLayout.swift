/// A rectangle of cells.
struct CellRectangle: Hashable, Sendable {
    let row: Int
    let column: Int
    let rows: Int
    let columns: Int
}

/// Where things stand on a screen of a size.
///
/// A bar above, two lines below; between them the photo on the left and the record on the right,
/// or the photo above the record where the screen is narrow.
struct ScreenLayout: Hashable, Sendable {
    /// Less than this shows nothing that helps to decide.
    static let smallest = CellSize(columns: 40, rows: 14)

    let picture: CellRectangle
    let record: CellRectangle
    let isLargeEnough: Bool

    init(size: CellSize) {
        isLargeEnough = size.columns >= Self.smallest.columns && size.rows >= Self.smallest.rows
        let columns = max(size.columns, Self.smallest.columns)
        let body = max(size.rows, Self.smallest.rows) - 3
        if columns >= 70 {
            // On a large screen the photo grows, and the record keeps a readable width.
            let text = min(max(columns * 11 / 20, 41), max(60, columns / 3))
            let width = columns - text - 1
            picture = CellRectangle(row: 1, column: 0, rows: body - 1, columns: width)
            record = CellRectangle(row: 1, column: width + 1, rows: body, columns: text)
        } else {
            let height = max(4, body * 2 / 5)
            picture = CellRectangle(row: 1, column: 0, rows: height - 1, columns: columns)
            record = CellRectangle(
                row: 1 + height, column: 0, rows: body - height, columns: columns)
        }
    }

    /// The place that pictures are scaled for; the row below it names the photo.
    var picturePlace: CellSize { CellSize(columns: picture.columns, rows: picture.rows) }
}
