import Foundation
import TestSupport
import Testing

/// Traces through the running service: from the portal's header to the webhook's.
struct TraceTests {
    private static let trace = "0af7651916cd43dd8448eb211c80319c"
    private static let header = "00-\(trace)-b7ad6b7169203331-01"

    /// The spans of a file, by their ids.
    private func spans(in file: URL) throws -> [String: [String: Any]] {
        var found: [String: [String: Any]] = [:]
        for line in try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")) {
            let document = try JSONSerialization.jsonObject(with: line) as? [String: Any]
            let resource = (document?["resourceSpans"] as? [[String: Any]])?.first
            let scope = (resource?["scopeSpans"] as? [[String: Any]])?.first
            let span = try #require((scope?["spans"] as? [[String: Any]])?.first)
            found[try #require(span["spanId"] as? String)] = span
        }
        return found
    }

    @Test func aRequestIsOneTraceFromThePortalToTheWebhook() async throws {
        let folder = try TemporaryFolder()
        let file = folder.file("traces.jsonl")
        let receiver = try await WebhookReceiver.start()
        let served = try await ServedData(settings: [
            "REGRADE_TRACE_FILE": file.path, "REGRADE_WEBHOOK_NETWORKS": "127.0.0.0/8",
        ])
        let admin = try await served.signing(scope: "admin")
            .merging(["Content-Type": "application/json"]) { $1 }
        let added = try await served.send(
            "POST", "/v1/webhook-endpoints", headers: admin,
            body: Data(#"{"url":"\#(receiver.url())"}"#.utf8))
        #expect(added.status == 201)
        let order = #"{"order_id":"order-of-kim","category":"box","statement":"as new"}"#
        let posted = try await served.post(
            [Photo.box, Photo.mug], order: order, key: "the-key-of-kim",
            headers: ["traceparent": Self.header])
        #expect(posted.status == 201)
        try await receiver.waitFor(2)
        let output = try await served.stop()

        let all = try spans(in: file)
        let traced = all.filter { $0.value["traceId"] as? String == Self.trace }
        let root = try #require(
            traced.first { $0.value["name"] as? String == "POST /v1/inspections" })
        #expect(root.value["parentSpanId"] as? String == "b7ad6b7169203331")
        let stages = traced.values.filter { $0["parentSpanId"] as? String == root.key }
        #expect(
            stages.compactMap { $0["name"] as? String }.sorted() == [
                "answer", "classify", "classify", "decide", "decode", "decode", "intake", "record",
            ])
        let record = try #require(stages.first { $0["name"] as? String == "record" })
        let deliveries = traced.filter { $0.value["name"] as? String == "webhook" }
        #expect(
            deliveries.values.allSatisfy {
                $0["parentSpanId"] as? String == record["spanId"] as? String
            })
        let headers = receiver.received.compactMap { $0.headers["traceparent"] }
        #expect(headers.count == receiver.received.count)
        let handedOn = headers.filter { $0.contains(Self.trace) }
        #expect(handedOn.count >= 2)
        #expect(Set(handedOn).isSubset(of: deliveries.keys.map { "00-\(Self.trace)-\($0)-01" }))
        #expect(output.messages.contains("trace=\(Self.trace)"))

        let text = try String(contentsOf: file, encoding: .utf8)
        for word in ["order-of-kim", "the-key-of-kim", "as new", served.key, receiver.url()] {
            #expect(!text.contains(word), "\(word) is in the traces")
        }
    }

    @Test func whatIsInspectedLaterBelongsToItsRequestsTrace() async throws {
        let folder = try TemporaryFolder()
        let file = folder.file("traces.jsonl")
        let served = try await ServedData(settings: ["REGRADE_TRACE_FILE": file.path])
        let posted = try await served.post(
            [Photo.box], key: "k",
            headers: ["traceparent": Self.header, "Prefer": "respond-async"])
        #expect(posted.status == 202)
        let path = try #require(posted.headers["Location"])
        #expect(try await served.send("GET", path + "?wait=30").status == 200)
        try await served.stop()
        let traced = try spans(in: file).filter { $0.value["traceId"] as? String == Self.trace }
        let later = try #require(traced.first { $0.value["name"] as? String == "inspect" })
        let stages = traced.values.filter { $0["parentSpanId"] as? String == later.key }
        #expect(
            stages.compactMap { $0["name"] as? String }.sorted()
                == ["classify", "decide", "decode", "record"])
    }

    @Test func withoutAFileNothingIsTracedNorHandedOn() async throws {
        let served = try await ServedData()
        let posted = try await served.post(
            [Photo.box], key: "k", headers: ["traceparent": Self.header])
        #expect(posted.status == 201)
        let events = try await served.send("GET", "/v1/events")
        #expect(!String(decoding: events.body, as: UTF8.self).contains("traceparent"))
        #expect(try await !served.stop().messages.contains("trace="))
        let unusable = try await RepositoryProgram.run(
            ["serve", "--data", served.dataPath, "--port", "0"],
            environment: ["REGRADE_TRACE_FILE": "/none/traces"])
        #expect(unusable.status == 73 && unusable.messages.contains("trace_file_unusable"))
    }
}
