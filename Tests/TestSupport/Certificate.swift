import Foundation

/// A certificate of a test's own that vouches for itself.
public struct Certificate: Sendable {
    private static let openSSL = URL(filePath: "/usr/bin/openssl")

    /// Whether there is an `openssl` to make one with.
    public static var canBeMade: Bool { FileManager.default.fileExists(atPath: openSSL.path) }

    private let folder: TemporaryFolder

    /// The certificate, PEM.
    public var path: String { folder.file("certificate.pem").path }
    /// Its private key, PEM.
    public var keyPath: String { folder.file("key.pem").path }

    /// `openssl` could not make one.
    public struct NotMade: Error {
        let messages: String
    }

    /// Makes a certificate for a host's name.
    public init(for host: String) async throws {
        folder = try TemporaryFolder()
        let program = try RunningProgram(
            executable: Self.openSSL,
            arguments: [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes", "-days", "2", "-subj", "/CN=\(host)", "-addext",
                "subjectAltName=DNS:\(host)", "-keyout", keyPath, "-out", path,
            ])
        let output = try await program.output()
        guard output.status == 0 else { throw NotMade(messages: output.messages) }
    }
}
