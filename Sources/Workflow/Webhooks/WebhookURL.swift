internal import Foundation

/// Where an endpoint listens, read strictly: what a connection and a request are made of.
public struct WebhookURL: Hashable, Sendable {
    /// The longest URL, in bytes.
    public static let byteCountLimit = 2_048

    /// Whether the connection is encrypted.
    public let isEncrypted: Bool
    /// The name or address, in lower case; an IPv6 address without its brackets.
    public let host: String
    /// The port, 1…65535; 443 or 80 where none is stated.
    public let port: Int
    /// Path and query as they go into the request, from the slash on.
    public let target: String
    /// The header Host: the port only where it is not the scheme's own.
    public let authority: String

    /// Reads a URL.
    ///
    /// - Throws: ``WebhookURLError`` naming what is wrong: another scheme, a user or a fragment, a
    ///   character that belongs into no URL, no host, or too many bytes.
    public init(_ text: String) throws(WebhookURLError) {
        guard (1...Self.byteCountLimit).contains(text.utf8.count) else {
            throw .length(byteCount: text.utf8.count, limit: Self.byteCountLimit)
        }
        // Neither blanks nor controls nor what browsers read as slashes; names in Punycode.
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }),
            let parts = URLComponents(string: text)
        else { throw .malformed }
        switch parts.scheme?.lowercased() {
        case "https": isEncrypted = true
        case "http": isEncrypted = false
        default: throw .scheme
        }
        guard parts.user == nil, parts.password == nil, !text.contains("@") else {
            throw .userInformation
        }
        guard parts.fragment == nil else { throw .fragment }
        host = try Self.host(parts.percentEncodedHost ?? "")
        let standard = isEncrypted ? 443 : 80
        port = parts.port ?? standard
        guard (1...65_535).contains(port) else { throw .port }
        let path = parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath
        guard path.hasPrefix("/") else { throw .malformed }
        target = path + (parts.percentEncodedQuery.map { "?" + $0 } ?? "")
        let name = host.contains(":") ? "[\(host)]" : host
        authority = port == standard ? name : "\(name):\(port)"
    }

    /// The address, if the host is one.
    public var address: IPAddress? { IPAddress(host) }

    /// Letters, digits, dots and hyphens, or an IPv6 address in brackets.
    private static func host(_ text: String) throws(WebhookURLError) -> String {
        let text = text.lowercased()
        if text.hasPrefix("["), text.hasSuffix("]") {
            let inner = String(text.dropFirst().dropLast())
            guard inner.contains(":"), IPAddress(inner) != nil else { throw .host }
            return inner
        }
        let isName = text.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || [UInt8(ascii: "."), UInt8(ascii: "-")].contains(byte)
        }
        guard (1...253).contains(text.utf8.count), isName else { throw .host }
        // A name's last label is no number; what is one must be an address in its plain form,
        // since resolvers read 127.1, 0x7f.1 and 2130706433 as addresses too.
        let last = text.split(separator: ".").last ?? ""
        let isNumber = last.first?.isNumber == true
        guard !isNumber || IPAddress(text) != nil else { throw .host }
        return text
    }
}

/// Why a URL cannot be an endpoint's.
public enum WebhookURLError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is empty or too long.
    case length(byteCount: Int, limit: Int)
    /// It is no URL, or holds a character that must be percent-encoded.
    case malformed
    /// It is neither https nor http.
    case scheme
    /// It holds a user or a password.
    case userInformation
    /// It holds a fragment.
    case fragment
    /// Its host is neither a name in ASCII nor an address in its plain form.
    case host
    /// Its port is outside 1…65535.
    case port
    /// It is http, which is for addresses of this machine where settings open them.
    case unencrypted
    /// Its port is not among those of the settings.
    case portClosed(Int)
    /// Its address is one that nothing is sent to.
    case addressRefused(AddressKind)

    /// What is wrong and what is expected.
    public var description: String {
        switch self {
        case .length(let count, let limit): "has \(count) bytes, expected 1 to \(limit)"
        case .malformed: "is no URL of visible ASCII characters"
        case .scheme: "does not begin with https://"
        case .userInformation:
            "holds '@'; put what signs in into the path, or check webhook-signature instead"
        case .fragment: "holds a fragment, which is never sent"
        case .host: "has no host that is a name in ASCII or a plain IP address"
        case .port: "has a port outside 1 to 65535"
        case .unencrypted: "is not https; http is for this machine, where webhookNetworks opens it"
        case .portClosed(let port): "has port \(port), which is not among webhookPorts"
        case .addressRefused(let kind):
            "leads to a \(kind.rawValue) address, which nothing is sent to; see webhookNetworks"
        }
    }
}
