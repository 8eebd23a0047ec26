/// A terminal's screen as the bytes that a program writes make it.
///
/// Knows exactly the sequences that the review screen uses; everything else is kept in ``unknown``,
/// so that a test sees what should not have reached a terminal.
///
/// - SeeAlso: ECMA-48; XTerm Control Sequences.
public struct ScreenEmulator: Sendable {
    /// A character and its colours as the sequence stated them.
    public struct Cell: Hashable, Sendable {
        /// What stands there.
        public var text = " "
        /// The parameters of the last SGR.
        public var style = "0"
    }

    /// Rows of cells.
    public private(set) var rows: [[Cell]]
    /// Private modes that are set, such as 1049 for the alternate screen.
    public private(set) var modes: Set<Int> = [25, 7]
    /// Sequences that are not known, and control characters.
    public private(set) var unknown: [String] = []
    /// The controls of Kitty's graphics commands, such as `a=T,f=100`.
    public private(set) var graphics: [String] = []
    /// What the program asked and is to be told.
    public private(set) var questions: [String] = []
    /// How many frames were completed (end of synchronized output).
    public private(set) var frameCount = 0

    private var row = 0
    private var column = 0
    private var style = "0"
    private var pending: [UInt8] = []

    /// A blank screen.
    public init(columns: Int, rows: Int) {
        self.rows = Array(repeating: Array(repeating: Cell(), count: columns), count: rows)
    }

    /// The screen's lines without trailing spaces.
    public var lines: [String] {
        rows.map { row in
            var line = row.map(\.text).joined()
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// The whole screen as text.
    public var text: String { lines.joined(separator: "\n") }

    /// The lines with half blocks as shades by brightness, for documents without colour.
    public var shadedLines: [String] {
        rows.map { row in
            var line = row.map { $0.text == "▀" ? $0.shade : $0.text }.joined()
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// Gives the screen another size; its contents go.
    public mutating func resize(columns: Int, rows: Int) {
        self.rows = Array(repeating: Array(repeating: Cell(), count: columns), count: rows)
        (row, column) = (0, 0)
    }

    /// Takes what a program wrote; pieces may end anywhere.
    public mutating func write(_ bytes: some Sequence<UInt8>) {
        pending += bytes
        var position = 0
        while position < pending.count, let length = step(at: position) { position += length }
        pending.removeFirst(position)
    }

    /// Obeys what stands at a position; nil if it is not complete.
    private mutating func step(at position: Int) -> Int? {
        let byte = pending[position]
        if byte == 0x1B { return escape(at: position) }
        if byte < 0x20 || byte == 0x7F {
            control(byte)
            return 1
        }
        let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
        guard position + length <= pending.count else { return nil }
        put(String(decoding: pending[position..<position + length], as: UTF8.self))
        return length
    }

    private mutating func control(_ byte: UInt8) {
        switch byte {
        case 0x0D: column = 0
        case 0x0A: row = min(row + 1, rows.count - 1)
        default: unknown.append("control \(byte)")
        }
    }

    private mutating func put(_ text: String) {
        let scalar = text.unicodeScalars.first
        if let scalar, (0x80...0x9F).contains(scalar.value) {
            unknown.append("control \(scalar.value)")
        } else if scalar?.properties.generalCategory == .nonspacingMark, column > 0 {
            rows[row][column - 1].text += text
        } else if column < rows[row].count {
            rows[row][column] = Cell(text: text, style: style)
            column += 1
            guard let scalar, Self.isWide(scalar), column < rows[row].count else { return }
            rows[row][column] = Cell(text: "", style: style)
            column += 1
        }
    }

    /// Whether a character takes two cells; the scripts that tests use (Unicode Annex 11).
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x1100 && scalar.properties.isEmojiPresentation
            || (0x2E80...0xA4CF).contains(scalar.value)
            || (0xAC00...0xD7A3).contains(scalar.value)
            || (0xFF01...0xFF60).contains(scalar.value)
    }

    private mutating func escape(at position: Int) -> Int? {
        guard position + 1 < pending.count else { return nil }
        switch pending[position + 1] {
        case UInt8(ascii: "["):
            let body = pending[(position + 2)...]
            guard let end = body.firstIndex(where: { (0x40...0x7E).contains($0) }) else {
                return nil
            }
            obey(
                String(decoding: body[..<end], as: UTF8.self),
                final: Character(Unicode.Scalar(pending[end])))
            return end + 1 - position
        case UInt8(ascii: "_"):
            let end = pending[position...].firstRange(of: [0x1B, UInt8(ascii: "\\")])
            guard let end else { return nil }
            let body = String(decoding: pending[(position + 2)..<end.lowerBound], as: UTF8.self)
            graphics.append(String(body.prefix { $0 != ";" }.dropFirst()))
            return end.upperBound - position
        default:
            unknown.append("escape \(pending[position + 1])")
            return 2
        }
    }

    private mutating func obey(_ parameters: String, final: Character) {
        let numbers = parameters.split(separator: ";").compactMap { Int($0) }
        switch final {
        case "H":
            row = min(max((numbers.first ?? 1) - 1, 0), rows.count - 1)
            column = max((numbers.dropFirst().first ?? 1) - 1, 0)
        case "m": style = parameters
        case "J" where parameters == "2": resize(columns: rows[0].count, rows: rows.count)
        case "h" where parameters.first == "?": change(parameters) { $0.insert($1) }
        case "l" where parameters.first == "?": change(parameters) { $0.remove($1) }
        case "c": questions.append("device attributes")
        default: unknown.append("CSI \(parameters)\(final)")
        }
        if final == "l", parameters == "?2026" { frameCount += 1 }
    }

    private mutating func change(_ parameters: String, _ body: (inout Set<Int>, Int) -> Void) {
        guard let mode = Int(parameters.dropFirst()) else { return }
        body(&modes, mode)
        // The main screen is taken to be empty, with the cursor at its start.
        if mode == 1049 {
            rows = rows.map { $0.map { _ in Cell() } }
            (row, column) = (0, 0)
        }
    }
}

extension ScreenEmulator.Cell {
    /// A shade for the mean brightness of both 24-bit colours.
    fileprivate var shade: String {
        let numbers = style.split(separator: ";").compactMap { Double($0) }
        let weights = [0.299, 0.587, 0.114]
        let colors = numbers.indices.filter {
            (numbers[$0] == 38 || numbers[$0] == 48) && $0 + 4 < numbers.count
                && numbers[$0 + 1] == 2
        }
        guard colors.count == 2 else { return "▒" }
        let brightness = colors.reduce(0) { sum, start in
            sum + zip(weights, numbers[(start + 2)...]).reduce(0) { $0 + $1.0 * $1.1 } / 510
        }
        return [" ", "░", "▒", "▓", "█"][min(Int(brightness * 5), 4)]
    }
}
