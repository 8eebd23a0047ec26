import CaseStore
import Crypto
import Foundation
import ReturnsDomain
import TestSupport
import Testing

/// The entry printed in `docs/audit-log.md` is a whole log of one entry.
@Suite struct AuditExampleTests {
    let directory = TemporaryDirectory()

    private func example() throws -> String {
        let page = Repository.root.appending(path: "docs/audit-log.md")
        let text = String(decoding: try Data(contentsOf: page), as: UTF8.self)
        return try #require(
            text.split(separator: "\n").map(String.init).first { line in
                line.hasPrefix("{\"actor\"")
            })
    }

    @Test func theExampleVerifies() async throws {
        let folder = directory.appending("audit")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let segment = folder.appending(path: "00000001.jsonl")
        try Data((try example() + "\n").utf8).write(to: segment)

        let verification = try await AuditVerifier.verify(folder)

        #expect(verification.holds && verification.entryCount == 1)
    }

    /// As the page says: cut the member `hash` out, put the prefix in front, hash the bytes.
    @Test func theExampleHashesAsThePageSays() throws {
        let line = try example()
        let hash = try #require(try members(line)["hash"] as? String)
        let body = "regrade-audit-v1" + line.replacing("\"hash\":\"\(hash)\",", with: "")
        let digest = SHA256.hash(data: Data(body.utf8))
        #expect(ContentHash(digest: digest).description == hash)
    }
}
