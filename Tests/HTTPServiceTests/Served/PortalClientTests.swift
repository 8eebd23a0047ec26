import Foundation
import TestSupport
import Testing

/// A client that was written from the OpenAPI document alone makes a portal's whole journey.
struct PortalClientTests {
    private static let python: URL? =
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { URL(filePath: String($0)).appending(path: "python3") }
        .first { FileManager.default.isExecutableFile(atPath: $0.path) }

    @Test(.enabled(if: python != nil, "there is no python3 in PATH"))
    func aPlainClientMakesTheWholeJourney() async throws {
        let served = try await ServedData()
        let review = try await ServedData.createKey(data: served.dataPath, scope: "review")
        _ = try await RepositoryProgram.run(["reviewer", "add", "kim", "--data", served.dataPath])
        let client = try RunningProgram(
            executable: try #require(Self.python),
            arguments: [
                Repository.root.appending(path: "Tests/PortalClient/portal.py").path,
                served.url.absoluteString, served.key, review, "kim", Repository.fixtures.path,
            ])
        let output = try await client.output()
        #expect(output.status == 0, "\(output.messages)")
        #expect(output.text.contains("every answer as described"), "\(output.text)")
        try await served.stop()
        let verified = try await RepositoryProgram.run([
            "audit", "verify", "--data", served.dataPath,
        ])
        #expect(verified.status == 0, "\(verified.text)")
    }
}
