/// Why a policy file cannot be used.
public enum PolicyFileError: Error, Hashable, Sendable {
    /// The file could not be opened or read.
    case unreadable(path: String)
    /// The file has more bytes than ``LoadedPolicy/byteCountLimit``; nothing was parsed.
    case tooLarge(limit: Int)
    /// The bytes are not UTF-8 text.
    case notUTF8
    /// The text says something that no policy may say; all mistakes at once, in the file's order.
    case invalid([PolicyFileProblem])
}

/// One mistake in a policy file.
public struct PolicyFileProblem: Error, Hashable, Sendable {
    /// The line, from 1.
    public let line: Int
    /// The column in characters, from 1.
    public let column: Int
    /// The path of the member, such as `rules[2].when.value.EUR`; empty for the file as a whole.
    public let member: String
    /// What is wrong, what is expected, and the offending value.
    public let message: String
}

extension PolicyFileProblem: CustomStringConvertible {
    /// Place, member and sentence on one line.
    public var description: String {
        "line \(line), column \(column): \(member.isEmpty ? "" : "\(member) ")\(message)"
    }
}

extension PolicyFileError: CustomStringConvertible {
    /// The sentence for people; one line for each mistake in the file.
    public var description: String {
        switch self {
        case .unreadable(let path):
            "policy file '\(path)' cannot be read; check that it exists and may be read"
        case .tooLarge(let limit):
            "policy file has more bytes than the limit of \(limit)"
        case .notUTF8:
            "policy file is not UTF-8 text"
        case .invalid(let problems):
            "policy file has \(problems.count) mistake\(problems.count == 1 ? "" : "s"):\n"
                + problems.map { "  \($0)" }.joined(separator: "\n")
        }
    }
}
