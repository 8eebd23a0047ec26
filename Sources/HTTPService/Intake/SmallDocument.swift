import ReturnsDomain
import Workflow

/// A small JSON object, read strictly: what a request of the review queue or of a case holds.
///
/// A member that is null counts as absent.
struct SmallDocument {
    /// Bytes of such a body: a comment of the longest kind, escaped, with room for the rest.
    static let byteCountLimit = 65_536

    private let pointer: String
    private var values: [String: JSONDocument] = [:]
    private var mistakes: [Failure.Part] = []

    /// Reads the body of a request.
    ///
    /// - Throws: ``Problem`` with `unsupported_media_type`, `malformed_json` or `body_too_large`.
    init(_ request: ServiceRequest, known: Set<String>) async throws {
        guard HeaderValue(request.field("Content-Type") ?? "").word == "application/json" else {
            throw Problem(.unsupportedMediaType, "Content-Type is not application/json")
        }
        let bytes = try await request.smallBody(byteCountLimit: Self.byteCountLimit)
        do {
            guard case .object(let found) = try JSONReader.document(bytes) else {
                throw Problem(.malformedJSON, "the body is no JSON object")
            }
            self.init(found, pointer: "", known: known)
        } catch let error as JSONSyntaxError {
            throw Problem(.malformedJSON, "the body has \(error)")
        }
    }

    private init(_ members: [JSONDocument.Member], pointer: String, known: Set<String>) {
        self.pointer = pointer
        for member in members {
            if !known.contains(member.name) {
                let list = known.sorted().joined(separator: ", ")
                add(
                    String(member.name.prefix(100)), "unknown_member",
                    "is not known; known: \(list)")
            } else if member.value != .null {
                values[member.name] = member.value
            }
        }
    }

    private mutating func add(_ name: String, _ code: String, _ message: String) {
        mistakes.append(Failure.Part(pointer: "\(pointer)/\(name)", code: code, message: message))
    }

    private mutating func wrongType(_ name: String, _ value: JSONDocument, expected: String) {
        add(name, "wrong_type", "is \(value.kind), expected \(expected)")
    }

    /// A text that may be absent.
    mutating func text(_ name: String) -> String? {
        switch values[name] {
        case nil: return nil
        case .string(let text): return text
        case let value?:
            wrongType(name, value, expected: "a string")
            return nil
        }
    }

    /// A text that may be absent and that a type can read.
    mutating func optional<Value>(
        _ name: String, expected: String, read: (String) -> Value?
    ) -> Value? {
        guard let text = text(name) else { return nil }
        guard let value = read(text) else {
            add(name, "invalid", "is '\(text.prefix(100))', expected \(expected)")
            return nil
        }
        return value
    }

    /// A text that must be there and that a type can read.
    mutating func required<Value>(
        _ name: String, expected: String, read: (String) -> Value?
    ) -> Value? {
        guard values[name] != nil else {
            add(name, "missing", "is missing, expected \(expected)")
            return nil
        }
        return optional(name, expected: expected, read: read)
    }

    /// A whole number within bounds that may be absent.
    mutating func number(_ name: String, in range: ClosedRange<Int>) -> Int? {
        switch values[name] {
        case nil: return nil
        case .number(let digits):
            guard let number = JSONDocument.wholeNumber(digits), range.contains(number) else {
                add(
                    name, "out_of_range",
                    "is \(digits.prefix(40)), expected \(range.lowerBound) to "
                        + "\(range.upperBound)")
                return nil
            }
            return number
        case let value?:
            wrongType(name, value, expected: "a whole number")
            return nil
        }
    }

    /// A list of texts that a type can read; nil if it is absent.
    mutating func list<Value>(
        _ name: String, countLimit: Int, expected: String, read: (String) -> Value?
    ) -> [Value]? {
        switch values[name] {
        case nil: return nil
        case .array(let elements):
            guard elements.count <= countLimit else {
                add(name, "too_many", "has \(elements.count) elements, at most \(countLimit)")
                return nil
            }
            return elements.enumerated().compactMap { index, element in
                guard case .string(let text) = element, let value = read(text) else {
                    add("\(name)/\(index)", "invalid", "is not \(expected)")
                    return nil
                }
                return value
            }
        case let value?:
            wrongType(name, value, expected: "an array of \(expected)")
            return nil
        }
    }

    /// An object inside that may be absent.
    mutating func object<Value>(
        _ name: String, known: Set<String>, read: (inout SmallDocument) -> Value?
    ) -> Value? {
        switch values[name] {
        case nil: return nil
        case .object(let members):
            var inner = SmallDocument(members, pointer: "\(pointer)/\(name)", known: known)
            let value = read(&inner)
            mistakes += inner.mistakes
            return value
        case let value?:
            wrongType(name, value, expected: "an object")
            return nil
        }
    }

    /// Notes that a member is missing, unless it is there in a form that was found wrong.
    mutating func needs(_ name: String, expected: String) {
        guard values[name] == nil else { return }
        add(name, "missing", "is missing, expected \(expected)")
    }

    /// Notes that none of the members is there of which one is needed.
    mutating func needsOne(of names: [String]) {
        guard mistakes.isEmpty, names.allSatisfy({ values[$0] == nil }) else { return }
        mistakes.append(
            Failure.Part(
                pointer: pointer, code: "missing",
                message: "states nothing, expected one of \(names.joined(separator: ", "))"))
    }

    /// What was found wrong, if anything.
    var problem: Problem? {
        guard !mistakes.isEmpty else { return nil }
        return Problem(
            .malformedRequest,
            mistakes.map { "\($0.pointer) \($0.message)" }.joined(separator: "; "),
            errors: mistakes)
    }
}
