import Foundation
import TestSupport
import Testing

/// T20 over HTTP: what strangers write shapes no line of the log, and no answer tells what the
/// service is made of.
struct PrivacyTests {
    /// Stands in everything that is sent, so that it is found wherever it is kept.
    private static let mark = "zq7xmark"

    /// Texts that have forged log lines, coloured terminals and opened connections elsewhere.
    private static let texts = [
        "\(mark)\r\n{\"level\":\"error\",\"message\":\"paid\"}",
        "\(mark)\n2026-11-21T00:00:00Z error paid",
        "\(mark)\u{1b}[2J\u{1b}[31mpaid", "\(mark)%s%n%x", "\(mark)${jndi:ldap://127.0.0.1/a}",
        "\(mark)\u{2028}paid", "\(mark)\u{0}paid", "\(mark)\"},{\"level\":\"error\"",
        "\(mark)'; DROP TABLE inspection; --", "\(mark)/../../../../etc/passwd",
        "\(mark)<script>alert(1)</script>",
    ]

    /// What only the inside knows: files of source, statements, traces of a stack, paths.
    private static let inside = [
        ".swift", "SELECT ", "INSERT ", "sqlite", "GRDB", "Fatal error", "Thread 0", "libswift",
        "libjpeg.so", "/tmp/", "/usr/", "NIOCore", "Hummingbird", "Optional(",
    ]

    @Test func whatStrangersWriteShapesNoLineOfTheLog() async throws {
        let served = try await ServedData(settings: ["REGRADE_LOG_FORMAT": "json"])
        for (number, text) in Self.texts.enumerated() {
            for request in try Self.requests(with: text, number: number, key: served.key) {
                _ = try served.raw(request)
            }
        }
        let output = try await served.stop()
        #expect(output.status == 0)
        let lines = output.messages.split(separator: "\n", omittingEmptySubsequences: true)
        #expect(lines.count >= Self.texts.count, "each request has its line")
        for line in lines {
            #expect(
                (try? JSONSerialization.jsonObject(with: Data(line.utf8))) is [String: Any],
                "no line of its own: \(line)")
        }
        #expect(!output.messages.contains(Self.mark))
        #expect(!output.messages.contains("\u{1b}") && !output.messages.contains("paid"))
        // The audit log names what was done, by ids of the house's own.
        #expect(try served.auditLines().allSatisfy { !$0.contains(Self.mark) })
    }

    /// The same text everywhere that a text can stand: names, paths, headers, bodies.
    private static func requests(with text: String, number: Int, key: String) throws -> [String] {
        // A header ends at a line break; what follows it is then a header, or a body, of its own.
        let header = text.replacing("\r\n", with: " ").replacing("\n", with: " ")
            .replacing("\0", with: " ")
        let path = text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? mark
        let order = String(
            decoding: try JSONSerialization.data(withJSONObject: [
                "order_id": text, "sku": text, "customer_ref": text, "statement": text,
                "carrier": text, text: text,
            ]), as: UTF8.self)
        let body =
            "--XX\r\nContent-Disposition: form-data; name=\"metadata\"\r\n\r\n\(order)\r\n"
            + "--XX\r\nContent-Disposition: form-data; name=\"photo\"; "
            + "filename=\"\(header).jpg\"\r\nContent-Type: \(mark)/jpeg\r\n\r\n\(text)\r\n"
            + "--XX--\r\n"
        let common =
            "Host: regrade\r\nConnection: close\r\nAuthorization: Bearer \(key)\r\n"
            + "X-Request-Id: \(header)\r\nUser-Agent: \(header)\r\nReferer: \(header)\r\n"
            + "X-Forwarded-For: \(header)\r\ntraceparent: \(header)\r\n"
        return [
            "GET /v1/inspections/\(path)?after=\(path)&\(path)=1 HTTP/1.1\r\n\(common)\r\n",
            "GET /\(path)?wait=\(path) HTTP/1.1\r\n\(common)\r\n",
            "POST /v1/inspections HTTP/1.1\r\n\(common)Idempotency-Key: \(mark)-\(number)\r\n"
                + "Content-Type: multipart/form-data; boundary=XX\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)",
            "GET /v1/inspections HTTP/1.1\r\nHost: regrade\r\nConnection: close\r\n"
                + "Authorization: Bearer \(header)\r\n\r\n",
        ]
    }

    @Test func noAnswerTellsWhatTheServiceIsMadeOf() async throws {
        let served = try await ServedData()
        var answers: [String] = []
        for (number, text) in Self.texts.enumerated() {
            for request in try Self.requests(with: text, number: number, key: served.key) {
                let answer = try served.raw(request)
                answers.append(answer.head + "\n" + String(decoding: answer.body, as: UTF8.self))
            }
        }
        // Pictures that end in the middle, and bytes that are none.
        let photo = try Photo.box
        for (number, size) in [2, 20, 200, photo.count / 2].enumerated() {
            let reply = try await served.send(
                "POST", "/v1/inspections",
                headers: ["Content-Type": "image/jpeg", "Idempotency-Key": "cut-\(number)"],
                body: photo.prefix(size))
            answers.append(String(decoding: reply.body, as: UTF8.self))
        }
        try await served.stop()
        for answer in answers {
            #expect(!answer.contains(served.dataPath), "\(answer)")
            for word in Self.inside { #expect(!answer.contains(word), "\(word) in \(answer)") }
        }
    }
}
