import Foundation
import TestSupport
import Testing

/// A data directory of a test's own, served on a port of its own, with a key for its queue.
final class ServedQueue: Sendable {
    let data: DataDirectory
    let url: String
    let keyFile: URL
    private let program: RunningProgram

    /// - Parameter settings: Environment variables of the service, such as `REGRADE_TLS_KEY`.
    init(
        _ data: DataDirectory, scope: String = "review", settings: [String: String] = [:]
    ) async throws {
        self.data = data
        let key = try await data.regrade("key", "create", "kim's terminal", "--scope", scope)
        #expect(key.status == 0, "\(key.messages)")
        keyFile = try data.write(key.standardOutput, to: "key")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: keyFile.path)
        program = try RepositoryProgram.start(
            ["serve", "--data", data.path, "--port", "0"], environment: settings)
        url = try await Self.listeningURL(of: program)
    }

    private static func listeningURL(of program: RunningProgram) async throws -> String {
        let prefix = "listening on "
        for _ in 0..<600 {
            let text = String(decoding: try program.outputSoFar(), as: UTF8.self)
            if text.hasPrefix(prefix), text.hasSuffix("\n") {
                return String(text.dropFirst(prefix.count).dropLast())
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        program.kill()
        let output = try await program.output()
        throw NeverListened(messages: output.messages)
    }

    /// The program ended or kept silent.
    struct NeverListened: Error {
        let messages: String
    }

    /// The flags that name the queue.
    var flags: [String] { ["--server", url, "--key-file", keyFile.path] }

    /// Runs `regrade` on the queue, not on its data directory.
    func regrade(_ arguments: String...) async throws -> ProgramOutput {
        try await RepositoryProgram.run(arguments + flags)
    }

    func stop() async throws {
        program.terminate()
        let output = try await program.output()
        #expect(output.status == 0, "\(output.messages)")
    }
}

extension DataDirectory {
    /// A data directory with open cases, …, the first the most valuable, and a reviewer.
    static func withQueue(_ count: Int = 2, statement: String = "as new") async throws
        -> DataDirectory
    {
        let data = try DataDirectory()
        _ = try await data.regrade("automation", "off")
        for number in 1...count {
            let output = try await data.regrade(
                "inspect", Fixtures.photo.path, "--order-id", "A-\(number)", "--value",
                "\(900_000 / number / number)", "--currency", "EUR", "--category", "box",
                "--region", "DE", "--statement", statement)
            #expect(output.status == 0, "\(output.messages)")
        }
        let added = try await data.regrade("reviewer", "add", "kim")
        #expect(added.status == 0, "\(added.messages)")
        return data
    }
}
