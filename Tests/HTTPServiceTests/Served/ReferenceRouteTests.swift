import Foundation
import ReturnsDomain
import TestSupport
import Testing

/// Reference photos over a socket, against the built program.
struct ReferenceRouteTests {
    private static let path = "/v1/references/MUG%2F1/photos"

    private func put(
        _ served: ServedData, _ photos: [Data], metadata: String = "{}", path: String = path,
        headers: [String: String] = [:]
    ) async throws -> Reply {
        try await served.send("PUT", path, photos, metadata: metadata, headers: headers)
    }

    private func put(
        _ served: ServedData, document: String, path: String = path,
        headers: [String: String] = [:]
    ) async throws -> Reply {
        let own = ["Content-Type": "application/json"]
        return try await served.send(
            "PUT", path, headers: own.merging(headers) { $1 }, body: Data(document.utf8))
    }

    /// An empty object of so many bytes.
    private func padded(_ byteCount: Int) -> String {
        "{" + String(repeating: " ", count: byteCount - 2) + "}"
    }

    @Test func photosArePutListedAndRemoved() async throws {
        let served = try await ServedData()
        let admin = try await served.signing(scope: "admin")
        let metadata = #"{"role":"packing","order_id":"4711","photos":[{"view":"front"}]}"#
        let first = try await put(served, [Photo.box], metadata: metadata)
        #expect(first.status == 200 && first.object["added"] as? Int == 1, "\(first.object)")
        #expect(first.object["sku"] as? String == "MUG/1")
        let photo = try #require((first.object["references"] as? [[String: Any]])?.first)
        #expect(photo["view"] as? String == "front" && photo["order_id"] as? String == "4711")
        #expect((photo["added_by"] as? String)?.hasPrefix("key key_") == true)
        let again = try await put(served, [Photo.box], metadata: metadata)
        #expect(again.object["added"] as? Int == 0)
        #expect(try await put(served, [Photo.box]).object["added"] as? Int == 1)

        let page = try await served.send("GET", Self.path + "?limit=1")
        let next = try #require(page.object["next"] as? String)
        let rest = try await served.send("GET", Self.path + "?after=\(next)")
        let last = try #require((rest.object["references"] as? [[String: Any]])?.first)
        #expect(last["role"] as? String == "catalogue" && rest.object["next"] == nil)

        let forbidden = try await served.send("DELETE", Self.path)
        #expect(forbidden.status == 403)
        let one = try await served.send("DELETE", Self.path + "?id=\(next)", headers: admin)
        #expect(one.status == 200 && one.object["removed"] as? Int == 1)
        let gone = try await served.send("DELETE", Self.path + "?id=\(next)", headers: admin)
        #expect(gone.status == 404 && gone.code == "reference_not_found")
        #expect(try await served.send("DELETE", Self.path, headers: admin).status == 200)
        #expect(try await served.send("DELETE", Self.path, headers: admin).status == 404)
        try await served.stop()
        let kinds = try served.auditLines().filter { $0.contains("\"kind\":\"reference_") }
        #expect(kinds.count == 4)
    }

    @Test func reviewersElsewhereSeeWhereAnItemIsUnlikeItsReferences() async throws {
        func picture(_ name: String) throws -> Data {
            try Data(contentsOf: Repository.root.appending(path: "docs/pictures/\(name).jpg"))
        }
        let served = try await ServedData()
        let packed = try (1...3).map { try picture("packed-\($0)") }
        let views = Array(repeating: #"{"view":"front"}"#, count: 3).joined(separator: ",")
        let put = try await put(
            served, packed,
            metadata: #"{"role":"packing","order_id":"4711","photos":[\#(views)]}"#)
        #expect(put.object["added"] as? Int == 3, "\(put.object)")
        let order = #"{"sku":"MUG/1","order_id":"4711","photos":[{"view":"front"}]}"#
        let posted = try await served.post([picture("returned")], order: order, key: "k")
        #expect(posted.status < 300, "\(posted.object)")
        let review = try await served.signing(scope: "review")
        let tasks = try await served.send("GET", "/v1/reviews", headers: review)
        let task = try #require(
            (tasks.object["reviews"] as? [[String: Any]])?.first?["task"] as? String)
        func map() async throws -> [Double] {
            let reply = try await served.send(
                "GET", "/v1/reviews/\(task)/photos/0/heatmap", headers: review)
            #expect(reply.status == 200, "\(reply.object)")
            #expect((reply.object["model_sha256"] as? String)?.count == 64)
            let sides = [reply.object["width"], reply.object["height"]].compactMap { $0 as? Int }
            let values = try #require(reply.object["values"] as? [Double])
            #expect(sides.count == 2 && values.count == sides.reduce(1, *))
            return values
        }
        let joined = try await map()
        let admin = try await served.signing(scope: "admin")
        #expect(try await served.send("DELETE", Self.path, headers: admin).status == 200)
        let ofNetwork = try await map()
        #expect(joined != ofNetwork)
        // The joined grid is the finer one, and loses nothing of the network's.
        #expect((joined.max() ?? 0) >= (ofNetwork.max() ?? 0))
        let none = try await served.send(
            "GET", "/v1/reviews/\(task)/photos/7/heatmap", headers: review)
        #expect(none.code == "photo_not_kept")
        try await served.stop()
        #expect(try served.auditLines().count { $0.contains("\"heatmap\"") } == 2)
    }

    @Test func whatCannotBeAReferenceIsRefused() async throws {
        let served = try await ServedData()
        let cases: [(Reply, Int, String)] = [
            (try await put(served, []), 400, "photo_missing"),
            (try await put(served, [Data("x".utf8)]), 415, "unsupported_format"),
            (
                try await put(
                    served, [Photo.named("box-dark-and-blurred.jpg")],
                    metadata: #"{"role":"pristine"}"#), 422, "reference_photo_unfit"
            ),
            (
                try await put(served, [Photo.box], metadata: #"{"role":"best"}"#), 400,
                "order_data_invalid"
            ),
            (
                try await put(served, [Photo.box], metadata: #"{"colour":"red"}"#), 400,
                "order_data_invalid"
            ),
            (
                try await put(served, [Photo.box], metadata: #"{"order_id":"4711"}"#), 422,
                "reference_role_invalid"
            ),
            (
                try await put(served, [Photo.box], metadata: #"{"photos":[{},{}]}"#), 400,
                "order_data_invalid"
            ),
            (
                try await put(served, [Photo.box], path: "/v1/references/%0A/photos"), 400,
                "order_data_invalid"
            ),
            (
                try await put(
                    served, [Photo.box],
                    path: "/v1/references/\(String(repeating: "x", count: 201))/photos"), 400,
                "order_data_invalid"
            ),
            (
                try await put(served, Array(repeating: Photo.box, count: 13)), 413,
                "too_many_photos"
            ),
            (try await served.send("GET", Self.path + "?limit=0"), 400, "query_invalid"),
            (
                try await served.send(
                    "DELETE", Self.path + "?order_id=1&id=\(ReferencePhotoID(at: .now))",
                    headers: served.signing(scope: "admin")), 400, "query_invalid"
            ),
            (try await served.send("POST", Self.path), 405, "method_not_allowed"),
            (try await put(served, document: "{}"), 400, "malformed_request"),
            (try await put(served, document: padded(65_536)), 400, "malformed_request"),
            (try await put(served, document: padded(65_537)), 413, "body_too_large"),
        ]
        for (reply, status, code) in cases {
            #expect(reply.status == status && reply.code == code, "\(reply.object)")
        }
        let list = try await served.send("GET", Self.path)
        #expect((list.object["references"] as? [Any])?.isEmpty == true)
        try await served.stop()
    }

    @Test func aResoldItemsPhotosJoinAndTenantsStayApart() async throws {
        let served = try await ServedData()
        let inspection = try await served.decided(order: #"{"sku":"MUG/1","order_id":"o-1"}"#)
        let id = try #require(inspection.split(separator: "/").last)
        let document = "{\"inspection\":\"\(id)\"}"
        let added = try await put(served, document: document)
        #expect(added.status == 200 && added.object["added"] as? Int == 1, "\(added.object)")
        let other = try await put(
            served, document: document, path: "/v1/references/MUG-2/photos")
        #expect(other.status == 422 && other.code == "reference_sku_differs")

        let key = try await ServedData.createKey(data: served.dataPath, tenant: "other")
        let stranger = ["Authorization": "Bearer \(key)"]
        let list = try await served.send("GET", Self.path, headers: stranger)
        #expect((list.object["references"] as? [Any])?.isEmpty == true)
        let foreign = try await put(served, document: document, headers: stranger)
        #expect(foreign.status == 404 && foreign.code == "inspection_not_found")
        try await served.stop()
    }

    /// Two shops whose numbers are the same sell different things.
    @Test func eachTenantsItemsAreComparedWithItsOwn() async throws {
        let served = try await ServedData()
        let key = try await ServedData.createKey(data: served.dataPath, tenant: "other")
        let other = ["Authorization": "Bearer \(key)"]
        let shops = [("box-intact.jpg", [:]), ("vehicle-intact.jpg", other)]
        for (name, headers) in shops {
            let reply = try await put(served, [Photo.named(name)], headers: headers)
            #expect(reply.status == 200, "\(reply.object)")
        }
        for (name, headers) in shops {
            let reply = try await served.post(
                [Photo.named(name)], order: #"{"sku":"MUG/1"}"#, key: name, headers: headers)
            let comparison = try #require(reply.object["comparison"] as? [String: Any])
            #expect(comparison["reference_count"] as? Int == 1)
            #expect((comparison["score"] as? Double ?? 1) < 0.1, "\(name): \(comparison)")
        }
        try await served.stop()
    }
}
