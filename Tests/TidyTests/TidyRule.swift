import Testing

/// One file of the repository, as the rules see it.
struct RepositoryFile: Hashable, Sendable {
    /// Relative to the repository root, with `/` between the parts.
    let path: String
    let text: String

    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
    var isSwift: Bool { path.hasSuffix(".swift") && !path.hasSuffix(".pb.swift") }
    var isMarkdown: Bool { path.hasSuffix(".md") }

    func isBelow(_ folders: String...) -> Bool {
        folders.contains { path.hasPrefix($0 + "/") }
    }

    /// The module of a source file: `Sources/Imaging/JPEGDecoder.swift` is in `Imaging`.
    var module: Substring? {
        let parts = path.split(separator: "/")
        return parts.count > 2 && parts[0] == "Sources" ? parts[1] : nil
    }
}

/// A place where a rule is broken.
struct Violation: Hashable, Sendable, CustomStringConvertible {
    let path: String
    /// 1-based; nil where the whole file is meant.
    var line: Int?
    let what: String

    var description: String { "\(path)\(line.map { ":\($0)" } ?? ""): \(what)" }
}

/// A rule about the text of one file, with the examples that show it can fail.
struct TidyRule: Sendable, CustomTestStringConvertible {
    /// A sentence that says what holds.
    let name: String
    /// Which files it is about.
    let isAbout: @Sendable (RepositoryFile) -> Bool
    /// The violations in such a file.
    let violations: @Sendable (RepositoryFile) -> [Violation]
    /// Files that break the rule, each in one place.
    let planted: [RepositoryFile]
    /// Files that look similar and keep it.
    let harmless: [RepositoryFile]

    var testDescription: String { name }

    /// The violations in a file, none if the rule is not about it.
    func check(_ file: RepositoryFile) -> [Violation] {
        isAbout(file) ? violations(file) : []
    }
}

extension TidyRule {
    /// A rule that looks at each line alone; `problem` is given the line and the file's path, and
    /// says what is wrong, or nil.
    static func eachLine(
        _ name: String, in isAbout: @escaping @Sendable (RepositoryFile) -> Bool,
        planted: [RepositoryFile], harmless: [RepositoryFile],
        problem: @escaping @Sendable (Substring, String) -> String?
    ) -> TidyRule {
        TidyRule(
            name: name, isAbout: isAbout,
            violations: { file in
                file.lines.enumerated().compactMap { index, line in
                    problem(line, file.path).map {
                        Violation(path: file.path, line: index + 1, what: $0)
                    }
                }
            },
            planted: planted, harmless: harmless)
    }
}

extension Substring {
    var trimmed: Substring {
        let start = drop { $0 == " " || $0 == "\t" }
        guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return start[...last]
    }

    var isComment: Bool { trimmed.hasPrefix("//") }
    var indentation: Int { prefix { $0 == " " }.count }

    /// The line without a comment at its end; a `//` inside a string literal stays.
    var code: Substring {
        if isComment { return "" }
        guard let comment = firstRange(of: " // ") else { return self }
        return self[..<comment.lowerBound]
    }
}
