package import Foundation

extension CanonicalJSON {
    /// Reads canonical JSON; nil for anything else, valid JSON in another form included.
    ///
    /// One form only means that equal values have equal bytes: a changed byte is either another
    /// value or no canonical JSON.
    package init?(parsing bytes: Data) {
        var parser = Parser(bytes: [UInt8](bytes))
        guard let value = parser.value(depth: 0), parser.position == parser.bytes.count else {
            return nil
        }
        self = value
    }

    /// How deep arrays and objects may nest; entries need three.
    static let depthLimit = 16

    private struct Parser {
        let bytes: [UInt8]
        var position = 0

        mutating func value(depth: Int) -> CanonicalJSON? {
            guard depth <= CanonicalJSON.depthLimit, position < bytes.count else { return nil }
            switch bytes[position] {
            case UInt8(ascii: "\""): return string().map(CanonicalJSON.string)
            case UInt8(ascii: "{"): return object(depth: depth)
            case UInt8(ascii: "["): return array(depth: depth)
            default: return integer()
            }
        }

        private mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard position < bytes.count, bytes[position] == UInt8(ascii: character) else {
                return false
            }
            position += 1
            return true
        }

        private mutating func object(depth: Int) -> CanonicalJSON? {
            var members: [Member] = []
            guard take("{") else { return nil }
            if take("}") { return .members([]) }
            repeat {
                guard let name = string(), take(":"), let value = value(depth: depth + 1) else {
                    return nil
                }
                if let last = members.last, !CanonicalJSON.isOrdered(last.name, name) {
                    return nil
                }
                members.append(Member(name: name, value: value))
            } while take(",")
            return take("}") ? .members(members) : nil
        }

        private mutating func array(depth: Int) -> CanonicalJSON? {
            var elements: [CanonicalJSON] = []
            guard take("[") else { return nil }
            if take("]") { return .array([]) }
            repeat {
                guard let value = value(depth: depth + 1) else { return nil }
                elements.append(value)
            } while take(",")
            return take("]") ? .array(elements) : nil
        }

        private mutating func integer() -> CanonicalJSON? {
            let start = position
            _ = take("-")
            while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
            let digits = String(decoding: bytes[start..<position], as: UTF8.self)
            // Writing it again excludes leading zeros, -0 and a lone minus sign.
            guard let number = Int64(digits), String(number) == digits,
                number.magnitude < UInt64(CanonicalJSON.integerLimit)
            else { return nil }
            return .integer(number)
        }

        private mutating func string() -> String? {
            guard take("\"") else { return nil }
            let start = position
            while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
                if bytes[position] < 0x20 { return nil }
                if bytes[position] == UInt8(ascii: "\\") { return escapedString(from: start) }
                position += 1
            }
            let text = String(validating: bytes[start..<position], as: UTF8.self)
            return take("\"") ? text : nil
        }

        /// The rare string with escapes: each must be the canonical one of its character.
        private mutating func escapedString(from start: Int) -> String? {
            var plain = Array(bytes[start..<position])
            while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
                if bytes[position] < 0x20 { return nil }
                guard bytes[position] == UInt8(ascii: "\\") else {
                    plain.append(bytes[position])
                    position += 1
                    continue
                }
                guard let (byte, length) = escape(at: position) else { return nil }
                plain.append(byte)
                position += length
            }
            let text = String(validating: plain, as: UTF8.self)
            return take("\"") ? text : nil
        }

        private func escape(at start: Int) -> (byte: UInt8, length: Int)? {
            let rest = bytes[start...]
            for byte in [UInt8(ascii: "\""), UInt8(ascii: "\\")]
            where rest.starts(with: [UInt8(ascii: "\\"), byte]) {
                return (byte, 2)
            }
            for byte in UInt8(0)..<0x20 {
                let escape = CanonicalJSON.escape(ofControl: byte)
                if rest.starts(with: escape) { return (byte, escape.count) }
            }
            return nil
        }
    }
}
