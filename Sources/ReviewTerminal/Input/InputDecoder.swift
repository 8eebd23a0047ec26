/// Turns the bytes that a terminal sends into keys, pasted text and answers.
///
/// Reads may split a sequence or a character anywhere: what is incomplete waits. A lone Escape
/// looks like the beginning of a sequence; ``flush()`` says that nothing more came.
///
/// - SeeAlso: ECMA-48, section 5.4; XTerm Control Sequences, "Bracketed Paste Mode".
package struct InputDecoder: Sendable {
    /// The most bytes of one paste that are taken in; a comment holds less.
    package static let pasteByteCountLimit = 16_384
    /// The most bytes of an escape sequence; what is longer is skipped.
    package static let sequenceByteCountLimit = 256

    private var pending: [UInt8] = []
    private var paste: [UInt8]?

    /// Creates a decoder that has read nothing.
    package init() {}

    /// Whether an Escape, or the beginning of something, waits for more bytes.
    package var isWaiting: Bool { !pending.isEmpty && paste == nil }

    /// Takes bytes in and gives what is complete.
    package mutating func decode(_ bytes: some Sequence<UInt8>) -> [TerminalInput] {
        pending += bytes
        var inputs: [TerminalInput] = []
        while !pending.isEmpty {
            if paste != nil {
                guard let input = takePaste() else { break }
                inputs.append(input)
                continue
            }
            switch Self.first(in: pending) {
            case .incomplete: return inputs
            case .found(let input, let length):
                pending.removeFirst(length)
                if let input { inputs.append(input) }
            case .pasteBegins(let length):
                pending.removeFirst(length)
                paste = []
            }
        }
        return inputs
    }

    /// Nothing more came for a while: a waiting Escape is the key; half a sequence is dropped.
    package mutating func flush() -> [TerminalInput] {
        guard isWaiting else { return [] }
        defer { pending = [] }
        return pending == [0x1B] ? [.key(.escape)] : []
    }

    private static let pasteEnd = Array("\u{1B}[201~".utf8)

    /// Moves pasted bytes out of `pending`; the paste if its end has come.
    private mutating func takePaste() -> TerminalInput? {
        let end = pending.firstRange(of: Self.pasteEnd)
        // The end mark may be split between reads, so its possible beginning stays.
        let kept = end == nil ? min(pending.count, Self.pasteEnd.count - 1) : 0
        let taken = pending[..<(end?.lowerBound ?? pending.count - kept)]
        let room = Self.pasteByteCountLimit - (paste?.count ?? 0)
        paste?.append(contentsOf: taken.prefix(max(room, 0)))
        pending.removeFirst(end?.upperBound ?? taken.count)
        guard end != nil, let text = paste else { return nil }
        paste = nil
        return .pasted(String(decoding: text, as: UTF8.self))
    }
}

extension InputDecoder {
    enum Step {
        case incomplete
        case found(TerminalInput?, length: Int)
        case pasteBegins(length: Int)
    }

    /// The first complete thing in the bytes, which are not empty.
    static func first(in bytes: [UInt8]) -> Step {
        if bytes[0] == 0x1B { return escape(in: bytes) }
        if bytes[0] >= 0x80 { return character(in: bytes) }
        return .found(plain(bytes[0]).map(TerminalInput.key), length: 1)
    }

    private static func plain(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x0D, 0x0A: .enter
        case 0x09: .tab
        case 0x08, 0x7F: .backspace
        case 0x01...0x1A: .control(Character(Unicode.Scalar(byte + 0x60)))
        case 0x20..<0x7F: .character(Character(Unicode.Scalar(byte)))
        default: nil
        }
    }

    /// A character of UTF-8; a byte that begins none is skipped.
    private static func character(in bytes: [UInt8]) -> Step {
        let length =
            switch bytes[0] {
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 1
            }
        let following = bytes.dropFirst().prefix(length - 1)
        guard length > 1, following.allSatisfy({ $0 & 0xC0 == 0x80 }) else {
            return .found(nil, length: 1)
        }
        guard bytes.count >= length else { return .incomplete }
        guard let text = String(validating: bytes.prefix(length), as: UTF8.self),
            let character = text.first
        else { return .found(nil, length: 1) }
        return .found(.key(.character(character)), length: length)
    }

    private static func escape(in bytes: [UInt8]) -> Step {
        guard bytes.count > 1 else { return .incomplete }
        switch bytes[1] {
        case UInt8(ascii: "["): return controlSequence(in: bytes)
        case UInt8(ascii: "O"):
            guard bytes.count > 2 else { return .incomplete }
            return .found(letter(bytes[2]).map(TerminalInput.key), length: 3)
        case UInt8(ascii: "_"), UInt8(ascii: "]"), UInt8(ascii: "P"): return string(in: bytes)
        // Alt with a key means nothing here; a second Escape begins anew.
        case 0x1B: return .found(.key(.escape), length: 1)
        default: return .found(nil, length: 2)
        }
    }

    /// CSI parameters final.
    private static func controlSequence(in bytes: [UInt8]) -> Step {
        let body = bytes.dropFirst(2)
        guard let end = body.firstIndex(where: { (0x40...0x7E).contains($0) }) else {
            return bytes.count > sequenceByteCountLimit
                ? .found(nil, length: bytes.count) : .incomplete
        }
        let parameters = String(decoding: body[..<end], as: UTF8.self)
        let length = end + 1
        switch bytes[end] {
        case UInt8(ascii: "~"):
            if parameters == "200" { return .pasteBegins(length: length) }
            return .found(numbered(parameters).map(TerminalInput.key), length: length)
        case UInt8(ascii: "c") where parameters.hasPrefix("?"):
            return .found(.deviceAttributes, length: length)
        default: return .found(letter(bytes[end]).map(TerminalInput.key), length: length)
        }
    }

    /// APC, OSC or DCS up to its end; only Kitty's answer means something here.
    private static func string(in bytes: [UInt8]) -> Step {
        let end = [0x1B, UInt8(ascii: "\\")]
        let isCommand = bytes[1] == UInt8(ascii: "]")
        if isCommand, let bell = bytes.firstIndex(of: 0x07) { return .found(nil, length: bell + 1) }
        guard let range = bytes.dropFirst(2).firstRange(of: end) else {
            return bytes.count > sequenceByteCountLimit
                ? .found(nil, length: bytes.count) : .incomplete
        }
        let body = String(decoding: bytes[2..<range.lowerBound], as: UTF8.self)
        guard bytes[1] == UInt8(ascii: "_"), body.hasPrefix("G") else {
            return .found(nil, length: range.upperBound)
        }
        return .found(.graphicsAnswer(isOK: body.hasSuffix(";OK")), length: range.upperBound)
    }

    private static func letter(_ byte: UInt8) -> Key? {
        switch byte {
        case UInt8(ascii: "A"): .up
        case UInt8(ascii: "B"): .down
        case UInt8(ascii: "C"): .right
        case UInt8(ascii: "D"): .left
        case UInt8(ascii: "H"): .home
        case UInt8(ascii: "F"): .end
        default: nil
        }
    }

    private static func numbered(_ parameters: String) -> Key? {
        switch parameters {
        case "1", "7": .home
        case "4", "8": .end
        case "3": .delete
        case "5": .pageUp
        case "6": .pageDown
        default: nil
        }
    }
}
