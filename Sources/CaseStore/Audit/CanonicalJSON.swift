package import Foundation

/// JSON in the canonical form of RFC 8785, restricted to objects, arrays, strings and integers.
///
/// Audit entries hold nothing else, because numbers with fractions are where writers of JSON
/// disagree. Integers stay below 2^53, so that a reader that holds numbers as doubles sees the same
/// value. Canonical: no white space, members ordered by the UTF-16 code units of their names, the
/// shortest escapes, UTF-8 otherwise.
package enum CanonicalJSON: Hashable, Sendable {
    case string(String)
    case integer(Int64)
    case array([CanonicalJSON])
    /// Members in canonical order; ``object(_:)`` sorts.
    case members([Member])

    /// One member of an object.
    package struct Member: Hashable, Sendable {
        package let name: String
        package let value: CanonicalJSON
    }

    /// The largest integer that every reader of JSON holds exactly.
    static let integerLimit: Int64 = 1 << 53

    /// An object, its members put into order.
    package static func object(_ members: KeyValuePairs<String, CanonicalJSON>) -> CanonicalJSON {
        object(members.map { Member(name: $0.key, value: $0.value) })
    }

    /// An object, its members put into order.
    static func object(_ members: [Member]) -> CanonicalJSON {
        .members(members.sorted { isOrdered($0.name, $1.name) })
    }

    /// Whether one member's name stands before another's: RFC 8785, 3.2.3.
    static func isOrdered(_ left: String, _ right: String) -> Bool {
        left.utf16.lexicographicallyPrecedes(right.utf16)
    }

    /// The canonical bytes.
    package var bytes: Data {
        var output: [UInt8] = []
        output.reserveCapacity(512)
        append(to: &output)
        return Data(output)
    }

    /// The value of a member; nil if this is no object or has no such member.
    subscript(name: String) -> CanonicalJSON? {
        guard case .members(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The text, if this is one.
    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The integer, if this is one.
    var number: Int64? {
        guard case .integer(let number) = self else { return nil }
        return number
    }

    private func append(to output: inout [UInt8]) {
        switch self {
        case .string(let text):
            Self.append(text, to: &output)
        case .integer(let number):
            precondition(
                number.magnitude < UInt64(Self.integerLimit), "\(number) is not below 2^53")
            output.append(contentsOf: String(number).utf8)
        case .array(let elements):
            output.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                element.append(to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .members(let members):
            output.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                Self.append(member.name, to: &output)
                output.append(UInt8(ascii: ":"))
                member.value.append(to: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    private static func append(_ text: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                output.append(UInt8(ascii: "\\"))
                output.append(byte)
            case 0..<0x20:
                output.append(contentsOf: escape(ofControl: byte))
            default:
                output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }

    /// The one canonical escape of a control character: RFC 8785, 3.2.2.2.
    static func escape(ofControl byte: UInt8) -> [UInt8] {
        switch byte {
        case 0x08: Array("\\b".utf8)
        case 0x09: Array("\\t".utf8)
        case 0x0A: Array("\\n".utf8)
        case 0x0C: Array("\\f".utf8)
        case 0x0D: Array("\\r".utf8)
        default: Array("\\u00".utf8) + Array(hexadecimal([byte]).utf8)
        }
    }
}
