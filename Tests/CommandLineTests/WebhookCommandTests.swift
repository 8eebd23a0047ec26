import Foundation
import TestSupport
import Testing

/// `regrade webhook`: endpoints from the command line.
struct WebhookCommandTests {
    private func webhook(_ data: URL, _ arguments: String...) async throws -> ProgramOutput {
        try await RepositoryProgram.run(["webhook"] + arguments + ["--data", data.path])
    }

    private func object(_ output: ProgramOutput) throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: output.standardOutput) as? [String: Any] ?? [:]
    }

    @Test
    func anEndpointComesRotatesAndGoes() async throws {
        let folder = try TemporaryFolder()
        let data = folder.file("data")
        let added = try await webhook(
            data, "add", "https://hooks.example/returns", "--event",
            "regrade.inspection.decided.v1", "--json")
        #expect(added.status == 0, "\(added.messages)")
        let endpoint = try object(added)
        let id = try #require(endpoint["id"] as? String)
        let secret = try #require(endpoint["secret"] as? String)
        #expect(secret.hasPrefix("whsec_"))
        #expect(endpoint["event_types"] as? [String] == ["regrade.inspection.decided.v1"])
        let again = try await webhook(data, "add", "https://hooks.example/returns")
        #expect(again.status == 64 && again.messages.contains(id))

        let rotated = try await webhook(data, "rotate", id)
        #expect(rotated.status == 0 && rotated.text.hasPrefix("whsec_"))
        #expect(rotated.text.trimmingCharacters(in: .newlines) != secret)
        let list = try await webhook(data, "list")
        #expect(list.text.contains("\(id)") && list.text.contains("active"))
        #expect(!list.text.contains("whsec_"))
        let log = try await webhook(data, "deliveries", id)
        #expect(log.status == 0 && log.text.isEmpty)
        let replayed = try await webhook(data, "replay", id, "--after", "0", "--until", "9")
        #expect(replayed.text == "0 events are sent again\n")
        #expect(try await webhook(data, "enable", id).status == 0)
        #expect(try await webhook(data, "remove", id).status == 0)
        #expect(try await webhook(data, "remove", id).status == 66)
    }

    @Test(arguments: [
        ["add", "http://hooks.example/"], ["add", "https://10.0.0.1/"],
        ["add", "https://hooks.example/", "--event", "everything"],
        ["deliveries", "whe_1"], ["remove", "key_01M7Y9FMFBEV8NWB3NGN9WC0ZB"],
    ])
    func whatCannotBeMeantIsRefused(arguments: [String]) async throws {
        let folder = try TemporaryFolder()
        let output = try await RepositoryProgram.run(
            ["webhook"] + arguments + ["--data", folder.file("data").path])
        #expect(output.status == 64 && output.text.isEmpty)
        #expect(!output.messages.isEmpty)
    }
}
