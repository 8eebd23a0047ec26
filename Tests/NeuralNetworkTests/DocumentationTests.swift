import Foundation
import NeuralNetwork
import TestSupport
import Testing

/// The page of operators says what is built in.
struct DocumentationTests {
    private let page = Repository.root.appending(path: "docs/operators.md")
    private let heading = "| operator | inputs | attributes |\n|---|---|---|\n"

    @Test
    func theTableOfOperatorsIsComplete() throws {
        let text = try String(contentsOf: page, encoding: .utf8)
        let parts = text.components(separatedBy: heading)
        try #require(parts.count == 2, "docs/operators.md has no table of operators")
        let end = parts[1].range(of: "\n\n")?.lowerBound ?? parts[1].endIndex
        let table = OperatorCatalogue.rows.joined(separator: "\n")
        guard ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == nil else {
            let updated = parts[0] + heading + table + parts[1][end...]
            try Data(updated.utf8).write(to: page)
            return
        }
        #expect(
            parts[1][..<end] == table,
            "docs/operators.md is not up to date; UPDATE_GOLDEN=1 mends it")
    }
}
