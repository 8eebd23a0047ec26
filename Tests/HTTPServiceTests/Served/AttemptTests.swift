import Foundation
import TestSupport
import Testing

/// Another attempt's photos after `retake`, against the built program over a socket.
struct AttemptTests {
    private static var blurred: Data {
        get throws { try Photo.named("box-dark-and-blurred.jpg") }
    }

    private static let order = #"{"order_id":"4711","category":"box","region":"US"}"#

    @Test
    func betterPhotosJoinTheSameInspection() async throws {
        let served = try await ServedData()
        let first = try await served.post(
            [Self.blurred], order: Self.order, key: "k", headers: ["Accept-Language": "en"])
        #expect(first.headers["Content-Language"] == "en")
        #expect(first.object["outcome"] as? String == "retake")
        let path = try #require(first.headers["Location"])
        let views = #"{"photos":[{"view":"front"}]}"#
        let second = try await served.post(
            [Photo.box], to: path + "/photos", order: views, key: "k",
            headers: ["Accept-Language": "de"])
        #expect(second.status == 201 && second.headers["Location"] == path)
        #expect(second.object["id"] as? String == first.object["id"] as? String)
        #expect(second.object["order_id"] as? String == "4711")
        #expect(second.object["outcome"] as? String != "retake")
        #expect(second.headers["Content-Language"] == "de")
        // The unusable photo is replaced, not judged again; numbers go on.
        let photos = try #require(second.object["photos"] as? [[String: Any]])
        #expect(photos.map { $0["index"] as? Int } == [1])
        #expect(photos.first?["view"] as? String == "front")
        for index in 0...1 {
            #expect(try await served.send("GET", path + "/photos/\(index)").status == 200)
        }

        let again = try await served.post(
            [Photo.box], to: path + "/photos", order: views, key: "k")
        #expect(again.body == second.body && again.headers["Idempotency-Replayed"] == "true")
        let late = try await served.post([Photo.mug], to: path + "/photos", key: "l")
        #expect(late.code == "retake_not_asked")
        let read = try await served.send("GET", path)
        #expect(read.object["status"] as? String == second.object["outcome"] as? String)
        let receipt = try await served.send("GET", path + "/receipt")
        #expect(receipt.status == 200)
        try await served.stop()
        let verified = try await RepositoryProgram.run([
            "audit", "verify", "--data", served.dataPath,
        ])
        #expect(verified.status == 0, "\(verified.text)")
    }

    @Test
    func thereAreThreeFurtherAttemptsAndOrderDataStay() async throws {
        let served = try await ServedData()
        let first = try await served.post([Self.blurred], order: Self.order, key: "k")
        let path = try #require(first.headers["Location"]) + "/photos"
        let stated = try await served.post([Photo.box], to: path, order: Self.order, key: "o")
        #expect(stated.code == "order_data_invalid")
        // What cannot be decoded is no attempt.
        let broken = try await served.post([Data("x".utf8)], to: path, key: "x")
        #expect(broken.code == "unsupported_format")
        for number in 1...3 {
            let reply = try await served.post([Self.blurred], to: path, key: "k\(number)")
            #expect(reply.status == 201 && reply.object["outcome"] as? String == "retake")
            let photos = try #require(reply.object["photos"] as? [[String: Any]])
            #expect(photos.map { $0["index"] as? Int } == [number])
        }
        let fourth = try await served.post([Photo.box], to: path, key: "k4")
        #expect(fourth.status == 409 && fourth.code == "attempt_limit_reached")
        let parallel = try await served.post([Self.blurred], order: Self.order, key: "p")
        let racing = try #require(parallel.headers["Location"]) + "/photos"
        let replies = try await withThrowingTaskGroup(of: Reply.self) { group in
            for key in ["r1", "r2", "r3"] {
                group.addTask { try await served.post([Photo.box], to: racing, key: key) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(replies.map(\.status).sorted() == [201, 409, 409])
        #expect(replies.allSatisfy { $0.status == 201 || $0.code == "retake_not_asked" })
        try await served.stop()
    }
}
