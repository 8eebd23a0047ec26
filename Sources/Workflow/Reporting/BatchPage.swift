import Foundation
import Reporting
public import ReturnsDomain

/// The page of a batch: what came out, how sure, what to look at, what could not be read.
///
/// One file that needs nothing else. Of the customer's data it shows the photos it was asked to
/// show and the names of files, nothing that the shop stated.
public struct BatchPage: Sendable {
    private let inspector: Inspector
    private let casebook: Casebook

    /// Creates a page maker.
    public init(inspector: Inspector, casebook: Casebook) {
        self.inspector = inspector
        self.casebook = casebook
    }

    /// Writes the page of a run.
    ///
    /// - Parameters:
    ///   - run: Which run.
    ///   - source: Where its photos lie.
    ///   - summary: What it came to.
    ///   - comparison: What changed against an earlier run; nil for none.
    ///   - path: Where to write.
    /// - Throws: ``Failure`` of kind `cannotCreateOutput`.
    public func write(
        of run: BatchRun, _ source: BatchSource, _ summary: BatchSummary,
        comparison: RunComparison? = nil, to path: String
    ) async throws {
        var findings = BatchFindings()
        try await casebook.forEachResult(of: run) { findings.take($0, $1) }
        let shelf = try casebook.assessmentShelf(for: inspector)
        let shown = Set(findings.leastCertain.elements + findings.mostSevere.elements)
        var thumbnails: [BatchFindings.Item: Thumbnail] = [:]
        for item in shown {
            thumbnails[item] = await inspector.thumbnail(
                path: source.photoFile(item.path), of: item, shelf: shelf, casebook: casebook)
        }
        let view = BatchPageView(
            run: run, summary: summary, findings: findings, thumbnails: thumbnails,
            comparison: comparison)
        try HTMLPage(title: "Batch \(run.id)", body: view.body).write(to: path)
    }
}
