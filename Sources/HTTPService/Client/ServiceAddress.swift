import Foundation
import Workflow

/// Where a service is and the key that opens it.
public struct ServiceAddress: Sendable {
    /// The service's address without a slash at its end.
    let url: String
    /// What signs in.
    let key: String
    /// Where the key was read from, for messages.
    let keyFile: String
    /// A PEM file with certificates that are trusted besides the system's, if one is named.
    let certificatesPath: String?

    /// Bytes of a file with a key; a key has fewer than 100.
    static let keyFileByteCountLimit = 1_000

    /// Reads and checks an address.
    ///
    /// - Parameters:
    ///   - url: `https://HOST[:PORT][/PATH]`, or with `http` on this machine.
    ///   - keyFile: A file with the key, which only its owner may read.
    ///   - allowsPlainHTTP: Whether the key may cross a network unencrypted.
    ///   - certificates: A PEM file with certificates that are trusted besides the system's.
    /// - Throws: ``Failure`` of kind `usage` or `configuration` naming what is wrong.
    public init(
        url: String, keyFile: String, allowsPlainHTTP: Bool, certificates: String? = nil
    ) throws {
        self.url = try Self.checked(url, allowsPlainHTTP: allowsPlainHTTP)
        self.keyFile = keyFile
        certificatesPath = certificates
        key = try Self.key(in: keyFile)
    }

    private static func checked(_ text: String, allowsPlainHTTP: Bool) throws -> String {
        guard let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty,
            let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme),
            parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil
        else {
            throw Failure(
                .usage, code: "server_invalid",
                "--server is '\(text)', expected an address such as https://regrade.example:8443")
        }
        guard scheme == "https" || allowsPlainHTTP || isLoopback(host) else {
            throw Failure(
                .usage, code: "server_not_encrypted",
                "--server is '\(text)', which would send the key unencrypted; use https, or say "
                    + "--insecure-http if the network is trusted")
        }
        return String(text.reversed().drop { $0 == "/" }.reversed())
    }

    /// Whether a host's name cannot lead to another machine: RFC 1122, 3.2.1.3; RFC 4291, 2.5.3;
    /// RFC 6761, 6.3.
    static func isLoopback(_ host: String) -> Bool {
        let name = host.trimmingCharacters(in: ["[", "]"]).lowercased()
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        let isAddress = parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
        return name == "localhost" || name == "::1" || (isAddress && parts[0] == "127")
    }

    private static func key(in path: String) throws -> String {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let attributes, let file = FileHandle(forReadingAtPath: path) else {
            throw Failure(.inputMissing, code: "key_file_missing", "cannot read \(path)")
        }
        defer { try? file.close() }
        let mode = attributes[.posixPermissions] as? Int ?? 0o777
        guard mode & 0o077 == 0 else {
            throw Failure(
                .configuration, code: "key_file_exposed",
                "key file \(path) has mode \(String(mode, radix: 8)), expected 600; run chmod 600 "
                    + "on it and consider who could have read it")
        }
        let bytes = try file.read(upToCount: keyFileByteCountLimit + 1) ?? Data()
        let text = String(decoding: bytes, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        guard bytes.count <= keyFileByteCountLimit, !text.isEmpty,
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw Failure(
                .configuration, code: "key_file_malformed",
                "key file \(path) does not hold one key as `regrade key create` prints it")
        }
        return text
    }
}
