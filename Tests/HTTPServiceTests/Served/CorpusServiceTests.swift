import Foundation
import TestSupport
import Testing

/// Image files that nobody on the project made, through the real endpoint.
///
/// A sample here; every file when run at length, as `scripts/stress-suites/http-corpus` does.
@Suite(.enabled(if: Corpus.isPresent))
struct CorpusServiceTests {
    private static let files = Array(Corpus.entries.enumerated())
        .filter { Stress.isLong || $0.offset.isMultiple(of: 37) }.map(\.element)

    @Test
    func everyFileIsDecidedOrRefusedInWords() async throws {
        let served = try await ServedData(settings: ["REGRADE_REQUEST_RATE_LIMIT": "1000000"])
        var run = StressRun(
            "http-corpus", "files", long: Self.files.count, fast: Self.files.count)
        var answers: [String: Int] = [:]
        while run.goesOn {
            let entry = Self.files[run.trial - 1]
            let bytes = Data(try Corpus.bytes(entry.path))
            let reply = try await served.postFile(bytes, key: "f\(run.trial)")
            answers["\(reply.status)\(reply.code.map { " \($0)" } ?? "")", default: 0] += 1
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
            run.count(1)
        }
        #expect(try await served.send("GET", "/livez").status == 200)
        #expect(try await served.stop().status == 0)
        let counts = answers.sorted { $0.key < $1.key }.map { "\($0.value) x \($0.key)" }
            .joined(separator: ", ")
        print("corpus over HTTP: \(counts) of \(run.wanted) answers, no 5xx, one process")
        run.report("\(counts), no 5xx, one process")
    }
}
