internal import Foundation

/// An IP address as bytes: four of IPv4 or sixteen of IPv6.
public struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// The bytes in network order, 4 or 16.
    public let bytes: [UInt8]

    /// Takes an address's bytes; nil unless there are 4 or 16.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Reads `192.0.2.1` or `2001:db8::1`; nil for anything else.
    ///
    /// Short and octal forms such as `127.1` or `0177.0.0.1` are no addresses here.
    ///
    /// - SeeAlso: `inet_pton(3)`.
    public init?(_ text: String) {
        var v4 = in_addr()
        var v6 = in6_addr()
        if unsafe inet_pton(AF_INET, text, &v4) == 1 {
            bytes = unsafe withUnsafeBytes(of: &v4) { unsafe [UInt8]($0) }
        } else if unsafe inet_pton(AF_INET6, text, &v6) == 1 {
            bytes = unsafe withUnsafeBytes(of: &v6) { unsafe [UInt8]($0) }
        } else {
            return nil
        }
    }

    /// Dotted decimals, or eight groups of hexadecimal digits.
    public var description: String {
        guard bytes.count == 16 else { return bytes.map(String.init).joined(separator: ".") }
        return stride(from: 0, to: 16, by: 2).map { index in
            String(UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1]), radix: 16)
        }.joined(separator: ":")
    }
}

/// The addresses that begin with the same bits: `10.0.0.0/8`.
public struct IPNetwork: Hashable, Sendable, CustomStringConvertible {
    /// The first address.
    public let address: IPAddress
    /// How many leading bits its addresses share.
    public let bitCount: Int

    /// Reads `ADDRESS/BITS`; nil if it is none, or if a bit after the prefix is set.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(String(parts[0])),
            let bitCount = Int(parts[1]), (0...address.bytes.count * 8).contains(bitCount)
        else { return nil }
        self.address = address
        self.bitCount = bitCount
        guard Self.prefix(of: address, bitCount: bitCount) == address.bytes else { return nil }
    }

    /// Whether an address lies in it; an address of the other family never does.
    public func contains(_ other: IPAddress) -> Bool {
        other.bytes.count == address.bytes.count
            && Self.prefix(of: other, bitCount: bitCount) == address.bytes
    }

    /// `ADDRESS/BITS`.
    public var description: String { "\(address)/\(bitCount)" }

    /// The bytes with everything after the first bits cleared.
    private static func prefix(of address: IPAddress, bitCount: Int) -> [UInt8] {
        address.bytes.enumerated().map { index, byte in
            let kept = min(8, max(0, bitCount - index * 8))
            return byte & ~UInt8(truncatingIfNeeded: 0xFF >> kept)
        }
    }
}
