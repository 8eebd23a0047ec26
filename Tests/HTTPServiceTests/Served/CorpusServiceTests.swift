import Foundation
import TestSupport
import Testing

/// Image files that nobody on the project made, through the real endpoint.
///
/// A sample here; every file when run at length, as `scripts/stress-suites/http-corpus` does.
@Suite(.enabled(if: Corpus.isPresent))
struct CorpusServiceTests {
    private static let runsAtLength =
        ProcessInfo.processInfo.environment["REGRADE_STRESS"] == "1"
    private static let stride = runsAtLength ? 1 : 37

    @Test
    func everyFileIsDecidedOrRefusedInWords() async throws {
        let served = try await ServedData(settings: ["REGRADE_REQUEST_RATE_LIMIT": "1000000"])
        var statuses: [Int: Int] = [:]
        for (index, entry) in Corpus.entries.enumerated() where index % Self.stride == 0 {
            let bytes = Data(try Corpus.bytes(entry.path))
            let reply = try await served.send(
                "POST", "/v1/inspections",
                headers: ["Content-Type": "image/jpeg", "Idempotency-Key": "f\(index)"],
                body: bytes)
            statuses[reply.status, default: 0] += 1
            #expect([201, 413, 415, 422].contains(reply.status), "\(entry.path) \(reply.status)")
            if reply.status != 201 {
                #expect(reply.code != nil && reply.object["request_id"] != nil, "\(entry.path)")
            }
            switch entry.expectation {
            case .decode, .decodeFlagged: #expect(reply.status == 201, "\(entry.path)")
            case .refuse, .refuseLimit: #expect(reply.status != 201, "\(entry.path)")
            case .unsupported: #expect(reply.status == 415, "\(entry.path)")
            case .decodeFlaggedOrRefuse, .bounded: break
            }
        }
        let counts = statuses.sorted { $0.key < $1.key }.map { "\($0.value) x \($0.key)" }
        let name = Self.runsAtLength ? "RESULT http-corpus:" : "corpus over HTTP:"
        print("\(name) \(counts.joined(separator: ", ")) answers, no 5xx, one process")
        #expect(try await served.send("GET", "/livez").status == 200)
        #expect(try await served.stop().status == 0)
    }
}
