import Foundation
import TestSupport
import Testing

/// The unit for systemd: what it runs runs, and systemd takes it.
struct ServiceUnitTests {
    private static let unit = Repository.root.appending(path: "scripts/service/regrade.service")
    private static let settings = Repository.root.appending(
        path: "scripts/service/settings.yaml")
    private static let analyzer = URL(filePath: "/usr/bin/systemd-analyze")

    /// The values of a key in the order of the file.
    private func values(_ key: String) throws -> [String] {
        try String(contentsOf: Self.unit, encoding: .utf8).split(separator: "\n").compactMap {
            $0.hasPrefix(key + "=") ? String($0.dropFirst(key.count + 1)) : nil
        }
    }

    @Test func itsCommandServes() async throws {
        let commands = try values("ExecStart")
        #expect(commands.count == 1)
        var words = try #require(commands.first).split(separator: " ").map(String.init)
        #expect(words.removeFirst() == "/opt/regrade/current/regrade")
        #expect(try values("StateDirectory").map { "/var/lib/\($0)" } == [words[4]])
        #expect(words[2] == "/etc/regrade/settings.yaml")
        let data = try DataDirectory()
        words[2] = Self.settings.path
        words[4] = data.path
        let program = try RepositoryProgram.start(words + ["--port", "0"])
        for _ in 0..<600 where try program.outputSoFar().isEmpty {
            try await Task.sleep(for: .milliseconds(50))
        }
        program.terminate()
        let output = try await program.output()
        #expect(output.status == 0, "\(output.messages)")
        #expect(output.text.hasPrefix("listening on http://127.0.0.1:"))
        for line in output.messages.split(separator: "\n") {
            #expect(line.hasPrefix("{"), "a log line is no JSON: \(line)")
        }
    }

    /// The setting that the sample leaves out of use is one as well.
    @Test func theSampleNamesSettingsThatExist() async throws {
        let text = try String(contentsOf: Self.settings, encoding: .utf8)
        let used = text.split(separator: "\n").map { line in
            line.replacing(#/^# (?=[a-zA-Z]+: )/#, with: "")
        }
        let folder = try TemporaryFolder()
        let keys = used.filter { $0.contains(#/^[a-zA-Z]+: /#) }
        #expect(keys.count == 7)
        let file = try folder.write(Data(keys.joined(separator: "\n").utf8), to: "all.yaml")
        let output = try await RepositoryProgram.run(["doctor", "--config", file.path])
        #expect(!output.messages.contains("unknown_setting"), "\(output.messages)")
        #expect(!output.messages.contains("settings_file_malformed"))
    }

    @Test(.enabled(if: Repository.exists(analyzer), "systemd-analyze is not installed"))
    func systemdTakesItAndFindsLittleExposed() async throws {
        let folder = try TemporaryFolder()
        let text = try String(contentsOf: Self.unit, encoding: .utf8).replacing(
            "/opt/regrade/current/regrade", with: RepositoryProgram.executable.path)
        let file = try folder.write(Data(text.utf8), to: "regrade.service")
        for arguments in [
            ["verify", "--man=no", file.path],
            // Of 10: what a service without any limits has is 9.6.
            ["security", "--offline=true", "--no-pager", "--threshold=20", file.path],
        ] {
            let analysis = try RunningProgram(
                executable: Self.analyzer, arguments: arguments)
            let output = try await analysis.output()
            #expect(output.status == 0, "\(arguments): \(output.messages)\(output.text)")
            #expect(output.messages.isEmpty, "\(output.messages)")
        }
    }
}
