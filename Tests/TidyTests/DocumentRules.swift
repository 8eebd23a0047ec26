/// Pages that answer one question each, and say nothing about the machine they were written on.
enum DocumentRules {
    static let all = [oneTitle, noMachinePaths]

    static let oneTitle = TidyRule(
        name: "a page has one title, on its first line",
        isAbout: { $0.isMarkdown },
        violations: { file in
            let titles = textLines(of: file).filter { $0.line.hasPrefix("# ") }
            if titles.first?.number == 1, titles.count == 1 { return [] }
            let place = titles.count > 1 ? titles[1].number : 1
            return [Violation(path: file.path, line: place, what: "\(titles.count) titles")]
        },
        planted: [
            RepositoryFile(path: "docs/a.md", text: "# One\n\ntext\n\n# Two\n"),
            RepositoryFile(path: "docs/a.md", text: "text without a title\n"),
            RepositoryFile(path: "README.md", text: "text first\n\n# One\n"),
        ],
        harmless: [
            RepositoryFile(path: "docs/a.md", text: "# One\n\n## Two\n"),
            RepositoryFile(path: "docs/a.md", text: "# One\n\n```sh\n# a comment\n```\n"),
        ])

    /// Where the developers' machines keep things; another machine has them elsewhere.
    private static let machinePaths = ["work", "root", "opt/swift", "home"].map { "/\($0)/" }

    static let noMachinePaths = TidyRule.eachLine(
        "no file names a path of one machine",
        in: { _ in true },
        planted: machinePaths.map {
            RepositoryFile(path: "docs/a.md", text: "Look into `\($0)somebody`.\n")
        },
        harmless: [
            RepositoryFile(path: "docs/a.md", text: "Look into `models/` and framework/work/.\n"),
            RepositoryFile(path: "scripts/a", text: "#!/usr/bin/env bash\n"),
        ],
        problem: { line, _ in
            machinePaths.first { path in
                line.ranges(of: path).contains { range in
                    guard range.lowerBound > line.startIndex else { return true }
                    let before = line[line.index(before: range.lowerBound)]
                    return !(before.isLetter || before.isNumber || "/._-})~$*".contains(before))
                }
            }
        })

    /// The lines outside code fences, with their 1-based numbers.
    static func textLines(of file: RepositoryFile) -> [(number: Int, line: Substring)] {
        var inFence = false
        return file.lines.enumerated().compactMap { index, line in
            if line.trimmed.hasPrefix("```") {
                inFence.toggle()
                return nil
            }
            return inFence ? nil : (index + 1, line)
        }
    }

    /// A page's links into the repository: the line, what is written, and the path from the root.
    ///
    /// Addresses and places on the same page are left out.
    static func relativeLinks(
        in file: RepositoryFile
    ) -> [(line: Int, target: String, path: String)] {
        textLines(of: file).flatMap { number, line in
            line.ranges(of: "](").compactMap { range in
                let target = line[range.upperBound...].prefix { $0 != ")" && $0 != " " }
                guard !target.contains("://"), !target.hasPrefix("mailto:"),
                    let place = target.split(separator: "#", omittingEmptySubsequences: false)
                        .first, !place.isEmpty
                else { return nil }
                return (number, String(target), resolved(String(place), from: file.path))
            }
        }
    }

    /// `../a.md` in `docs/b.md` is `a.md`.
    private static func resolved(_ target: String, from path: String) -> String {
        var parts = path.split(separator: "/").dropLast().map(String.init)
        for part in target.split(separator: "/") where part != "." {
            if part == "..", !parts.isEmpty {
                parts.removeLast()
            } else {
                parts.append(String(part))
            }
        }
        return parts.joined(separator: "/")
    }
}
