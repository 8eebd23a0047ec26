import Yams

/// Collects the mistakes of one file, so that all are told at once.
final class PolicyFileProblems {
    private(set) var all: [PolicyFileProblem] = []

    func add(_ message: String, member: String, at mark: Mark?) {
        all.append(
            PolicyFileProblem(
                line: mark?.line ?? 1, column: mark?.column ?? 1, member: member, message: message))
    }
}

/// One value of a policy file with its place.
///
/// Every reading function returns nil after it reported a mistake, so that reading goes on and
/// finds the next one.
struct PolicyFileNode {
    let node: Node
    /// The path from the top, such as `rules[2].when`; empty at the top.
    let member: String
    let problems: PolicyFileProblems

    /// More elements of one list or mapping than any policy needs; a mistake, not a policy.
    static let elementCountLimit = 1000
    /// Longer than any text shown to a customer or reviewer.
    static let textByteCountLimit = 2000

    func report(_ message: String) {
        problems.add(message, member: member, at: node.mark)
    }

    /// The members of a mapping with a fixed set of names; reports missing and unknown ones.
    func members(required: [String], optional: [String] = []) -> [String: PolicyFileNode] {
        let known = required + optional
        var found: [String: PolicyFileNode] = [:]
        guard let entries = entries() else { return [:] }
        for (name, value) in entries {
            if known.contains(name) {
                found[name] = value
            } else {
                value.report("is not known; expected one of \(known.joined(separator: ", "))")
            }
        }
        for name in required where found[name] == nil {
            report("needs the member '\(name)'")
        }
        return found
    }

    /// The members of a mapping with free names, in the file's order; nil if it is none.
    func entries() -> [(name: String, value: PolicyFileNode)]? {
        guard let mapping = node.mapping else {
            report("is \(kind), expected members with names")
            return nil
        }
        guard mapping.count <= Self.elementCountLimit else {
            report("has \(mapping.count) members, more than the limit of \(Self.elementCountLimit)")
            return nil
        }
        return mapping.compactMap { key, value in
            guard let name = key.scalar?.string else {
                problems.add("has a name that is no word", member: member, at: key.mark)
                return nil
            }
            let path = member.isEmpty ? name : "\(member).\(name)"
            return (name, PolicyFileNode(node: value, member: path, problems: problems))
        }
    }

    /// The elements of a list; nil if it is none.
    func elements() -> [PolicyFileNode]? {
        guard let sequence = node.sequence else {
            report("is \(kind), expected a list")
            return nil
        }
        guard sequence.count <= Self.elementCountLimit else {
            report(
                "has \(sequence.count) entries, more than the limit of \(Self.elementCountLimit)")
            return nil
        }
        return sequence.enumerated().map { index, element in
            PolicyFileNode(node: element, member: "\(member)[\(index)]", problems: problems)
        }
    }

    /// What the value is, for mistakes.
    private var kind: String {
        switch node {
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .scalar(let scalar): scalar.string.isEmpty ? "empty" : "'\(scalar.string.prefix(40))'"
        case .alias: "an alias"
        }
    }
}

extension PolicyFileNode {
    /// Text of at least one character; numbers and words like `NO` are taken as they are written.
    func text() -> String? {
        guard let text = node.scalar?.string, !text.isEmpty else {
            report("is \(kind), expected text")
            return nil
        }
        guard text.utf8.count <= Self.textByteCountLimit else {
            report(
                "has \(text.utf8.count) bytes, more than the limit of \(Self.textByteCountLimit)")
            return nil
        }
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\n" }) else {
            report("contains a control character")
            return nil
        }
        return text
    }

    /// A word of `a-z`, `0-9` and `_`, at most 64 characters.
    func name() -> String? {
        guard let text = text() else { return nil }
        guard isName(text) else {
            report("is '\(text)', expected at most 64 of a-z, 0-9 and _")
            return nil
        }
        return text
    }

    /// An integer written without quotes.
    func integer(in range: ClosedRange<Int>) -> Int? {
        guard let value = plain.flatMap({ Int($0) }), range.contains(value) else {
            report(
                "is \(kind), expected an integer from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return value
    }

    /// A number written without quotes.
    func number(in range: ClosedRange<Double>) -> Double? {
        guard let value = plain.flatMap({ Double($0) }), range.contains(value) else {
            report("is \(kind), expected a number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return value
    }

    /// `true` or `false` written without quotes.
    func flag() -> Bool? {
        switch plain {
        case "true": return true
        case "false": return false
        default:
            report("is \(kind), expected true or false")
            return nil
        }
    }

    /// One word of a closed list.
    func word<Value>(of values: [(word: String, value: Value)]) -> Value? {
        if let text = node.scalar?.string, let match = values.first(where: { $0.word == text }) {
            return match.value
        }
        report("is \(kind), expected one of \(values.map(\.word).joined(separator: ", "))")
        return nil
    }

    private var plain: String? {
        guard let scalar = node.scalar, scalar.style == .plain else { return nil }
        return scalar.string
    }
}

/// Whether text is at most 64 of `a-z`, `0-9` and `_`.
func isName(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
        && text.utf8.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "_")
        }
}
