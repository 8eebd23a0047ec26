import Foundation

/// Reads JSON that may hold nothing but what its type declares.
enum StrictJSON {
    /// What is wrong with a document, in a sentence that names the member.
    struct Problem: Error {
        let sentence: String
    }

    /// Decodes a document and refuses members that the type does not write itself.
    static func decode<Value: Codable>(
        _ type: Value.Type, from data: Data
    ) throws(Problem) -> Value {
        do {
            let value = try JSONDecoder().decode(type, from: data)
            let given = try JSONSerialization.jsonObject(with: data)
            let known = try JSONSerialization.jsonObject(with: JSONEncoder().encode(value))
            guard let unknown = unknownMember(of: given, knownAs: known, path: "") else {
                return value
            }
            throw Problem(sentence: "the member '\(unknown)' is not known")
        } catch let problem as Problem {
            throw problem
        } catch let error as DecodingError {
            throw Problem(sentence: sentence(for: error))
        } catch {
            throw Problem(sentence: "it is no JSON")
        }
    }

    /// The path of the first member that the value does not write, by name; nil if there is none.
    private static func unknownMember(of given: Any, knownAs known: Any, path: String) -> String? {
        if let given = given as? [String: Any], let known = known as? [String: Any] {
            for (name, value) in given.sorted(by: { $0.key < $1.key }) {
                let memberPath = path.isEmpty ? name : "\(path).\(name)"
                guard let knownValue = known[name] else { return memberPath }
                if let found = unknownMember(of: value, knownAs: knownValue, path: memberPath) {
                    return found
                }
            }
        } else if let given = given as? [Any], let known = known as? [Any] {
            for (index, (value, knownValue)) in zip(given, known).enumerated() {
                let found = unknownMember(of: value, knownAs: knownValue, path: "\(path)[\(index)]")
                if let found { return found }
            }
        }
        return nil
    }

    private static func sentence(for error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context):
            return "the member '\(path(context.codingPath + [key]))' is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return "the member '\(path(context.codingPath))' has another type than expected"
        case .dataCorrupted(let context) where context.codingPath.isEmpty:
            return "it is no JSON"
        case .dataCorrupted(let context):
            return "the member '\(path(context.codingPath))' is wrong: \(context.debugDescription)"
        @unknown default:
            return "it cannot be decoded"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.reduce("") { path, key in
            if let index = key.intValue { return "\(path)[\(index)]" }
            return path.isEmpty ? key.stringValue : "\(path).\(key.stringValue)"
        }
    }
}
