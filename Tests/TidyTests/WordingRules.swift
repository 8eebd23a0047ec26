/// Words that have no place in finished code.
///
/// The words are put together here, so that this file
/// keeps the rules that it states.
enum WordingRules {
    static let all = [noReminders, noPrinting, noTraps, noSleeping, reasonsForUnchecked]

    private static func source(_ line: String, path: String = "Sources/A/B.swift") -> RepositoryFile
    {
        RepositoryFile(path: path, text: line + "\n")
    }

    private static let reminders = ["FIX" + "ME", "TO" + "DO", "XX" + "X"]

    static let noReminders = TidyRule.eachLine(
        "nothing is left to do later",
        in: {
            $0.isBelow("Sources", "Tests", "scripts", "docs", ".ci") || $0.path == "README.md"
        },
        planted: reminders.map { source("// \($0): the rest") }
            + [source("# \(reminders[0])", path: "scripts/run")],
        harmless: [source("let x" + "XX" + "XY = toDoList")],
        problem: { line, _ in
            reminders.first { word in
                line.split { !$0.isLetter && !$0.isNumber }.contains { $0 == word }
            }
        })

    static let noPrinting = TidyRule.eachLine(
        "libraries do not print",
        in: { $0.isSwift && $0.module != nil && $0.module != "RegradeCLI" },
        planted: [source("    print(\"here\")"), source("    debugPrint(value)")],
        harmless: [
            source("// print(it) would be wrong"), source("    blueprint(value)"),
            source("    print(\"here\")", path: "Sources/RegradeCLI/Table.swift"),
        ],
        problem: { line, _ in
            ["print", "debugPrint", "dump"].first { calls($0, line.code) }.map { "calls \($0)" }
        })

    static let noTraps = TidyRule.eachLine(
        "nothing traps on purpose",
        in: { $0.isSwift && $0.module != nil },
        planted: [
            source("    let a = " + "try" + "! load()"), source("    fatal" + "Error(\"no\")"),
        ],
        harmless: [source("    let a = try load()"), source("    throw FatalErrorInModel()")],
        problem: { line, _ in
            ["try" + "!", "fatal" + "Error("].first { line.code.contains($0) }
        })

    static let noSleeping = TidyRule.eachLine(
        "nothing waits by sleeping a thread",
        in: { $0.isSwift && $0.isBelow("Sources", "Tests") },
        planted: [
            source("    Thread" + ".sleep(forTimeInterval: 1)"),
            source("    us" + "leep(100)", path: "Tests/ATests/ATests.swift"),
        ],
        harmless: [source("    try await clock.sleep(for: .seconds(1))")],
        problem: { line, _ in
            ["Thread" + ".sleep", "us" + "leep(", "nano" + "sleep("].first {
                line.code.contains($0)
            }
        })

    static let reasonsForUnchecked = TidyRule(
        name: "what the compiler cannot check says why it is safe, with the word because",
        isAbout: { $0.isSwift && $0.isBelow("Sources", "Tests") },
        violations: { file in
            let lines = file.lines
            return lines.indices.compactMap { index in
                let marks = ["@unchecked" + " Sendable", "nonisolated" + "(unsafe)"]
                guard let mark = marks.first(where: { lines[index].code.contains($0) }),
                    !commentAround(index, in: lines).contains("because")
                else { return nil }
                return Violation(path: file.path, line: index + 1, what: "\(mark) without because")
            }
        },
        planted: [
            source("/// A pool.\nfinal class A: @unchecked" + " Sendable {}"),
            source("let a = 1  // because\n\nnonisolated" + "(unsafe) let b = 2"),
        ],
        harmless: [
            source(
                "/// Safe because\n/// of it.\n@frozen\nclass A: @unchecked" + " Sendable {}"),
            source("nonisolated" + "(unsafe) let b = 2  // because it is only read"),
            source("class A: @unchecked" + " Sendable {\n    // because of the lock\n}"),
        ])

    /// The comment above a line (attributes may stand between), on it, and on the next line.
    private static func commentAround(_ index: Int, in lines: [Substring]) -> String {
        var comments = [lines[index]]
        for line in lines[..<index].reversed() {
            guard line.isComment || line.trimmed.hasPrefix("@") else { break }
            comments.append(line)
        }
        comments += lines[(index + 1)...].prefix { $0.isComment }
        return comments.joined(separator: "\n")
    }

    /// Whether a line calls a free function of this name.
    private static func calls(_ name: String, _ line: Substring) -> Bool {
        line.ranges(of: name + "(").contains { range in
            guard range.lowerBound > line.startIndex else { return true }
            let before = line[line.index(before: range.lowerBound)]
            return !before.isLetter && !before.isNumber && before != "." && before != "_"
        }
    }
}
