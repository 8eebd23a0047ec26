import Foundation
import TestSupport
import Testing

/// The queue of a service that speaks TLS: whom the key is sent to, and whom not.
@Suite(.enabled(if: Certificate.canBeMade, "openssl is not installed"))
struct EncryptedQueueTests {
    private func serve(
        _ data: DataDirectory, with certificate: Certificate
    ) async throws -> ServedQueue {
        try await ServedQueue(
            data,
            settings: [
                "REGRADE_TLS_CERTIFICATE": certificate.path,
                "REGRADE_TLS_KEY": certificate.keyPath,
            ])
    }

    private func list(_ served: ServedQueue, _ host: String, _ flags: [String]) async throws
        -> ProgramOutput
    {
        let url = served.url.replacing("127.0.0.1", with: host)
        return try await RepositoryProgram.run(
            ["review", "list", "--server", url, "--key-file", served.keyFile.path] + flags)
    }

    @Test func aCertificateThatIsTrustedOpensTheQueue() async throws {
        let data = try await DataDirectory.withQueue(1)
        let certificate = try await Certificate(for: "localhost")
        let served = try await serve(data, with: certificate)
        #expect(served.url.hasPrefix("https://"))
        let listed = try await list(
            served, "localhost", ["--server-certificates", certificate.path])
        #expect(listed.status == 0 && listed.text.contains("rev_"), "\(listed.messages)")
        try await served.stop()
    }

    @Test func anyOtherCertificateIsSentNothing() async throws {
        let data = try await DataDirectory.withQueue(1)
        let certificate = try await Certificate(for: "localhost")
        let other = try await Certificate(for: "localhost")
        let served = try await serve(data, with: certificate)
        let refused: [(host: String, flags: [String])] = [
            // Nobody vouches for it; somebody else's is trusted; it is for another name.
            ("localhost", []), ("localhost", ["--server-certificates", other.path]),
            ("127.0.0.1", ["--server-certificates", certificate.path]),
        ]
        for (host, flags) in refused {
            let output = try await list(served, host, flags)
            #expect(output.status == 69, "\(host) \(flags): \(output.messages)")
            #expect(output.messages.contains("[server_certificate_refused]"))
        }
        let unusable = try await list(
            served, "localhost", ["--server-certificates", served.keyFile.path])
        #expect(unusable.status == 78)
        #expect(unusable.messages.contains("[server_certificates_unusable]"))
        // Without encryption nothing is understood, and the key is not repeated in any message.
        let plain = served.url.replacing("https", with: "http")
        let unencrypted = try await RepositoryProgram.run([
            "review", "list", "--server", plain, "--key-file", served.keyFile.path,
        ])
        #expect(unencrypted.status == 69, "\(unencrypted.messages)")
        try await served.stop()
    }

    @Test func acceptedAreOnlyACertificateAndItsOwnKey() async throws {
        let data = try await DataDirectory.withQueue(1)
        let certificate = try await Certificate(for: "localhost")
        let other = try await Certificate(for: "localhost")
        let rows: [(certificate: String, key: String, code: String)] = [
            (certificate.path, other.keyPath, "tls_unusable"),
            (certificate.keyPath, certificate.keyPath, "tls_unusable"),
            ("/none", certificate.keyPath, "tls_unusable"),
            (certificate.path, "", "setting_incomplete"),
        ]
        for row in rows {
            var settings = ["REGRADE_TLS_CERTIFICATE": row.certificate]
            if !row.key.isEmpty { settings["REGRADE_TLS_KEY"] = row.key }
            let output = try await RepositoryProgram.run(
                ["serve", "--data", data.path, "--port", "0"], environment: settings)
            #expect(output.status == 78, "\(row): \(output.messages)")
            #expect(output.messages.contains("[\(row.code)]"), "\(row): \(output.messages)")
        }
    }
}
