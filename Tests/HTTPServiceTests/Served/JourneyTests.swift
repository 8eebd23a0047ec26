import Foundation
import TestSupport
import Testing

/// What a portal does, against the built program over a socket.
struct JourneyTests {
    @Test
    func aPortalPostsRetriesReadsAndSeesTheEvidence() async throws {
        let served = try await ServedData()
        let order = #"{"order_id":"4711","category":"box","photos":[{"view":"front"}]}"#
        let first = try await served.post(
            [Photo.box], order: order, key: "k1", headers: ["Accept-Language": "xx, de;q=0.5"])
        #expect(first.status == 201)
        #expect(first.headers["Content-Language"] == "de")
        let id = try #require(first.object["id"] as? String)
        let path = "/v1/inspections/\(id)"
        #expect(first.headers["Location"] == path)

        // Trying again, under the quoted form of the same key, gives the same bytes.
        let again = try await served.post([Photo.box], order: order, key: "\"k1\"")
        #expect(again.status == 201 && again.body == first.body)
        #expect(again.headers["Idempotency-Replayed"] == "true")
        #expect(try await served.post([Photo.mug], order: order, key: "k1").status == 422)
        #expect(try await served.post([Photo.box], key: "k1").code == "idempotency_key_reused")

        let read = try await served.send("GET", path)
        #expect(read.status == 200 && read.object["status"] as? String == "human_review")
        let tag = try #require(read.headers["ETag"])
        let known = try await served.send("GET", path, headers: ["If-None-Match": tag])
        #expect(known.status == 304 && known.body.isEmpty)

        // The same photo with another order is a reason to look.
        let other = try await served.post([Photo.box], order: #"{"order_id":"4712"}"#, key: "k2")
        #expect(other.object["outcome"] as? String == "human_review")
        let reasons = try #require(other.object["reasons"] as? [[String: Any]])
        #expect(reasons.contains { $0["code"] as? String == "photo_seen_before" })

        let list = try await served.send("GET", "/v1/inspections?order_id=4711&limit=1")
        #expect((list.object["inspections"] as? [Any])?.count == 1)
        let none = try await served.send("GET", "/v1/inspections?sku=other")
        #expect((none.object["inspections"] as? [Any])?.isEmpty == true)

        let photo = try await served.send("GET", path + "/photos/0")
        #expect(photo.status == 200 && photo.body.starts(with: [0xFF, 0xD8]))
        let map = try await served.send("GET", path + "/photos/0/heatmap.png")
        #expect(map.status == 200 && map.body.starts(with: [0x89, 0x50]))
        #expect(try await served.send("GET", path + "/photos/1").code == "photo_not_kept")

        let events = try await served.send("GET", "/v1/events")
        let listed = try #require(events.object["events"] as? [[String: Any]])
        let types = listed.compactMap { $0["type"] as? String }
        #expect(types.contains("regrade.inspection.received.v1"))
        #expect(types.contains("regrade.review.opened.v1"))
        // Numbered without a gap, from the first one on.
        #expect(listed.map { $0["sequence"] as? String } == (1...listed.count).map(String.init))
        #expect(events.object["next"] as? String == String(listed.count))
        #expect(try await served.stop().status == 0)

        // Each look is in the audit log, by key.
        let log = served.folder.file("data").appending(path: "audit/00000001.jsonl")
        let lines = try String(contentsOf: log, encoding: .utf8).split(separator: "\n")
        #expect(lines.count { $0.contains("photo_view") && $0.contains("\"type\":\"key\"") } == 2)
        let verified = try await RepositoryProgram.run([
            "audit", "verify", "--data", served.dataPath,
        ])
        #expect(verified.status == 0)
    }

    @Test
    func anItemForLaterIsAnsweredAtOnceAndInspectedThen() async throws {
        let served = try await ServedData()
        let later = ["Prefer": "respond-async"]
        let first = try await served.post([Photo.box], key: "k", headers: later)
        #expect(first.status == 202)
        let path = try #require(first.headers["Location"])
        let read = try await served.send("GET", path + "?wait=30")
        #expect(read.object["adjudication"] is [String: Any])
        let again = try await served.post([Photo.box], key: "k")
        #expect(again.status == 202 && again.body == first.body)
        // One that can never be inspected says so instead of waiting for ever.
        let broken = try await served.post([Data("x".utf8)], key: "b", headers: later)
        let failed = try await served.send(
            "GET", try #require(broken.headers["Location"]) + "?wait=30")
        #expect(failed.object["status"] as? String == "failed")
        #expect(
            (failed.object["problem"] as? [String: Any])?["code"] as? String
                == "unsupported_format")
        try await served.stop()
    }

    @Test
    func aReviewerTakesATaskAndDecidesIt() async throws {
        let served = try await ServedData()
        let key = try await ServedData.createKey(data: served.dataPath, scope: "review")
        let added = try await RepositoryProgram.run([
            "reviewer", "add", "kim", "--data", served.dataPath,
        ])
        #expect(added.status == 0)
        func review(_ path: String, _ body: String) async throws -> Reply {
            try await served.send(
                "POST", "/v1/reviews/" + path,
                headers: [
                    "Authorization": "Bearer \(key)", "Content-Type": "application/json",
                ],
                body: Data(body.utf8))
        }
        #expect(try await review("next", #"{"reviewer":"kim"}"#).status == 204)
        let posted = try await served.post([Photo.box], key: "k")
        let path = try #require(posted.headers["Location"])
        let before = try await served.send("GET", path).headers["ETag"]
        #expect(try await review("next", #"{"reviewer":"nobody"}"#).code == "reviewer_unknown")
        #expect(try await review("next", #"{"x":"kim"}"#).code == "malformed_request")
        let leased = try await review("next", #"{"reviewer":"kim"}"#)
        let task = try #require(leased.object["task"] as? String)
        let lease = try #require(leased.object["lease"] as? String)
        #expect(try await review("\(task)/heartbeat", "{\"lease\":\"\(lease)\"}").status == 200)
        let stale = lease.dropLast(3) + "000"
        #expect(
            try await review("\(task)/release", "{\"lease\":\"\(stale)\"}").code == "lease_lost")
        let decision = """
            {"lease":"\(lease)","reviewer":"kim","outcome":"resell","reason":"review_agrees"}
            """
        let decided = try await review("\(task)/decision", decision)
        #expect(decided.status == 200 && decided.object["decided_by"] as? String == "reviewer")
        let after = try await served.send("GET", path)
        #expect(after.object["status"] as? String == "resell" && after.headers["ETag"] != before)
        try await served.stop()
    }

    @Test
    func operationsSeeThatItLivesAndWhatItCounts() async throws {
        let served = try await ServedData()
        #expect(try await served.send("GET", "/livez").status == 200)
        #expect(try await served.send("GET", "/readyz").object["status"] as? String == "ready")
        #expect(try await served.send("GET", "/version").object["api"] as? String == "v1")
        #expect(try await served.send("HEAD", "/livez").body.isEmpty)
        _ = try await served.post([Photo.box], key: "k")
        let metrics = String(
            decoding: try await served.send("GET", "/metrics").body, as: UTF8.self)
        #expect(metrics.contains("regrade_inspections_total{"))
        #expect(metrics.contains("regrade_work_queue_depth 0\n"))
        let page = try await served.send("GET", "/problems/photo_truncated")
        #expect(page.status == 200 && page.headers["Content-Type"] == "text/html; charset=utf-8")
        // A second service on the same data would release what the first one is working on.
        let second = try await RepositoryProgram.run([
            "serve", "--data", served.dataPath, "--port", "0",
        ])
        #expect(second.status == 75 && second.messages.contains("served_elsewhere"))
        let output = try await served.stop()
        #expect(output.status == 0)
        #expect(!output.messages.contains(served.key))
    }
}

/// The description and the program say the same.
struct DescriptionTests {
    @Test
    func everyRouteIsDescribedAndEveryDescriptionIsARoute() async throws {
        let served = try await ServedData()
        let reply = try await served.send("GET", "/v1/openapi.json")
        let golden = Repository.root.appending(path: "Sources/HTTPService/OpenAPI/openapi.json")
        #expect(reply.body == (try Data(contentsOf: golden)))
        let paths = try #require(reply.object["paths"] as? [String: [String: Any]])
        for (path, operations) in paths {
            // No placeholder is an id, so nothing is found, but the path and its methods are known.
            let known = try await served.send("PATCH", path.replacing(/\{[a-z]+\}/, with: "x"))
            let allowed = try #require(known.headers["Allow"], "\(path)")
            let methods = Set(allowed.split(separator: ", ").map { $0.lowercased() })
            #expect(methods.subtracting(["head"]) == Set(operations.keys), "\(path)")
        }
        #expect(paths.count == 32)
        try await served.stop()
    }

    @Test
    func everyProblemHasAPageWithWordsOfItsOwn() async throws {
        let source = Repository.root.appending(
            path: "Sources/HTTPService/Problems/ProblemCode.swift")
        let text = try String(contentsOf: source, encoding: .utf8)
        let codes = text.matches(of: /case [A-Za-z]+ = "([a-z_]+)"/).map { String($0.1) }
        #expect(codes.count > 70)
        let served = try await ServedData()
        for code in codes where code != "internal_error" {
            let page = try await served.send("GET", "/problems/\(code)")
            let html = String(decoding: page.body, as: UTF8.self)
            #expect(page.status == 200 && !html.contains("Internal error"), "\(code)")
        }
        try await served.stop()
    }
}
