import Foundation
import TestSupport
import Testing

/// Every way to be told no: the status, the stable code, and nothing of the house.
struct RefusalTests {
    /// A request and what becomes of it.
    struct Row: Sendable, CustomTestStringConvertible {
        let what: String
        var method = "POST"
        var path = "/v1/inspections"
        var headers: [String: String] = [:]
        var body = ""
        let status: Int
        let code: String

        var testDescription: String { what }
    }

    private static let multipart = "multipart/form-data; boundary=XX"

    private static func part(_ name: String, _ content: String) -> String {
        "--XX\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(content)\r\n"
    }

    /// One after another against one program, since each start costs time.
    static let rows: [Row] = [
        Row(what: "unknown path", method: "GET", path: "/v1/x", status: 404, code: "not_found"),
        Row(
            what: "encoded traversal", method: "GET", path: "/v1/inspections/%2e%2e%2fetc",
            status: 404, code: "inspection_not_found"),
        Row(
            what: "wrong method", method: "DELETE", path: "/livez", status: 405,
            code: "method_not_allowed"),
        Row(
            what: "no key", method: "GET", headers: ["Authorization": ""], status: 401,
            code: "not_signed_in"),
        Row(
            what: "a key of nobody", method: "GET",
            headers: ["Authorization": "Bearer key_01M7Y9FMFBEV8NWB3NGN9WC0ZB.x"], status: 401,
            code: "not_signed_in"),
        Row(
            what: "only XML accepted", method: "GET", headers: ["Accept": "application/xml"],
            status: 406, code: "not_acceptable"),
        Row(
            what: "limit out of range", method: "GET", path: "/v1/inspections?limit=0",
            status: 400, code: "query_invalid"),
        Row(
            what: "no idempotency key", headers: ["Content-Type": multipart], status: 400,
            code: "idempotency_key_missing"),
        Row(
            what: "broken quoting",
            headers: ["Content-Type": multipart, "Idempotency-Key": "\"a"], status: 400,
            code: "idempotency_key_invalid"),
        Row(
            what: "JSON body", headers: ["Content-Type": "application/json"], body: "{}",
            status: 415, code: "unsupported_media_type"),
        Row(
            what: "no boundary", headers: ["Content-Type": "multipart/form-data"], body: "x",
            status: 400, code: "malformed_multipart"),
        Row(
            what: "unknown part", headers: ["Content-Type": multipart],
            body: part("file", "x") + "--XX--", status: 400, code: "malformed_multipart"),
        Row(
            what: "two metadata parts", headers: ["Content-Type": multipart],
            body: part("metadata", "{}") + part("metadata", "{}") + "--XX--", status: 400,
            code: "malformed_multipart"),
        Row(
            what: "no photo", headers: ["Content-Type": multipart],
            body: part("metadata", "{}") + "--XX--", status: 400, code: "photo_missing"),
        Row(
            what: "13 photos", headers: ["Content-Type": multipart],
            body: String(repeating: part("photo", "x"), count: 13) + "--XX--", status: 413,
            code: "too_many_photos"),
        Row(
            what: "order data that are no JSON", headers: ["Content-Type": multipart],
            body: part("metadata", "{") + part("photo", "x") + "--XX--", status: 400,
            code: "malformed_json"),
        Row(
            what: "more views than photos", headers: ["Content-Type": multipart],
            body: part("metadata", #"{"photos":[{"view":"front"},{"view":"back"}]}"#)
                + part("photo", "x") + "--XX--", status: 400, code: "order_data_invalid"),
        Row(
            what: "a GIF called JPEG", headers: ["Content-Type": "image/jpeg"],
            body: "GIF89a......", status: 415, code: "unsupported_format"),
        Row(
            what: "an empty photo", headers: ["Content-Type": multipart],
            body: part("photo", "") + "--XX--", status: 422, code: "photo_empty"),
    ]

    @Test
    func everyRefusalHasItsStatusAndCode() async throws {
        let served = try await ServedData()
        for (index, row) in Self.rows.enumerated() {
            let key = ["Idempotency-Key": "row-\(index)"]
            let needsKey = row.method == "POST" && row.code != "idempotency_key_missing"
            let reply = try await served.send(
                row.method, row.path,
                headers: (needsKey ? key : [:]).merging(row.headers) { $1 },
                body: row.method == "POST" ? Data(row.body.utf8) : nil)
            #expect(reply.status == row.status && reply.code == row.code, "\(row.what)")
            #expect(reply.object["request_id"] as? String == reply.headers["X-Request-Id"])
            #expect(reply.headers["X-Content-Type-Options"] == "nosniff")
            let text = String(decoding: reply.body, as: UTF8.self)
            #expect(!text.contains(served.dataPath) && !text.contains("SELECT"), "\(row.what)")
        }
        try await served.stop()
    }

    @Test
    func namesEveryMistakeInOrderData() async throws {
        let served = try await ServedData()
        let order =
            #"{"x/y":1,"sku":5,"region":"de","value":-1,"currency":"EUR","photos":[{"view":"up"}]}"#
        let reply = try await served.post([Photo.box], order: order, key: "k")
        let errors = try #require(reply.object["errors"] as? [[String: String]])
        #expect(
            Set(errors.map { "\($0["pointer"] ?? "") \($0["code"] ?? "")" }) == [
                "/x~1y unknown_member", "/sku wrong_type", "/region not_a_region",
                "/value not_an_amount", "/photos/0/view unknown_value",
            ])
        try await served.stop()
    }

    @Test
    func limitsAreSettingsAndHoldExactly() async throws {
        let photo = try Photo.box
        let served = try await ServedData(settings: [
            "REGRADE_BYTE_COUNT_LIMIT": "\(photo.count)",
            "REGRADE_ORDER_DATA_BYTE_COUNT_LIMIT": "10",
            "REGRADE_BODY_BYTE_COUNT_LIMIT": "\(photo.count + 1000)",
        ])
        let raw = ["Content-Type": "image/jpeg"]
        func send(_ body: Data, _ key: String, _ metadata: String = "{}") async throws -> Reply {
            try await served.send(
                "POST", "/v1/inspections",
                headers: raw.merging(["Idempotency-Key": key, "Regrade-Metadata": metadata]) { $1 },
                body: body)
        }
        #expect(try await send(photo, "1").status == 201)
        let longer = try await send(photo + [0], "2")
        #expect(longer.status == 413 && longer.code == "photo_too_large")
        #expect(String(decoding: longer.body, as: UTF8.self).contains("byteCountLimit"))
        #expect(try await send(photo, "3", "{        }").status == 201)
        #expect(try await send(photo, "4", "{         }").code == "order_data_too_large")
        let body = try await send(photo + Data(count: 1001), "5")
        #expect(body.status == 413)
        try await served.stop()
    }

    @Test
    func keysOpenTheirTenantTheirScopeAndTheirShare() async throws {
        let served = try await ServedData(settings: ["REGRADE_REQUEST_RATE_LIMIT": "4"])
        let mine = try await served.post([Photo.box], key: "k")
        let path = try #require(mine.headers["Location"])
        let other = try await ServedData.createKey(data: served.dataPath, tenant: "other")
        let reviewer = try await ServedData.createKey(data: served.dataPath, scope: "review")
        @Sendable func read(_ key: String) async throws -> Reply {
            try await served.send("GET", path, headers: ["Authorization": "Bearer \(key)"])
        }
        #expect(try await read(other).code == "inspection_not_found")
        #expect(try await read(reviewer).code == "scope_missing")
        #expect(try await read(served.key.dropLast() + "_").code == "not_signed_in")
        // Many at once, since a slow machine regains its share between one request and the next.
        let replies = try await withThrowingTaskGroup(of: Reply.self) { group in
            for _ in 0..<60 { group.addTask { try await read(served.key) } }
            return try await group.reduce(into: [Reply]()) { $0.append($1) }
        }
        #expect(replies.allSatisfy { $0.status == 200 || $0.status == 429 })
        let refused = try #require(replies.first { $0.status == 429 })
        #expect(refused.code == "rate_limited")
        #expect(refused.headers["Retry-After"] != nil && refused.headers["RateLimit"] != nil)
        let revoked = try await RepositoryProgram.run([
            "key", "revoke", String(other.prefix { $0 != "." }), "--tenant", "other", "--data",
            served.dataPath,
        ])
        #expect(revoked.status == 0)
        #expect(try await read(other).status == 401)
        try await served.stop()
        // What was refused is in the audit log, with counts and reasons, and the keys are nowhere.
        let log = served.folder.file("data").appending(path: "audit/00000001.jsonl")
        let text = try String(contentsOf: log, encoding: .utf8)
        #expect(text.contains("sign_in_failed") && text.contains("wrong_secret"))
        #expect(!text.contains(served.key.suffix(43)))
    }

    @Test
    func aFullQueueSaysWhenToComeBack() async throws {
        let served = try await ServedData(settings: ["REGRADE_QUEUE_DEPTH_LIMIT": "1"])
        let photo = try Photo.box
        let replies = try await withThrowingTaskGroup(of: Reply.self) { group in
            for number in 0..<6 {
                group.addTask { try await served.post([photo], key: "k\(number)") }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(replies.contains { $0.status == 201 })
        let refused = replies.filter { $0.status != 201 }
        #expect(!refused.isEmpty)
        for reply in refused {
            #expect(reply.status == 429 && reply.code == "overloaded")
            #expect(reply.headers["Retry-After"] != nil)
        }
        // The burst is over: the next one is inspected, under a key that was refused as well.
        for number in 0..<6 {
            #expect(try await served.post([photo], key: "k\(number)").status == 201)
        }
        try await served.stop()
    }
}
