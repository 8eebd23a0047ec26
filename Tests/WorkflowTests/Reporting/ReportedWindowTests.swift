import CaseStore
import Foundation
import Reporting
import ReturnsDomain
import TestSupport
import Testing
import Workflow

/// Which cases `regrade report` holds in memory.
struct ReportedWindowTests {
    private static let exampleID = "insp_01KAJ2Q8C0S5V9N4T7W1X3Y6Z8"

    /// The documented adjudication, recorded under ids of its own in these categories.
    private func casebook(in folder: TemporaryFolder, categories: [String]) async throws -> Casebook
    {
        let example = try DocumentedExample.first(of: "json", in: "docs/adjudication.md")
        let store = try await CaseStore.open(at: folder.url)
        for category in categories {
            let id = InspectionID(at: .now)
            let text = example.replacing(Self.exampleID, with: id.description)
                .replacing("\"category\": \"phone\"", with: "\"category\": \"\(category)\"")
            let document = try JSONDecoder().decode(Adjudication.self, from: Data(text.utf8))
            try await store.record([
                InspectionRecord(
                    adjudication: document, statement: nil, consent: nil, photos: [],
                    reviewTask: ReviewTaskDraft(
                        priority: 1, dueAt: .now, reasons: [.confidenceBelowThreshold]))
            ])
        }
        return try await Casebook.open(directory: folder.url.path, creating: false) { _ in }
    }

    private func caseCount(_ report: KPIReport) throws -> Double? {
        let figures = report.sections.flatMap(\.figures)
        return try #require(figures.first { $0.key == "cases" }).value
    }

    @Test func aWindowAtTheLimitIsReportedAndOneAboveIsRefusedWithTheCure() async throws {
        let folder = try TemporaryFolder()
        let casebook = try await casebook(in: folder, categories: ["box", "box", "shoes"])
        for limit in [3, 4] {
            let report = try await casebook.report(since: nil, until: nil, caseCountLimit: limit)
            #expect(try caseCount(report) == 3)
        }
        let refusal = await #expect(throws: Failure.self) {
            try await casebook.report(since: nil, until: nil, caseCountLimit: 2)
        }
        #expect(refusal?.code == "window_too_large" && refusal?.kind == .usage)
        #expect(refusal?.message.contains("more than 2 cases; choose a shorter one") == true)
        // Only cases of the category that is asked for count.
        let boxes = try await casebook.report(
            since: nil, until: nil, category: "box", caseCountLimit: 2)
        #expect(try caseCount(boxes) == 2)
    }
}
