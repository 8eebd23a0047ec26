public import Foundation

/// Writes an evaluation as files.
public struct EvaluationFiles {
    private let evaluation: Evaluation

    /// Names the evaluation.
    public init(_ evaluation: Evaluation) {
        self.evaluation = evaluation
    }

    /// The document of schema `regrade.evaluation/1`.
    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(evaluation) + Data("\n".utf8)
    }

    /// Writes the document.
    ///
    /// - Throws: ``Failure`` of kind `cannotCreateOutput`.
    public func writeJSON(to path: String) throws {
        try Self.write(try json(), to: path)
    }

    /// Writes the page with the mistakes' pictures, which are judged once more for their heat maps.
    ///
    /// - Parameters:
    ///   - labels: Where the photos lie.
    ///   - judge: The model that judged them.
    /// - Throws: ``Failure`` of kind `cannotCreateOutput`.
    public func writePage(
        to path: String, labels: [LabelledPhoto], judge: PhotoJudge
    ) async throws {
        let byPath = Dictionary(labels.map { ($0.path, $0) }) { first, _ in first }
        var pictures: [String: Thumbnail] = [:]
        for mistake in evaluation.mistakes.prefix(EvaluationPage.mistakeCountLimit) {
            guard let label = byPath[mistake.path] else { continue }
            pictures[mistake.path] = await judge.thumbnail(of: label)
        }
        try EvaluationPage(evaluation, pictures: pictures).page.write(to: path)
    }

    /// Writes a whole file or none.
    static func write(_ bytes: Data, to path: String) throws {
        let file = try OutputFile(path: path)
        try file.write(bytes)
        try file.finish()
    }
}
