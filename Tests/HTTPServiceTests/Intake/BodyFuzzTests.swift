import HTTPService
import NIOCore
import TestSupport
import Testing

/// Mutants of the bodies that strangers send.
struct BodyFuzzTests {
    private static let multipart = [
        "--XX\r\nContent-Disposition: form-data; name=metadata\r\n\r\n{}\r\n--XX\r\n"
            + "content-type: image/jpeg\r\nContent-Disposition: form-data; name=\"photo\"; "
            + "filename=\"../../a\"\r\n\r\na\r\n--X\r\r\n--\r\nb\r\n--XX--\r\nend",
        "preamble\r\n--XX \t\r\nContent-Disposition: form-data; name=photo\r\n\r\n\r\n--XX--",
    ]

    @Test func multipartBodiesAreAnsweredWithoutACrash() async throws {
        let fuzzing = ParserFuzzing(
            "multipart", seeds: Self.multipart.map { Array($0.utf8) },
            words: ["\r\n", "--XX", "\r\n--XX", "--XX--", "\"", ";", "name=", "\\", "\r\n\r\n"],
            fastCount: 2_000)
        try await fuzzing.run { bytes in
            var parser = MultipartParser(boundary: "XX")
            var byteCount = 0
            // Cut where the mutant's own length says.
            let chunkByteCount = bytes.count % 61 + 1
            for start in stride(from: 0, to: bytes.count, by: chunkByteCount) {
                parser.append(ByteBuffer(bytes: bytes[start...].prefix(chunkByteCount)))
                while let event = try parser.next() {
                    if case .bytes(let buffer) = event { byteCount += buffer.readableBytes }
                }
            }
            #expect(byteCount <= bytes.count)
            try parser.finish()
        }
    }

    @Test func jsonIsAnsweredWithoutACrash() async throws {
        let seeds = [
            #" {"a":[1,-2.5e+3,true,false,null],"b\u0041\uD83D\uDE00":"\"\n"} "#,
            #"{"category":"box","order":{"value":12900,"currency":"EUR"},"views":["front"]}"#,
        ]
        let fuzzing = ParserFuzzing(
            "json", seeds: seeds.map { Array($0.utf8) },
            words: [
                "[[[[[[[[", "{\"a\":", "1e999", "-0", "\\uD800", "\\u0000", "null", "\"", ",",
                "1E+",
            ],
            fastCount: 2_000)
        try await fuzzing.run { _ = try JSONReader.document($0) }
    }

    /// What comes beside the photos of an item, and beside those of a product.
    @Test func documentsAreAnsweredWithoutACrash() async throws {
        let order = #"""
            {"order_id":"4711","sku":"MUG/1","category":"mug","value":12900,"currency":"EUR",
            "region":"DE","photos":[{"view":"front"},{},{"view":null}]}
            """#
        let reference = #"{"role":"packing","order_id":"4711","photos":[{"view":"front"},{}]}"#
        let words = [
            "\"role\":", "\"order_id\":", "\"photos\":", "\"view\":", "\"catalogue\"", "null",
            "[{}", "{}", "-1", "1e999", "\\u0000", "\\/~", "\"", ",",
        ]
        let orders = ParserFuzzing(
            "order-document", seeds: [Array(order.utf8)], words: words, fastCount: 2_000)
        try await orders.run { _ = try OrderDocument($0) }
        let references = ParserFuzzing(
            "reference-document", seeds: [Array(reference.utf8), []], words: words,
            fastCount: 2_000)
        try await references.run { _ = try ReferenceDocument($0) }
    }
}
