import Foundation
import Imaging
import TestSupport
import Testing

/// T5: every limit of a request, one above, at, and one below what is sent, through the service.
struct ServiceLimitTests {
    /// Something that is exactly as large as it says.
    private struct Edge {
        /// The setting, as in `docs/operating.md`.
        let setting: String
        let value: Int
        let status: Int
        let code: String
        let headers: [String: String]
        let body: Data

        /// `sideLimit` as an environment variable: `REGRADE_SIDE_LIMIT`.
        var variable: String {
            "REGRADE_" + setting.replacing(/[A-Z]/) { "_\($0.output)" }.uppercased()
        }
    }

    private static let jpeg = ["Content-Type": "image/jpeg"]
    private static let form = ["Content-Type": "multipart/form-data; boundary=XX"]

    private static func picture(_ width: Int, _ height: Int) -> RGBImage {
        let pixels = (0..<width * height * 3).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 5) }
        return RGBImage(width: width, height: height, pixels: pixels)
    }

    private static func form(_ photo: Data, count: Int = 1) -> Data {
        let head = Data("--XX\r\nContent-Disposition: form-data; name=\"photo\"\r\n\r\n".utf8)
        let part = head + photo + Data("\r\n".utf8)
        let parts = (0..<count).reduce(into: Data()) { body, _ in body += part }
        return parts + Data("--XX--\r\n".utf8)
    }

    /// No photo but the one that a limit is about comes near it.
    private static func edges() throws -> [Edge] {
        let small = Data(try JPEGEncoder().encode(picture(40, 30)))
        let long = small + Data(count: 60_000 - small.count)
        let body = form(long) + Data(count: 90_000)
        let comment = Data([0xFF, 0xFE, 0x01, 0xF6] + [UInt8](repeating: 32, count: 500))
        let commented = small.prefix(2) + comment + small.dropFirst(2)
        let order = "{\"order_id\":\"4711\"" + String(repeating: " ", count: 300) + "}"
        func pixels(_ setting: String, _ value: Int, _ code: String, _ bytes: [UInt8]) -> Edge {
            Edge(
                setting: setting, value: value, status: 422, code: code, headers: jpeg,
                body: Data(bytes))
        }
        return [
            Edge(
                setting: "byteCountLimit", value: long.count, status: 413,
                code: "photo_too_large", headers: jpeg, body: long),
            Edge(
                setting: "byteCountLimit", value: long.count, status: 413,
                code: "photo_too_large", headers: form, body: form(long)),
            Edge(
                setting: "bodyByteCountLimit", value: body.count, status: 413,
                code: "body_too_large", headers: form, body: body),
            Edge(
                setting: "orderDataByteCountLimit", value: order.utf8.count, status: 413,
                code: "order_data_too_large",
                headers: jpeg.merging(["Regrade-Metadata": order]) { $1 }, body: small),
            pixels(
                "pixelCountLimit", 150 * 140, "too_many_pixels",
                try JPEGEncoder().encode(picture(150, 140))),
            pixels(
                "interlacedPixelCountLimit", 100 * 90, "too_many_interlaced_pixels",
                try PNGEncoder(isInterlaced: true).encode(picture(100, 90))),
            pixels(
                "sideLimit", 200, "side_too_long", try PNGEncoder().encode(picture(10, 200))),
            pixels(
                "scanCountLimit", 10, "too_many_scans",
                try JPEGEncoder(isProgressive: true).encode(picture(40, 30))),
            // JFIF's own segment takes 18 bytes, the comment's marker and length four.
            pixels(
                "metadataByteCountLimit", 18 + 4 + 500, "metadata_too_large", Array(commented)),
        ]
    }

    @Test(arguments: [-1, 0, 1])
    func limitsAreExactAndNamed(offset: Int) async throws {
        let edges = try Self.edges()
        let served = try await ServedData(
            settings: Dictionary(
                edges.map { ($0.variable, String($0.value + offset)) }, uniquingKeysWith: { $1 }))
        for (number, edge) in edges.enumerated() {
            let reply = try await served.send(
                "POST", "/v1/inspections",
                headers: edge.headers.merging(["Idempotency-Key": "\(number)"]) { $1 },
                body: edge.body)
            let text = String(decoding: reply.body, as: UTF8.self)
            let about = "\(edge.setting) \(edge.value + offset): \(reply.status) \(text)"
            if offset < 0 {
                #expect(reply.status == edge.status && reply.code == edge.code, "\(about)")
                #expect(
                    (reply.object["detail"] as? String)?.contains(" \(edge.setting)") == true,
                    "\(about)")
            } else {
                #expect(reply.status == 201, "\(about)")
            }
        }
        try await served.stop()
    }

    /// A length that nobody announced is counted as it arrives.
    @Test(arguments: [(0, "415"), (1, "413")])
    func anUnannouncedLengthIsCounted(surplus: Int, status: String) async throws {
        let limit = 5_000
        let served = try await ServedData(settings: ["REGRADE_BODY_BYTE_COUNT_LIMIT": "\(limit)"])
        let form = String(decoding: Self.form(Data("GIF89a".utf8)), as: UTF8.self)
        let body = form + String(repeating: " ", count: limit + surplus - form.utf8.count)
        let answer = try served.raw(
            """
            POST /v1/inspections HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
            Authorization: Bearer \(served.key)\r\nIdempotency-Key: k\r\n\
            Content-Type: multipart/form-data; boundary=XX\r\nTransfer-Encoding: chunked\r\n\r\n\
            \(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\n\r\n
            """)
        #expect(answer.head.hasPrefix("HTTP/1.1 \(status) "), "\(answer.head)")
        try await served.stop()
    }

    @Test
    func twelvePhotosAreAnItemAndThirteenAreNot() async throws {
        let served = try await ServedData()
        let photo = Data(try JPEGEncoder().encode(Self.picture(40, 30)))
        for (count, status) in [(11, 201), (12, 201), (13, 413)] {
            let reply = try await served.send(
                "POST", "/v1/inspections",
                headers: Self.form.merging(["Idempotency-Key": "\(count)"]) { $1 },
                body: Self.form(photo, count: count))
            #expect(reply.status == status, "\(count) photos")
            if count == 13 {
                let text = String(decoding: reply.body, as: UTF8.self)
                #expect(reply.code == "too_many_photos" && text.contains("photoCountLimit"))
            }
        }
        try await served.stop()
    }

    /// Where the defaults lie, on files that are as large as they say.
    @Test
    func theDefaultsAreThoseOfTheManual() async throws {
        let served = try await ServedData()
        let small = Data(try JPEGEncoder().encode(Self.picture(40, 30)))
        let rows: [(photo: Data, status: Int, code: String?)] = [
            (small + Data(count: 20_000_000 - small.count), 201, nil),
            (small + Data(count: 20_000_001 - small.count), 413, "photo_too_large"),
            (Data(try PNGEncoder().encode(Self.picture(16_384, 2))), 201, nil),
            (Data(try PNGEncoder().encode(Self.picture(2, 16_385))), 422, "side_too_long"),
        ]
        for (number, row) in rows.enumerated() {
            let reply = try await served.postFile(row.photo, key: "\(number)")
            #expect(
                reply.status == row.status && reply.code == row.code,
                "row \(number): \(reply.status) \(reply.code ?? "")")
        }
        try await served.stop()
    }
}
