import HTTPService
import NIOCore
import Testing

/// Multipart bodies, cut at every place where a network may cut them.
struct MultipartParserTests {
    /// A part as its name and its content.
    struct Part: Equatable {
        let name: String
        var content = ""
    }

    /// Parses a body that comes in chunks of this many bytes.
    private func parts(
        of body: String, boundary: String = "XX", chunkByteCount: Int
    ) throws -> [Part] {
        var parser = MultipartParser(boundary: boundary)
        var parts: [Part] = []
        var rest = Array(body.utf8)[...]
        while !rest.isEmpty {
            parser.append(ByteBuffer(bytes: rest.prefix(chunkByteCount)))
            rest = rest.dropFirst(chunkByteCount)
            while let event = try parser.next() {
                switch event {
                case .part(let headers): parts.append(Part(name: headers.name))
                case .bytes(let bytes): parts[parts.count - 1].content += String(buffer: bytes)
                case .partEnd: break
                }
            }
        }
        try parser.finish()
        return parts
    }

    private static let disposition = "Content-Disposition: form-data; name="

    @Test(arguments: 1...90)
    func findsTheSamePartsHoweverTheBodyIsCut(chunkByteCount: Int) throws {
        let body =
            "preamble\r\n--XX \t\r\n\(Self.disposition)metadata\r\n\r\n{}\r\n--XX\r\n"
            + "content-type: image/jpeg\r\n\(Self.disposition)\"photo\"; filename=\"../../a\"\r\n"
            + "\r\na\r\n--X\r\r\n--\r\nb\r\n--XX\r\n\(Self.disposition)photo\r\n\r\n"
            + "\r\n--XX--\r\nend"
        #expect(
            try parts(of: body, chunkByteCount: chunkByteCount) == [
                Part(name: "metadata", content: "{}"),
                Part(name: "photo", content: "a\r\n--X\r\r\n--\r\nb"), Part(name: "photo"),
            ])
    }

    /// Bodies that are wrong, and what is said about each.
    static let malformed: [(String, MultipartError)] = [
        ("--XX\r\n\(disposition)a\r\n\r\nb", .incomplete),
        ("--XX\r\n\(disposition)a\r\n\r\nb\r\n--XX", .incomplete),
        ("", .incomplete),
        (String(repeating: "x", count: 1_100), .noDelimiter),
        ("--XXY\r\n", .malformedDelimiter),
        ("--XX\r\n\r\nb\r\n--XX--", .partWithoutName),
        ("--XX\r\nContent-Type: a\r\n\r\nb\r\n--XX--", .partWithoutName),
        ("--XX\r\nContent-Disposition: form-data\r\n\r\nb\r\n--XX--", .partWithoutName),
        ("--XX\r\nContent-Disposition: attachment; name=a\r\n\r\nb\r\n--XX--", .partWithoutName),
        ("--XX\r\nno colon\r\n\r\nb\r\n--XX--", .malformedHeader),
        ("--XX\r\n\(disposition)a\r\n folded\r\n\r\nb\r\n--XX--", .malformedHeader),
        (
            "--XX\r\nA: " + String(repeating: "x", count: 8_300) + "\r\n\r\nb\r\n--XX--",
            .headersTooLong(limit: 8_192)
        ),
        // Headers that never end are refused before they do.
        (
            "--XX\r\nA: " + String(repeating: "x", count: 8_300), .headersTooLong(limit: 8_192)
        ),
    ]

    @Test(arguments: malformed, [1, 7, 100_000])
    func namesWhatIsWrong(_ row: (body: String, error: MultipartError), chunk: Int) {
        #expect(throws: row.error) { try parts(of: row.body, chunkByteCount: chunk) }
    }
}
