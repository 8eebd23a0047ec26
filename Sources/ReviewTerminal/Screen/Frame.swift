/// A colour of a cell.
package enum CellColor: Hashable, Sendable {
    /// One of the terminal's own eight, so that the reviewer's theme holds.
    case black, red, green, yellow, blue, magenta, cyan, white
    /// A colour of a picture.
    case rgb(RGBColor)
}

/// How a cell looks.
package struct CellStyle: Hashable, Sendable {
    /// Colour of the character; the terminal's own if nil.
    package var foreground: CellColor?
    /// Colour behind it; the terminal's own if nil.
    package var background: CellColor?
    /// Bold.
    package var isBold = false
    /// Faint.
    package var isDim = false
    /// Foreground and background exchanged.
    package var isReversed = false

    /// The terminal's own look.
    package init(
        foreground: CellColor? = nil, background: CellColor? = nil, isBold: Bool = false,
        isDim: Bool = false, isReversed: Bool = false
    ) {
        self.foreground = foreground
        self.background = background
        self.isBold = isBold
        self.isDim = isDim
        self.isReversed = isReversed
    }

    static let plain = CellStyle()
    static let bold = CellStyle(isBold: true)
    static let dim = CellStyle(isDim: true)
    static let bar = CellStyle(isReversed: true)
}

/// One cell of the screen.
package struct Cell: Hashable, Sendable {
    /// What stands there; empty in the right half of a wide character.
    package var text: String
    /// How it looks.
    package var style: CellStyle

    /// Creates a cell.
    package init(text: String, style: CellStyle) {
        self.text = text
        self.style = style
    }

    static let blank = Cell(text: " ", style: .plain)
}

/// A picture that the terminal itself draws over cells.
package struct PlacedPicture: Hashable, Sendable {
    /// Row of its upper left cell, from 0.
    package let row: Int
    /// Column of its upper left cell, from 0.
    package let column: Int
    /// The cells it covers.
    package let size: CellSize
    /// The PNG.
    package let bytes: [UInt8]
    /// Names the contents, so that frames need not compare bytes.
    package let key: PictureKey

    /// Two are alike if they show the same at the same place.
    package static func == (left: Self, right: Self) -> Bool {
        left.row == right.row && left.column == right.column && left.size == right.size
            && left.key == right.key
    }

    /// Hashes what ``==`` compares.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(row)
        hasher.combine(column)
        hasher.combine(key)
    }
}

/// Everything on the screen at one moment.
package struct Frame: Hashable, Sendable {
    /// The screen's size.
    package let size: CellSize
    /// The cells, row by row.
    package private(set) var cells: [Cell]
    /// Where the cursor is shown; hidden if nil.
    package var cursor: (row: Int, column: Int)? {
        get { cursorCell.map { ($0.rows, $0.columns) } }
        set { cursorCell = newValue.map { CellSize(columns: $0.column, rows: $0.row) } }
    }
    /// A picture over the cells.
    package var picture: PlacedPicture?

    private var cursorCell: CellSize?

    /// A blank screen.
    package init(size: CellSize) {
        self.size = size
        cells = Array(repeating: .blank, count: size.columns * size.rows)
    }

    /// A cell.
    package subscript(row: Int, column: Int) -> Cell {
        get { cells[row * size.columns + column] }
        set { cells[row * size.columns + column] = newValue }
    }

    /// Puts glyphs into a row; what does not fit is left out.
    ///
    /// - Returns: The column behind the last one.
    @discardableResult
    mutating func put(
        _ glyphs: [Glyph], row: Int, column: Int, style: CellStyle = .plain, end: Int? = nil
    ) -> Int {
        var column = column
        let end = min(end ?? size.columns, size.columns)
        guard (0..<size.rows).contains(row) else { return column }
        for glyph in glyphs {
            guard column + glyph.width <= end else { return column }
            self[row, column] = Cell(text: glyph.text, style: style)
            if glyph.width == 2 { self[row, column + 1] = Cell(text: "", style: style) }
            column += glyph.width
        }
        return column
    }

    /// Puts text into a row; what does not fit is left out.
    @discardableResult
    mutating func put(
        _ text: String, row: Int, column: Int, style: CellStyle = .plain, end: Int? = nil
    ) -> Int {
        put(DisplayText.glyphs(of: text), row: row, column: column, style: style, end: end)
    }

    /// Gives a stretch of a row a look, characters as they are.
    mutating func fill(row: Int, columns: Range<Int>, style: CellStyle) {
        guard (0..<size.rows).contains(row) else { return }
        for column in columns.clamped(to: 0..<size.columns) {
            self[row, column] = Cell(text: " ", style: style)
        }
    }
}

extension Frame {
    /// The frame as plain text, for documents and tests: one line a row, no trailing spaces.
    ///
    /// Half blocks become shades by brightness, since text has no colours.
    package var lines: [String] {
        (0..<size.rows).map { row in
            var line = (0..<size.columns).map { column in shaded(self[row, column]) }.joined()
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    private func shaded(_ cell: Cell) -> String {
        guard cell.text == HalfBlock.text, case .rgb(let upper) = cell.style.foreground,
            case .rgb(let lower) = cell.style.background
        else { return cell.text }
        let brightness = (upper.brightness + lower.brightness) / 2
        return [" ", "░", "▒", "▓", "█"][min(Int(brightness * 5), 4)]
    }
}

/// The character that shows two pixels.
enum HalfBlock {
    static let text = "▀"
}

extension RGBColor {
    /// Brightness, 0…1 (ITU-R BT.601 weights).
    fileprivate var brightness: Double {
        (0.299 * Double(red) + 0.587 * Double(green) + 0.114 * Double(blue)) / 255
    }
}
