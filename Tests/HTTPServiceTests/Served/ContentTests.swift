import Foundation
import TestSupport
import Testing

/// The forms that answers come in: languages, compression, the description as a page.
struct ContentTests {
    @Test
    func answersAreCompressedForThoseWhoTakeIt() async throws {
        let served = try await ServedData()
        func fetch(_ accepted: String) throws -> (head: String, body: Data) {
            try served.raw(
                """
                GET /v1/openapi.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
                Accept-Encoding: \(accepted)\r\n\r\n
                """)
        }
        let plain = try fetch("identity")
        #expect(!plain.head.lowercased().contains("content-encoding"))
        #expect(plain.head.contains("Vary: Accept-Encoding"))
        for accepted in ["gzip", "br, gzip;q=0.5", "*"] {
            let packed = try fetch(accepted)
            #expect(packed.head.contains("Content-Encoding: gzip"), "\(accepted)")
            #expect(packed.body.starts(with: [0x1F, 0x8B]))
            #expect(packed.body.count * 4 < plain.body.count)
        }
        #expect(try fetch("gzip;q=0, *").head.contains("Content-Encoding") == false)
        let small = try served.raw(
            "GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept-Encoding: gzip\r\n\r\n")
        #expect(!small.head.contains("Content-Encoding"))
        try await served.stop()
    }

    @Test
    func whatIsNoHTTPIsToldSoInTheSameForm() async throws {
        let served = try await ServedData()
        for request in ["\u{16}\u{3}\u{1} no HTTP\r\n\r\n", "GET /livez HTTP/1.1\r\n: x\r\n\r\n"] {
            let reply = try served.raw(request)
            #expect(reply.head.contains(" 400 "), "\(reply.head)")
            #expect(reply.head.contains("application/problem+json"), "\(reply.head)")
            let problem = try JSONSerialization.jsonObject(with: reply.body) as? [String: Any]
            #expect(problem?["code"] as? String == "malformed_request")
        }
        // One bad connection is no matter to others.
        #expect(try await served.send("GET", "/livez").status == 200)
        try await served.stop()
    }

    @Test
    func theDescriptionIsAPageThatLoadsNothing() async throws {
        let served = try await ServedData()
        let page = try await served.send("GET", "/v1/openapi.html")
        #expect(page.status == 200 && page.headers["Content-Type"] == "text/html; charset=utf-8")
        let text = String(decoding: page.body, as: UTF8.self)
        for word in ["submitInspection", "/v1/inspections/{id}/appeals", "Idempotency-Key"] {
            #expect(text.contains(word), "\(word)")
        }
        #expect(!text.contains("<script") && !text.contains("src="))
        #expect(text.matches(of: /https?:/).isEmpty)
        try await served.stop()
    }

    @Test(arguments: [
        ("fr-CA, en;q=0.5", "fr", "meilleures photos"), ("es", "es", "mejores fotos"),
        ("de-AT", "de", "bessere Fotos"), ("ja, en-GB", "en", "better photos"),
    ])
    func theCustomerReadsTheOwnLanguage(accepted: String, language: String, words: String)
        async throws
    {
        let served = try await ServedData()
        let posted = try await served.post(
            [Photo.named("box-dark-and-blurred.jpg")], key: "k",
            headers: ["Accept-Language": accepted])
        #expect(posted.headers["Content-Language"] == language)
        let rationale = try #require(posted.object["rationale"] as? [String: Any])
        #expect((rationale["customer"] as? String)?.contains(words) == true)
        try await served.stop()
    }
}
