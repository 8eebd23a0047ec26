import ReturnsDomain
import Workflow

/// The query of a request, read strictly: unknown and repeated parameters are mistakes.
struct Query {
    private var values: [String: String] = [:]
    private var mistakes: [Failure.Part] = []

    /// Reads the parameters that a route knows.
    init(_ request: ServiceRequest, known: Set<String>) {
        for (name, value) in request.query {
            if !known.contains(name) {
                let list = known.sorted().joined(separator: ", ")
                add(name, "unknown_parameter", "is not known; known are \(list)")
            } else if values.updateValue(value, forKey: name) != nil {
                add(name, "repeated_parameter", "is stated twice")
            }
        }
    }

    private mutating func add(_ name: String, _ code: String, _ message: String) {
        mistakes.append(
            Failure.Part(pointer: "?\(name.prefix(100))", code: code, message: message))
    }

    /// A whole number within bounds, or the default.
    mutating func number(_ name: String, in range: ClosedRange<Int>, default value: Int) -> Int {
        guard let text = values[name] else { return value }
        guard let number = Int(text), range.contains(number) else {
            add(
                name, "out_of_range",
                "is '\(text.prefix(40))', expected \(range.lowerBound) to \(range.upperBound)")
            return value
        }
        return number
    }

    /// A value that a type can read.
    mutating func value<Value>(
        _ name: String, expected: String, read: (String) -> Value?
    ) -> Value? {
        guard let text = values[name] else { return nil }
        guard let value = read(text) else {
            add(name, "invalid", "is '\(text.prefix(100))', expected \(expected)")
            return nil
        }
        return value
    }

    /// A text of at most this many bytes.
    mutating func text(_ name: String, byteCountLimit: Int) -> String? {
        value(name, expected: "1 to \(byteCountLimit) bytes") {
            (1...byteCountLimit).contains($0.utf8.count) ? $0 : nil
        }
    }

    /// Throws what was found wrong.
    func check() throws(Problem) {
        guard !mistakes.isEmpty else { return }
        throw Problem(
            .queryInvalid,
            mistakes.map { "\($0.pointer) \($0.message)" }.joined(separator: "; "),
            errors: mistakes)
    }
}

extension ServiceRequest {
    /// The id in the path.
    ///
    /// - Throws: ``Problem`` with the code that stands for something that is not there: a text that
    ///   is no id names nothing.
    func id<Kind>(
        _ kind: Identifier<Kind>.Type, _ parameter: String = "id", missing: ProblemCode
    ) throws(Problem) -> Identifier<Kind> {
        guard let id = Identifier<Kind>(parameters[parameter] ?? "") else {
            throw Problem(missing, "the path holds no id that starts with \(Kind.prefix)_")
        }
        return id
    }
}
