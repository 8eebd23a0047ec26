import Foundation
import Testing

/// A receiver whose answer does not end before the other side has had enough.
final class EndlessReceiver: Sendable {
    let port: Int
    private let socket: Int32

    init() throws {
        let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                let bound = unsafe bind(socket, $0, length)
                return unsafe bound + getsockname(socket, $0, &length) + listen(socket, 1)
            }
        }
        try #require(socket >= 0 && status == 0)
        // A sender that never comes is no reason to wait for ever: it holds for accept(2) too.
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        _ = unsafe setsockopt(
            socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        self.socket = socket
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(socket) }

    /// Takes one connection and sends 200 and a body until the other side closes.
    ///
    /// - Returns: How many bytes the kernel took; at most the bound and a piece.
    func answerOnce(atMost bound: Int) async -> Int {
        await withCheckedContinuation { done in
            // Blocks: on a thread of its own, not on one that tests share.
            Thread { done.resume(returning: self.send(atMost: bound)) }.start()
        }
    }

    private func send(atMost bound: Int) -> Int {
        let connection = accept(socket, nil, nil)
        defer { close(connection) }
        var piece = [UInt8](repeating: 0x20, count: 65_536)
        _ = unsafe recv(connection, &piece, piece.count, 0)
        let head = Array("HTTP/1.1 200 OK\r\nContent-Length: \(bound)\r\n\r\n".utf8)
        _ = unsafe Foundation.send(connection, head, head.count, Int32(MSG_NOSIGNAL))
        var sent = 0
        while sent < bound {
            let count = unsafe Foundation.send(
                connection, piece, piece.count, Int32(MSG_NOSIGNAL))
            guard count > 0 else { break }
            sent += count
        }
        return sent
    }
}
