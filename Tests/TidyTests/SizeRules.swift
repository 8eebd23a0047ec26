/// Files, functions and lines stay small enough to read at one sitting.
enum SizeRules {
    static let columnLimit = 100
    static let fileLineLimit = 400
    static let functionLineLimit = 70

    static let all = [shortLines, shortFiles, shortFunctions]

    static let shortLines = TidyRule.eachLine(
        "lines have at most \(columnLimit) columns",
        in: { $0.isSwift && $0.isBelow("Sources", "Tests") },
        planted: [
            RepositoryFile(path: "Sources/A/B.swift", text: String(repeating: "x", count: 101))
        ],
        harmless: [
            RepositoryFile(path: "Sources/A/B.swift", text: String(repeating: "é", count: 100)),
            RepositoryFile(path: "Sources/A/B.pb.swift", text: String(repeating: "x", count: 101)),
        ],
        problem: { line, _ in line.count > columnLimit ? "\(line.count) columns" : nil })

    static let shortFiles = TidyRule(
        name: "files have at most \(fileLineLimit) lines",
        isAbout: {
            $0.isBelow("Sources", "Tests") && !$0.path.hasSuffix(".pb.swift")
                && [".swift", ".c", ".h"].contains(where: $0.path.hasSuffix)
        },
        violations: { file in
            let count = file.lines.count - (file.text.hasSuffix("\n") ? 1 : 0)
            guard count > fileLineLimit else { return [] }
            return [Violation(path: file.path, what: "\(count) lines")]
        },
        planted: [
            RepositoryFile(path: "Sources/A/B.swift", text: String(repeating: "\n", count: 401)),
            RepositoryFile(path: "Sources/C/b.c", text: String(repeating: "\n", count: 401)),
        ],
        harmless: [
            RepositoryFile(path: "Sources/A/B.swift", text: String(repeating: "\n", count: 400)),
            RepositoryFile(path: "docs/long.md", text: String(repeating: "\n", count: 401)),
        ])

    static let shortFunctions = TidyRule(
        name: "functions have at most \(functionLineLimit) lines",
        isAbout: { $0.isSwift && $0.isBelow("Sources", "Tests") },
        violations: { file in
            functions(in: file.lines).filter { $0.count > functionLineLimit }.map {
                Violation(path: file.path, line: $0.lowerBound + 1, what: "\($0.count) lines")
            }
        },
        planted: [
            RepositoryFile(path: "Sources/A/B.swift", text: function(lineCount: 71)),
            RepositoryFile(
                path: "Sources/A/B.swift",
                text: "struct A {\n" + function(lineCount: 71, indentation: "    ") + "}\n"),
        ],
        harmless: [
            RepositoryFile(path: "Sources/A/B.swift", text: function(lineCount: 70)),
            RepositoryFile(
                path: "Sources/A/B.swift",
                text: "protocol A {\n    func a()\n}\nextension B {\n"
                    + String(repeating: "    var a: Int { 1 }\n", count: 80) + "}\n"),
        ])

    /// The lines of each function, as a formatted file shows them: from the line that declares it
    /// to the closing brace of the same indentation.
    static func functions(in lines: [Substring]) -> [Range<Int>] {
        lines.indices.compactMap { start in
            guard declaresFunction(lines[start]),
                let opening = lineOfOpeningBrace(lines, from: start)
            else { return nil }
            let closing = String(repeating: " ", count: lines[start].indentation) + "}"
            let end = lines[opening...].dropFirst().firstIndex { $0.hasPrefix(closing) }
            return start..<(end ?? opening) + 1
        }
    }

    private static func declaresFunction(_ line: Substring) -> Bool {
        let words = line.prefix { $0 != "(" && $0 != "<" && $0 != "{" }.split(separator: " ")
        return !line.isComment && words.count < 9
            && words.contains { ["func", "init", "init?", "deinit", "subscript"].contains($0) }
    }

    /// The line that ends with the brace of the body, or nil for a requirement without one.
    private static func lineOfOpeningBrace(_ lines: [Substring], from start: Int) -> Int? {
        for index in start..<lines.count {
            let line = lines[index].trimmed
            if line.hasSuffix("{") { return index }
            let next = index + 1 < lines.count ? lines[index + 1] : ""
            let continues =
                next.indentation > lines[start].indentation || next.trimmed.hasPrefix(")")
                || next.trimmed == "{"
            if !continues { return nil }
        }
        return nil
    }

    private static func function(lineCount: Int, indentation: String = "") -> String {
        let body = String(repeating: indentation + "    work()\n", count: lineCount - 2)
        return "\(indentation)func long() {\n" + body + indentation + "}\n"
    }
}
