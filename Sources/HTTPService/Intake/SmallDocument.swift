import ReturnsDomain
import Workflow

/// A small JSON object, read strictly: members of one type each, none that is not known.
struct SmallDocument {
    /// Bytes of such a body: a comment of the longest kind, escaped, with room for the rest.
    static let byteCountLimit = 65_536

    private var texts: [String: String] = [:]
    private var lists: [String: [String]] = [:]
    private var numbers: [String: Int64] = [:]
    private var mistakes: [Failure.Part] = []

    /// Reads the body of a request.
    ///
    /// - Parameters:
    ///   - known: The members that are texts.
    ///   - lists: The members that are lists of texts.
    ///   - numbers: The members that are whole numbers, 0 or above.
    /// - Throws: ``Problem`` with `unsupported_media_type`, `malformed_json` or `body_too_large`.
    init(
        _ request: ServiceRequest, known: Set<String>, lists: Set<String> = [],
        numbers: Set<String> = []
    ) async throws {
        guard HeaderValue(request.field("Content-Type") ?? "").word == "application/json" else {
            throw Problem(.unsupportedMediaType, "Content-Type is not application/json")
        }
        let bytes = try await request.smallBody(byteCountLimit: Self.byteCountLimit)
        let members: [JSONDocument.Member]
        do {
            guard case .object(let found) = try JSONReader.document(bytes) else {
                throw Problem(.malformedJSON, "the body is no JSON object")
            }
            members = found
        } catch let error as JSONSyntaxError {
            throw Problem(.malformedJSON, "the body has \(error)")
        }
        for member in members {
            if known.contains(member.name) {
                take(text: member)
            } else if lists.contains(member.name) {
                take(list: member)
            } else if numbers.contains(member.name) {
                take(number: member)
            } else {
                let list = known.union(lists).union(numbers).sorted().joined(separator: ", ")
                add(
                    String(member.name.prefix(100)), "unknown_member",
                    "is not known; known: \(list)")
            }
        }
    }

    private mutating func take(text member: JSONDocument.Member) {
        if case .string(let text) = member.value {
            texts[member.name] = text
        } else if member.value != .null {
            add(member.name, "wrong_type", "is \(member.value.kind), expected a string")
        }
    }

    private mutating func take(list member: JSONDocument.Member) {
        if case .array(let elements) = member.value {
            let texts = elements.compactMap { element in
                if case .string(let text) = element { text } else { nil }
            }
            if texts.count == elements.count {
                lists[member.name] = texts
                return
            }
        }
        add(member.name, "wrong_type", "is \(member.value.kind), expected a list of strings")
    }

    private mutating func take(number member: JSONDocument.Member) {
        if case .number(let digits) = member.value, let number = Int64(digits), number >= 0 {
            numbers[member.name] = number
        } else {
            add(member.name, "wrong_type", "is no whole number, expected one of 0 or above")
        }
    }

    private mutating func add(_ name: String, _ code: String, _ message: String) {
        mistakes.append(Failure.Part(pointer: "/\(name)", code: code, message: message))
    }

    /// A member that may be absent.
    func optional(_ name: String) -> String? { texts[name] }

    /// A list that may be absent; empty then.
    func list(_ name: String) -> [String] { lists[name] ?? [] }

    /// A number that must be there.
    mutating func number(_ name: String) -> Int64? {
        if numbers[name] == nil, !mistakes.contains(where: { $0.pointer == "/\(name)" }) {
            add(name, "missing", "is missing, expected a whole number")
        }
        return numbers[name]
    }

    /// A member that must be there and that a type can read.
    mutating func required<Value>(
        _ name: String, expected: String, read: (String) -> Value?
    ) -> Value? {
        guard let text = texts[name] else {
            if !mistakes.contains(where: { $0.pointer == "/\(name)" }) {
                add(name, "missing", "is missing, expected \(expected)")
            }
            return nil
        }
        guard let value = read(text) else {
            add(name, "invalid", "is '\(text.prefix(100))', expected \(expected)")
            return nil
        }
        return value
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
