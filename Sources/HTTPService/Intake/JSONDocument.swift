/// A JSON value as it was written: numbers keep their digits, members their order.
///
/// Foundation's decoder lets the last of two members of one name win and cannot name what it did
/// not expect; both are mistakes here.
package indirect enum JSONDocument: Equatable {
    case object([Member])
    case array([JSONDocument])
    case string(String)
    /// The digits as written.
    case number(String)
    case bool(Bool)
    case null

    package struct Member: Equatable {
        package let name: String
        package let value: JSONDocument

        /// Creates a member.
        package init(name: String, value: JSONDocument) {
            self.name = name
            self.value = value
        }
    }

    /// A whole number in whatever form it was written: `12`, `12.0`, `1.2e1`.
    ///
    /// - Parameter digits: The text of a ``number(_:)``.
    /// - SeeAlso: JSON Schema Validation 2020-12, 6.1.1: a number without a fraction is an integer.
    static func wholeNumber(_ digits: String) -> Int? {
        Int(digits) ?? Double(digits).flatMap(Int.init(exactly:))
    }

    /// The name of the type, for messages.
    var kind: String {
        switch self {
        case .object: "an object"
        case .array: "an array"
        case .string: "a string"
        case .number: "a number"
        case .bool: "a boolean"
        case .null: "null"
        }
    }
}

/// Why a text is no JSON document.
package struct JSONSyntaxError: Error, Hashable, CustomStringConvertible {
    /// The byte where it was noticed, from 0.
    package let offset: Int
    package let what: String

    package var description: String { "\(what) at byte \(offset)" }
}

/// Reads JSON, RFC 8259, strictly: UTF-8, no member twice, nothing after the document.
package struct JSONReader {
    /// How deep values may be nested; order data needs three levels.
    static let depthLimit = 16

    private let bytes: [UInt8]
    private var position = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads one document.
    package static func document(_ bytes: [UInt8]) throws(JSONSyntaxError) -> JSONDocument {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw JSONSyntaxError(offset: 0, what: "text that is not UTF-8")
        }
        var reader = JSONReader(bytes)
        let value = try reader.value(depth: 0)
        reader.skipBlanks()
        guard reader.position == bytes.count else { throw reader.error("text after the document") }
        return value
    }

    private func error(_ what: String) -> JSONSyntaxError {
        JSONSyntaxError(offset: position, what: what)
    }

    private mutating func skipBlanks() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
            position += 1
        }
    }

    /// Steps over a byte if it is the next one.
    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else {
            return false
        }
        position += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONDocument {
        guard depth < Self.depthLimit else { throw error("values nested too deeply") }
        skipBlanks()
        guard position < bytes.count else { throw error("the end instead of a value") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func word(
        _ text: String, _ value: JSONDocument
    ) throws(JSONSyntaxError) -> JSONDocument {
        guard bytes[position...].starts(with: text.utf8) else { throw error("an unknown word") }
        position += text.utf8.count
        return value
    }

    private mutating func object(depth: Int) throws(JSONSyntaxError) -> JSONDocument {
        position += 1
        var members: [JSONDocument.Member] = []
        var names: Set<String> = []
        skipBlanks()
        if take("}") { return .object([]) }
        while true {
            skipBlanks()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                throw error("something else than a member's name")
            }
            let name = try string()
            guard names.insert(name).inserted else { throw error("a second member '\(name)'") }
            skipBlanks()
            guard take(":") else { throw error("no colon after a member's name") }
            members.append(.init(name: name, value: try value(depth: depth + 1)))
            skipBlanks()
            if take("}") { return .object(members) }
            guard take(",") else { throw error("no comma between members") }
        }
    }

    private mutating func array(depth: Int) throws(JSONSyntaxError) -> JSONDocument {
        position += 1
        var elements: [JSONDocument] = []
        skipBlanks()
        if take("]") { return .array([]) }
        while true {
            elements.append(try value(depth: depth + 1))
            skipBlanks()
            if take("]") { return .array(elements) }
            guard take(",") else { throw error("no comma between elements") }
        }
    }

    private mutating func number() throws(JSONSyntaxError) -> String {
        let start = position
        _ = take("-")
        let whole = digits()
        guard whole > 0, whole == 1 || bytes[position - whole] != UInt8(ascii: "0") else {
            throw error("no value")
        }
        if take("."), digits() == 0 { throw error("a number without digits after its point") }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            if digits() == 0 { throw error("a number without digits in its exponent") }
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// Steps over digits and says how many.
    private mutating func digits() -> Int {
        let start = position
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
        return position - start
    }
}

extension JSONReader {
    private mutating func string() throws(JSONSyntaxError) -> String {
        position += 1
        var text: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text += try escape()
            case 0..<0x20: throw error("a control character in a string")
            default: text.append(byte)
            }
        }
        throw error("a string without an end")
    }

    private mutating func escape() throws(JSONSyntaxError) -> [UInt8] {
        guard position < bytes.count else { throw error("a string without an end") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return try escapedScalar()
        default: throw error("an unknown escape")
        }
    }

    /// Reads `XXXX` of `\uXXXX`, and the second half of a surrogate pair.
    private mutating func escapedScalar() throws(JSONSyntaxError) -> [UInt8] {
        var code = try hexadecimal()
        if (0xD800..<0xDC00).contains(code) {
            guard take("\\"), take("u") else { throw error("half of a surrogate pair") }
            let low = try hexadecimal()
            guard (0xDC00..<0xE000).contains(low) else { throw error("half of a surrogate pair") }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw error("half of a surrogate pair") }
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func hexadecimal() throws(JSONSyntaxError) -> UInt32 {
        let digits = bytes[position...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw error("an escape without four hexadecimal digits") }
        position += 4
        return code
    }
}
