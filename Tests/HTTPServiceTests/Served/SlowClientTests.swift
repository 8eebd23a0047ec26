import Foundation
import Testing

/// Clients that do not end what they began: ``ConnectionPaceTests`` says when, this that it is so.
struct SlowClientTests {
    @Test
    func twentyThatNeverEndTheirHeadersAreCutAndOthersAreServed() async throws {
        let served = try await ServedData(settings: ["REGRADE_HEADER_SECONDS_LIMIT": "1"])
        let slow = try (0..<20).map { _ in try RawConnection(to: served.url) }
        for (number, connection) in slow.enumerated() where number > 0 {
            // The first says nothing at all.
            try connection.send("GET /livez HTTP/1.1\r\nHost: a\r\nX-Slow: ")
        }
        #expect(try await served.send("GET", "/livez").status == 200)
        let ends = slow.map { $0.readToEnd() }
        #expect(ends.allSatisfy { $0.isEnded })
        #expect(try await served.send("GET", "/livez").status == 200)
        try await served.stop()
    }
}
