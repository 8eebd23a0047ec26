import ReturnsDomain
import TestSupport
import Testing
import Workflow

/// What an item is refused for before its photos are judged.
struct InspectorLimitTests {
    @Test func anItemThatWaitedForTooLongIsNotInspected() async throws {
        var settings = Settings()
        settings.workerCount = 1
        let inspector = try Inspector(settings: settings)
        let item = ItemSubmission(
            photos: [SubmittedPhoto(bytes: Array("no photo".utf8), view: .front)],
            order: OrderData())
        let now = ContinuousClock.now
        for (seconds, isLate) in [(-1, true), (3600, false)] {
            let terms = InspectionTerms(deadline: now.advanced(by: .seconds(seconds)))
            // In time it is looked at, and found to be no photo.
            let failure = await #expect(throws: Failure.self) {
                try await inspector.inspect(item, terms: terms)
            }
            #expect((failure?.code == "processing_deadline") == isLate)
        }
    }
}
