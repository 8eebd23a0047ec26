import Foundation

/// Examples in the documentation, so that tests can read what people read.
public enum DocumentedExample {
    /// The text of a page's first fenced block of a language.
    ///
    /// - Parameters:
    ///   - language: What stands behind the fence, such as `json`.
    ///   - page: Path below the repository's root.
    /// - Throws: If the page or the block is missing.
    public static func first(of language: String, in page: String) throws -> String {
        let text = try String(contentsOf: Repository.root.appending(path: page), encoding: .utf8)
        guard let start = text.range(of: "```\(language)\n"),
            let end = text.range(of: "\n```", range: start.upperBound..<text.endIndex)
        else { throw CocoaError(.fileReadCorruptFile) }
        return String(text[start.upperBound..<end.lowerBound])
    }
}
