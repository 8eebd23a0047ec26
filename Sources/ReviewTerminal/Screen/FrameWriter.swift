/// How many colours a terminal shows.
package enum ColorDepth: Hashable, Sendable {
    /// None, or the reviewer wants none (NO_COLOR).
    case none
    /// The eight of ECMA-48.
    case eight
    /// The palette of 256.
    case palette
    /// 24 bits.
    case full
}

/// Turns frames into the bytes that change the screen from one to the next.
///
/// Only changed cells are sent, in one piece for one write. The cursor is placed anew behind every
/// glyph that is not plain ASCII, so that a terminal which draws it in another width than expected
/// cannot shift the rest of the row.
///
/// - SeeAlso: ECMA-48 (CUP, SGR, ED); "Synchronized Output" (private mode 2026), which terminals
///   that do not know it ignore; Kitty, "Terminal graphics protocol".
package struct FrameWriter: Sendable {
    private let depth: ColorDepth
    private var previous: Frame?
    private var style = CellStyle.plain
    private var output: [UInt8] = []

    /// Starts with an unknown screen: the first frame is sent whole.
    package init(depth: ColorDepth) {
        self.depth = depth
    }

    /// Forgets what the screen shows, as after another program wrote on it.
    package mutating func forget() {
        previous = nil
    }

    /// The bytes that make the screen show a frame; empty if it does already.
    package mutating func bytes(for frame: Frame) -> [UInt8] {
        guard frame != previous else { return [] }
        output = []
        send("\u{1B}[?2026h\u{1B}[?25l")
        let known = previous?.size == frame.size ? previous : nil
        style = .plain
        send("\u{1B}[0m")
        if known == nil { send("\u{1B}[2J") }
        for row in 0..<frame.size.rows { sendRow(row, of: frame, known: known) }
        send(style == .plain ? "" : "\u{1B}[0m")
        sendPicture(of: frame)
        if let cursor = frame.cursor {
            send("\u{1B}[\(cursor.row + 1);\(cursor.column + 1)H\u{1B}[?25h")
        }
        send("\u{1B}[?2026l")
        previous = frame
        return output
    }

    private mutating func send(_ text: String) {
        output += text.utf8
    }

    private mutating func sendRow(_ row: Int, of frame: Frame, known: Frame?) {
        var cursorColumn: Int?
        for column in 0..<frame.size.columns {
            let cell = frame[row, column]
            if cell.text.isEmpty { continue }
            let isWide = column + 1 < frame.size.columns && frame[row, column + 1].text.isEmpty
            if let known {
                let isSame =
                    known[row, column] == cell
                    && (!isWide || known[row, column + 1] == frame[row, column + 1])
                if isSame { continue }
            } else if cell == .blank {
                continue
            }
            if cursorColumn != column { send("\u{1B}[\(row + 1);\(column + 1)H") }
            if cell.style != style {
                send(sequence(of: cell.style))
                style = cell.style
            }
            send(cell.text)
            let isPlain = cell.text.utf8.count == 1 || cell.text == HalfBlock.text
            cursorColumn = isPlain ? column + 1 : nil
        }
    }

    private mutating func sendPicture(of frame: Frame) {
        let isSame = previous?.picture == frame.picture && previous?.size == frame.size
        if isSame { return }
        if previous?.picture != nil { send(KittyGraphics.deletion) }
        guard let picture = frame.picture else { return }
        send("\u{1B}[\(picture.row + 1);\(picture.column + 1)H")
        output += KittyGraphics.transmission(of: picture.bytes, over: picture.size)
    }

    private func sequence(of style: CellStyle) -> String {
        var codes = ["0"]
        if style.isBold { codes.append("1") }
        if style.isDim { codes.append("2") }
        if style.isReversed { codes.append("7") }
        codes += style.foreground.flatMap { code(of: $0, base: 30) } ?? []
        codes += style.background.flatMap { code(of: $0, base: 40) } ?? []
        return "\u{1B}[" + codes.joined(separator: ";") + "m"
    }

    private func code(of color: CellColor, base: Int) -> [String]? {
        if depth == .none { return nil }
        switch color {
        case .black: return ["\(base)"]
        case .red: return ["\(base + 1)"]
        case .green: return ["\(base + 2)"]
        case .yellow: return ["\(base + 3)"]
        case .blue: return ["\(base + 4)"]
        case .magenta: return ["\(base + 5)"]
        case .cyan: return ["\(base + 6)"]
        case .white: return ["\(base + 7)"]
        case .rgb(let rgb):
            switch depth {
            case .full: return ["\(base + 8)", "2", "\(rgb.red)", "\(rgb.green)", "\(rgb.blue)"]
            case .palette: return ["\(base + 8)", "5", "\(rgb.paletteIndex)"]
            case .eight, .none: return nil
            }
        }
    }
}

extension RGBColor {
    /// The nearest of the palette's 6x6x6 cube (16…231) and its greys (232…255).
    package var paletteIndex: Int {
        let levels = [0, 95, 135, 175, 215, 255]
        func nearest(_ value: UInt8) -> Int {
            levels.indices.min { abs(levels[$0] - Int(value)) < abs(levels[$1] - Int(value)) } ?? 0
        }
        let cube = [nearest(red), nearest(green), nearest(blue)]
        let mean = (Int(red) + Int(green) + Int(blue)) / 3
        let gray = min(max((mean - 3) / 10, 0), 23)
        func distance(_ candidate: [Int]) -> Int {
            zip(candidate, [red, green, blue]).reduce(0) {
                $0 + ($1.0 - Int($1.1)) * ($1.0 - Int($1.1))
            }
        }
        let grayDistance = distance(Array(repeating: 8 + 10 * gray, count: 3))
        return grayDistance < distance(cube.map { levels[$0] })
            ? 232 + gray : 16 + 36 * cube[0] + 6 * cube[1] + cube[2]
    }
}
