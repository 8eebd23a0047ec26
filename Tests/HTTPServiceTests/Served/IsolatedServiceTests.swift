import Foundation
import TestSupport
import Testing

/// The service decodes in helper processes unless it is told not to.
struct IsolatedServiceTests {
    @Test
    func aHelperThatIsKilledIsReplacedByTheNextPhoto() async throws {
        let served = try await ServedData(settings: ["REGRADE_WORKERS": "1"])
        let figures = ProcessFigures(of: served.program.identifier)
        #expect(try await served.post([Photo.box], key: "first").status == 201)
        let helper = try #require(try figures.children.first)
        #expect(try figures.children.count == 1)
        kill(helper, SIGKILL)
        // On a busy machine a process takes its time to die, and until then it takes photos.
        for _ in 0..<1000 where try figures.children.contains(helper) {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(try await served.post([Photo.box], key: "second").status == 201)
        let next = try #require(try figures.children.first)
        #expect(next != helper)
        #expect(try await served.stop().status == 0)
    }

    @Test
    func withoutIsolationThereIsNoHelper() async throws {
        let served = try await ServedData(settings: ["REGRADE_ISOLATE_DECODERS": "false"])
        #expect(try await served.post([Photo.box], key: "first").status == 201)
        let figures = ProcessFigures(of: served.program.identifier)
        #expect(try figures.children.isEmpty)
        #expect(try await served.stop().status == 0)
    }
}
