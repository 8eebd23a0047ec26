import Foundation
import TestSupport
import Testing

/// What was acknowledged is there, once, whatever happens to the process.
struct DurabilityTests {
    private func inspectionIDs(_ served: ServedData) async throws -> [String] {
        let list = try await served.send("GET", "/v1/inspections?limit=100")
        let page = try #require(list.object["inspections"] as? [[String: Any]])
        return page.compactMap { $0["id"] as? String }
    }

    @Test
    func aKillLosesNothingAcknowledgedAndDoublesNothing() async throws {
        let photo = try Photo.box
        var served = try await ServedData()
        // Some for later, acknowledged at once; one that the kill interrupts, never acknowledged.
        var promised: Set<String> = []
        for number in 0..<4 {
            let reply = try await served.post(
                [photo], key: "later-\(number)", headers: ["Prefer": "respond-async"])
            let location = try #require(reply.headers["Location"])
            promised.insert(String(location.dropFirst("/v1/inspections/".count)))
        }
        let interrupted = Task { [served] in
            try await served.post([photo], order: #"{"sku":"x"}"#, key: "now")
        }
        try await Task.sleep(for: .milliseconds(20))
        try await served.kill()
        let before = try? await interrupted.value
        served = try await ServedData(again: served)
        for id in promised {
            let read = try await served.send("GET", "/v1/inspections/\(id)?wait=30")
            #expect(read.object["adjudication"] is [String: Any])
        }
        let after = try await served.post([photo], order: #"{"sku":"x"}"#, key: "now")
        #expect(after.status == 201)
        if let before { #expect(before.body == after.body) }
        let ids = try await inspectionIDs(served)
        #expect(ids.count == 5 && promised.isSubset(of: ids))
        try await served.stop()
        let verified = try await RepositoryProgram.run([
            "audit", "verify", "--data", served.dataPath,
        ])
        #expect(verified.status == 0, "\(verified.messages)")
    }
}
