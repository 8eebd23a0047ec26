/// Decides where webhooks may go: pure, told a URL and the addresses its name was resolved to.
///
/// The caller connects to the addresses that were checked and never resolves again, so that a name
/// cannot change its mind in between.
public struct WebhookGuard: Hashable, Sendable {
    /// Networks besides the public Internet that may be sent to.
    public let networks: [IPNetwork]
    /// Ports that may be sent to; those of this machine are open where its addresses are.
    public let ports: Set<Int>

    /// Creates a guard.
    public init(networks: [IPNetwork], ports: Set<Int>) {
        self.networks = networks
        self.ports = ports
    }

    /// What can be told before the name is resolved.
    ///
    /// - Throws: ``WebhookURLError``.
    public func check(_ url: WebhookURL) throws(WebhookURLError) {
        if let address = url.address {
            try check(url, resolvedTo: [address])
        } else if url.host == "localhost" {
            try check(url, resolvedTo: [IPAddress(bytes: [127, 0, 0, 1])].compactMap(\.self))
        } else {
            try checkSchemeAndPort(of: url)
        }
    }

    /// Checks every address that a name was resolved to: one that is refused refuses all.
    ///
    /// - Throws: ``WebhookURLError``.
    public func check(
        _ url: WebhookURL, resolvedTo addresses: [IPAddress]
    ) throws(WebhookURLError) {
        for address in addresses where !isOpen(address) {
            throw .addressRefused(address.kind)
        }
        guard !addresses.isEmpty, addresses.allSatisfy({ $0.kind == .loopback }) else {
            return try checkSchemeAndPort(of: url)
        }
    }

    private func checkSchemeAndPort(of url: WebhookURL) throws(WebhookURLError) {
        guard url.isEncrypted else { throw .unencrypted }
        guard ports.contains(url.port) else { throw .portClosed(url.port) }
    }

    private func isOpen(_ address: IPAddress) -> Bool {
        let kind = address.kind
        return kind == .public
            || kind.isOpenable && networks.contains { $0.contains(address.unwrapped) }
    }
}
