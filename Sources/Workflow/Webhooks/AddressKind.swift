/// What an address is for, as far as it matters to whoever sends requests to strangers' URLs.
public enum AddressKind: String, CaseIterable, Hashable, Sendable {
    /// A host on the Internet.
    case `public`
    /// This machine.
    case loopback
    /// A network of one's own: RFC 1918, or IPv6 unique local.
    case `private`
    /// A provider's network behind its own translation: RFC 6598.
    case shared
    /// The same wire; clouds answer with credentials there.
    case linkLocal = "link_local"
    /// A cloud's service for its own machines at an address that looks public.
    case metadata
    /// No particular host, which some systems take for this machine.
    case unspecified
    /// Many hosts.
    case multicast
    /// Documentation, benchmarks, tunnels, the future: nobody's receiver.
    case reserved

    /// Whether settings may open it; the others are never sent to.
    public var isOpenable: Bool { [.loopback, .private, .shared].contains(self) }
}

extension IPAddress {
    /// What this address is for.
    ///
    /// Addresses that only wrap an IPv4 address, mapped or translated, are what that one is.
    ///
    /// - SeeAlso: IANA IPv4 and IPv6 Special-Purpose Address Registries, RFC 6890.
    public var kind: AddressKind {
        guard bytes.count == 16 else { return Self.kind(of: self, in: Self.special4) }
        if let inner = wrappedIPv4 { return inner.kind }
        // Only 2000::/3 is given to hosts; whatever is not named below lies outside of it.
        let rest: AddressKind = bytes[0] >> 5 == 1 ? .public : .reserved
        return Self.kind(of: self, in: Self.special6, default: rest)
    }

    /// The address that a connection reaches in the end: that of ``wrappedIPv4``, or this one.
    public var unwrapped: IPAddress { wrappedIPv4 ?? self }

    /// The IPv4 address inside `::ffff:0:0/96` (RFC 4291), `64:ff9b::/96` (RFC 6052) or
    /// `2002::/16` (RFC 3056); nil for any other.
    private var wrappedIPv4: IPAddress? {
        for (network, offset) in Self.wrappings where network.contains(self) {
            return IPAddress(bytes: Array(bytes[offset..<offset + 4]))
        }
        return nil
    }

    private static let wrappings = networks([
        ("::ffff:0:0/96", 12), ("64:ff9b::/96", 12), ("2002::/16", 2),
    ])

    /// The more special network stands before the one that holds it.
    private static let special4 = networks([
        ("0.0.0.0/8", AddressKind.unspecified), ("10.0.0.0/8", .private),
        ("100.64.0.0/10", .shared), ("127.0.0.0/8", .loopback), ("168.63.129.16/32", .metadata),
        ("169.254.0.0/16", .linkLocal), ("172.16.0.0/12", .private), ("192.0.0.0/24", .reserved),
        ("192.0.2.0/24", .reserved), ("192.88.99.0/24", .reserved), ("192.168.0.0/16", .private),
        ("198.18.0.0/15", .reserved), ("198.51.100.0/24", .reserved),
        ("203.0.113.0/24", .reserved), ("224.0.0.0/4", .multicast), ("240.0.0.0/4", .reserved),
    ])

    private static let special6 = networks([
        ("::/128", AddressKind.unspecified), ("::1/128", .loopback), ("2001::/23", .reserved),
        ("2001:db8::/32", .reserved), ("3fff::/20", .reserved),
        ("fd00:ec2::254/128", .metadata), ("fc00::/7", .private), ("fe80::/10", .linkLocal),
        ("ff00::/8", .multicast),
    ])

    private static func networks<Meaning>(
        _ rows: [(String, Meaning)]
    ) -> [(network: IPNetwork, meaning: Meaning)] {
        rows.map { text, meaning in
            guard let network = IPNetwork(text) else {
                preconditionFailure("'\(text)' is no network")
            }
            return (network, meaning)
        }
    }

    private static func kind(
        of address: IPAddress, in table: [(network: IPNetwork, meaning: AddressKind)],
        default rest: AddressKind = .public
    ) -> AddressKind {
        table.first { $0.network.contains(address) }?.meaning ?? rest
    }
}
