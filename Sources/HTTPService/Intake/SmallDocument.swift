import ReturnsDomain
import Workflow

/// A small JSON object of texts, read strictly: what a request of the review queue holds.
struct SmallDocument {
    /// Bytes of such a body: a comment of the longest kind, escaped, with room for the rest.
    static let byteCountLimit = 65_536

    private var texts: [String: String] = [:]
    private var mistakes: [Failure.Part] = []

    /// Reads the body of a request.
    ///
    /// - Throws: ``Problem`` with `unsupported_media_type`, `malformed_json` or `body_too_large`.
    init(_ request: ServiceRequest, known: Set<String>) async throws {
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
            if !known.contains(member.name) {
                let list = known.sorted().joined(separator: ", ")
                add(
                    String(member.name.prefix(100)), "unknown_member",
                    "is not known; known: \(list)")
            } else if case .string(let text) = member.value {
                texts[member.name] = text
            } else if member.value != .null {
                add(member.name, "wrong_type", "is \(member.value.kind), expected a string")
            }
        }
    }

    private mutating func add(_ name: String, _ code: String, _ message: String) {
        mistakes.append(Failure.Part(pointer: "/\(name)", code: code, message: message))
    }

    /// A member that may be absent.
    func optional(_ name: String) -> String? { texts[name] }

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
