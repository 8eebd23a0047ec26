import Foundation
import Workflow

/// Finds the addresses of a host's name with the system's resolver.
///
/// - SeeAlso: `getaddrinfo(3)`.
enum HostAddresses {
    /// Every address, the best first; empty for a name that has none.
    ///
    /// Blocks for as long as name servers take.
    @Sendable static func lookUp(_ host: String) -> [IPAddress] {
        if let address = IPAddress(host) { return [address] }
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_ADDRCONFIG
        var first: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, nil, &hints, &first) == 0 else { return [] }
        defer { unsafe freeaddrinfo(first) }
        var addresses: [IPAddress] = []
        var next = unsafe first
        while let entry = unsafe next {
            if let address = unsafe address(in: entry.pointee), !addresses.contains(address) {
                addresses.append(address)
            }
            unsafe next = entry.pointee.ai_next
        }
        return addresses
    }

    private static func address(in entry: addrinfo) -> IPAddress? {
        guard let socket = unsafe UnsafeRawPointer(entry.ai_addr) else { return nil }
        switch unsafe entry.ai_family {
        case AF_INET:
            let address = unsafe socket.loadUnaligned(as: sockaddr_in.self).sin_addr
            return unsafe withUnsafeBytes(of: address) { unsafe IPAddress(bytes: [UInt8]($0)) }
        case AF_INET6:
            let address = unsafe socket.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            return unsafe withUnsafeBytes(of: address) { unsafe IPAddress(bytes: [UInt8]($0)) }
        default: return nil
        }
    }
}
