import Foundation
import TestSupport
import Testing

/// Endpoints over HTTP, from the first event to the metric.
struct WebhookServiceTests {
    private static let collection = "/v1/webhook-endpoints"

    private static let wanted = [
        "regrade.inspection.received.v1", "regrade.inspection.decided.v1",
        "regrade.review.opened.v1",
    ]
    private static let wantedJSON = "[\"\(wanted.joined(separator: "\",\""))\"]"

    /// A service that may send to this machine, with a key that opens everything.
    private func serve() async throws -> (ServedData, admin: [String: String]) {
        let served = try await ServedData(settings: ["REGRADE_WEBHOOK_NETWORKS": "127.0.0.0/8"])
        let key = try await ServedData.createKey(data: served.dataPath, scope: "admin")
        return (
            served, ["Authorization": "Bearer \(key)", "Content-Type": "application/json"]
        )
    }

    /// Has something inspected.
    private func wantedEvents(ofAnInspectionBy served: ServedData) async throws -> [[String: Any]] {
        #expect(try await served.post([Photo.box], key: "k").status == 201)
        let feed = try await served.send("GET", "/v1/events").object["events"]
        // Checkpoints of the audit log are events too, and come when they like.
        return try #require(feed as? [[String: Any]]).filter {
            Self.wanted.contains($0["type"] as? String ?? "")
        }
    }

    @Test
    func fromAnEndpointToItsDeliveriesAndAway() async throws {
        let receiver = try await WebhookReceiver.start()
        let (served, admin) = try await serve()
        @Sendable func send(
            _ method: String, _ path: String, _ body: String? = nil
        ) async throws -> Reply {
            try await served.send(
                method, Self.collection + path, headers: admin,
                body: body.map { Data($0.utf8) })
        }
        let url = receiver.url("/private-path")
        let added = try await send(
            "POST", "", #"{"url":"\#(url)","description":"CRM","event_types":\#(Self.wantedJSON)}"#)
        #expect(added.status == 201)
        let id = try #require(added.object["id"] as? String)
        let secret = try #require(added.object["secret"] as? String)
        #expect(added.headers["Location"] == "\(Self.collection)/\(id)")
        let second = try await send("POST", "", #"{"url":"\#(url)"}"#)
        #expect(second.status == 409 && second.code == "webhook_endpoint_exists")

        let events = try await wantedEvents(ofAnInspectionBy: served)
        #expect(!events.isEmpty)
        try await receiver.waitFor(events.count)
        #expect(Set(receiver.received.map(\.id)) == Set(events.map { $0["id"] as? String }))
        #expect(
            receiver.received.allSatisfy { WebhookVerification.holds($0, secret: secret) })

        // A moment later the answers are noted too.
        var delivered: [[String: Any]] = []
        for _ in 0..<100 where delivered.count < events.count {
            let log = try await send("GET", "/\(id)/deliveries?state=delivered")
            delivered = log.object["deliveries"] as? [[String: Any]] ?? []
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(delivered.count == events.count)
        let metrics = String(
            decoding: try await served.send("GET", "/metrics").body, as: UTF8.self)
        let count = "regrade_webhook_deliveries_total{result=\"delivered\"} \(events.count)\n"
        #expect(metrics.contains(count))
        #expect(metrics.contains("regrade_webhook_oldest_undelivered_age_seconds 0\n"))

        let replayed = try await send("POST", "/\(id)/replay", #"{"after":0,"until":1000}"#)
        #expect(replayed.status == 202 && replayed.object["replayed"] as? Int == events.count)
        try await receiver.waitFor(events.count * 2)
        #expect(receiver.received.count == events.count * 2)
        let rotated = try await send("POST", "/\(id)/rotate")
        let next = try #require(rotated.object["secret"] as? String)
        #expect(rotated.status == 200 && next != secret)
        #expect(rotated.object["previous_secret_until"] is String)
        #expect(try await send("POST", "/\(id)/enable").object["state"] as? String == "active")
        let list = try await send("GET", "")
        #expect((list.object["endpoints"] as? [[String: Any]])?.count == 1)
        #expect(list.object.description.contains(secret.suffix(40)) == false)
        #expect(try await send("DELETE", "/\(id)").status == 204)
        #expect(try await send("GET", "/\(id)").code == "webhook_endpoint_not_found")

        let output = try await served.stop()
        #expect(output.status == 0)
        // Log lines tell of deliveries, and neither where to nor how they are signed.
        #expect(output.messages.contains(" webhook ") && output.messages.contains(id))
        for word in ["private-path", secret, next, "127.0.0.1:\(receiver.port)"] {
            #expect(!output.messages.contains(word))
        }
        let verified = try await RepositoryProgram.run([
            "audit", "verify", "--data", served.dataPath,
        ])
        #expect(verified.status == 0, "\(verified.messages)")
    }

    @Test
    func refusalsHaveTheirStatusAndCode() async throws {
        let (served, admin) = try await serve()
        let missing = "/whe_01M7Y9FMFBEV8NWB3NGN9WC0ZB"
        let rows: [(String, String, String?, Int, String)] = [
            ("POST", "", "{}", 400, "malformed_request"),
            ("POST", "", #"{"url":1}"#, 400, "malformed_request"),
            ("POST", "", #"{"url":"https://a.example/","secret":"x"}"#, 400, "malformed_request"),
            (
                "POST", "", #"{"url":"https://a.example/","event_types":"all"}"#, 400,
                "malformed_request"
            ),
            ("POST", "", #"{"url":"http://a.example/"}"#, 422, "webhook_url_refused"),
            ("POST", "", #"{"url":"https://u:p@a.example/"}"#, 422, "webhook_url_refused"),
            ("POST", "", #"{"url":"https://169.254.169.254/"}"#, 422, "webhook_url_refused"),
            ("POST", "", #"{"url":"https://10.0.0.1/"}"#, 422, "webhook_url_refused"),
            (
                "POST", "", #"{"url":"https://a.example/","event_types":["all"]}"#, 422,
                "webhook_event_type_unknown"
            ),
            ("GET", missing, nil, 404, "webhook_endpoint_not_found"),
            ("GET", "/x", nil, 404, "webhook_endpoint_not_found"),
            ("DELETE", missing, nil, 404, "webhook_endpoint_not_found"),
            ("POST", missing + "/rotate", nil, 404, "webhook_endpoint_not_found"),
            ("POST", missing + "/enable", nil, 404, "webhook_endpoint_not_found"),
            ("GET", missing + "/deliveries", nil, 404, "webhook_endpoint_not_found"),
            ("GET", missing + "/deliveries?state=lost", nil, 400, "query_invalid"),
            ("POST", missing + "/replay", #"{"after":0}"#, 400, "malformed_request"),
            ("POST", missing + "/replay", #"{"after":-1,"until":2}"#, 400, "malformed_request"),
            (
                "POST", missing + "/replay", #"{"after":0,"until":2}"#, 404,
                "webhook_endpoint_not_found"
            ),
        ]
        for (method, path, body, status, code) in rows {
            let reply = try await served.send(
                method, Self.collection + path, headers: admin,
                body: body.map { Data($0.utf8) })
            #expect(reply.status == status && reply.code == code, "\(method) \(path) \(body ?? "")")
        }
        let asPortal = try await served.send("GET", Self.collection)
        #expect(asPortal.status == 403 && asPortal.code == "scope_missing")
        let page = try await served.send("GET", "/problems/webhook_url_refused")
        #expect(page.status == 200)
        try await served.stop()
    }
}
