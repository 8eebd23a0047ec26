import Foundation
import Testing

extension ServedData {
    /// Sends text as it is on a connection of its own and reads the answer to its end.
    func raw(_ request: String) throws -> (head: String, body: Data) {
        let connection = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(connection >= 0)
        defer { close(connection) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(try #require(url.port)).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Foundation.connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(status == 0)
        let bytes = Array(request.utf8)
        try #require(
            unsafe Foundation.send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) > 0)
        var answer = Data()
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe Foundation.recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            answer += buffer.prefix(count)
        }
        let end = try #require(answer.firstRange(of: Data("\r\n\r\n".utf8)))
        return (
            String(decoding: answer[..<end.lowerBound], as: UTF8.self), answer[end.upperBound...]
        )
    }
}
