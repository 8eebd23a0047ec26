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
    func parallelTriesOfOneKeyMakeOneInspection() async throws {
        let served = try await ServedData()
        let photo = try Photo.box
        for key in ["a", "b", "c"] {
            let replies = try await withThrowingTaskGroup(of: Reply.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await served.post([photo], key: key) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let answered = replies.filter { $0.status == 201 }
            #expect(!answered.isEmpty && Set(answered.map(\.body)).count == 1)
            for other in replies where other.status != 201 {
                #expect(other.status == 409 && other.code == "request_running")
                #expect(other.headers["Retry-After"] != nil)
            }
            let last = try await served.post([photo], key: key)
            #expect(last.body == answered.first?.body)
        }
        #expect(try await inspectionIDs(served).count == 3)
        try await served.stop()
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
