/// Every limit has a name that ends alike and a line in the operators' page.
enum LimitRules {
    /// A limit as the page must name it: `DecodingLimits.sideLimit`.
    struct Limit: Hashable {
        /// 1-based.
        let line: Int
        let name: String
    }

    /// The public limits that a source file declares.
    ///
    /// A limit is a public property whose name ends in `Limit`; `isLimit` is an assertion.
    static func publicLimits(in file: RepositoryFile) -> [Limit] {
        let lines = file.lines
        return lines.indices.compactMap { index in
            let words = words(of: lines[index])
            guard words.first == "public",
                let keyword = words.firstIndex(where: { $0 == "var" || $0 == "let" }),
                keyword + 1 < words.count, words[keyword + 1].hasSuffix("Limit"),
                !words[keyword + 1].hasPrefix("is"), !words[..<keyword].contains("func")
            else { return nil }
            let type = enclosingType(of: index, in: lines)
            return Limit(line: index + 1, name: type + "." + words[keyword + 1])
        }
    }

    /// The limits that the page does not name in code quotes.
    static func undocumented(in file: RepositoryFile, page: String) -> [Violation] {
        publicLimits(in: file).filter { !page.contains("`\($0.name)`") }.map {
            Violation(path: file.path, line: $0.line, what: "`\($0.name)` is not in the page")
        }
    }

    /// The name in the nearest line above that declares a type and is indented less.
    private static func enclosingType(of index: Int, in lines: [Substring]) -> String {
        let kinds: Set<Substring> = ["struct", "enum", "class", "actor", "extension"]
        for line in lines[..<index].reversed() where line.indentation < lines[index].indentation {
            let words = words(of: line)
            if let kind = words.firstIndex(where: kinds.contains), kind + 1 < words.count {
                return String(words[kind + 1])
            }
        }
        return ""
    }

    private static func words(of line: Substring) -> [Substring] {
        line.code.split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "." }
    }
}
