import Foundation
import Testing

/// A connection on which text is sent as it is, closed with the object.
final class RawConnection {
    private let socket: Int32

    /// How long the other side may keep silent.
    private static let silenceSeconds = 60

    init(to url: URL) throws {
        socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(socket >= 0)
        var patience = timeval(tv_sec: Self.silenceSeconds, tv_usec: 0)
        _ = unsafe setsockopt(
            socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(try #require(url.port)).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Foundation.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(status == 0)
    }

    deinit { close(socket) }

    func send(_ text: String) throws {
        let bytes = Array(text.utf8)
        try #require(unsafe Foundation.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) > 0)
    }

    /// Reads to the end of the connection.
    ///
    /// - Returns: What came, and whether the other side ended it.
    func readToEnd() -> (bytes: Data, isEnded: Bool) {
        var answer = Data()
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe Foundation.recv(socket, &buffer, buffer.count, 0)
            guard count > 0 else { return (answer, count == 0 || errno == ECONNRESET) }
            answer += buffer.prefix(count)
        }
    }
}

extension ServedData {
    /// Sends text as it is on a connection of its own and reads the answer to its end.
    func raw(_ request: String) throws -> (head: String, body: Data) {
        let connection = try RawConnection(to: url)
        try connection.send(request)
        let answer = connection.readToEnd().bytes
        let end = try #require(answer.firstRange(of: Data("\r\n\r\n".utf8)))
        return (
            String(decoding: answer[..<end.lowerBound], as: UTF8.self), answer[end.upperBound...]
        )
    }
}
