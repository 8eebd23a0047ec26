import Foundation
import TestSupport
import Testing
import Traces
import Tracing

/// Spans in a file, as collectors read them.
struct FileTracerTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var path: String { folder.file("traces.jsonl").path }

    /// The spans of a file in the order in which they ended.
    private func spans(_ name: String = "traces.jsonl") throws -> [[String: Any]] {
        try Data(contentsOf: folder.file(name)).split(separator: UInt8(ascii: "\n")).map { line in
            let document = try #require(
                try JSONSerialization.jsonObject(with: line) as? [String: Any])
            let resources = try #require(document["resourceSpans"] as? [[String: Any]])
            let scopes = try #require(resources.first?["scopeSpans"] as? [[String: Any]])
            return try #require((scopes.first?["spans"] as? [[String: Any]])?.first)
        }
    }

    private func tracer(byteCountLimit: Int = 1_000_000) throws -> FileTracer {
        FileTracer(try TraceFile(path: path, version: "1", byteCountLimit: byteCountLimit))
    }

    private struct Headers: Extractor, Injector {
        func extract(key: String, from headers: [String: String]) -> String? { headers[key] }
        func inject(_ value: String, forKey key: String, into headers: inout [String: String]) {
            headers[key] = value
        }
    }

    @Test func aTraceIsTakenOverNestedAndHandedOn() throws {
        let tracer = try tracer()
        let header = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        var context = InstrumentationContext.topLevel
        tracer.extract(["traceparent": header], into: &context, using: Headers())
        let outer = tracer.startSpan("outer", context: context, ofKind: .server)
        let inner = tracer.startSpan("inner", context: outer.context)
        inner.attributes["http.response.status_code"] = 201
        inner.end()
        outer.operationName = "renamed"
        outer.attributes["http.route"] = "/v1"
        outer.end()
        outer.end()
        var handedOn: [String: String] = [:]
        tracer.inject(inner.context, into: &handedOn, using: Headers())
        tracer.flush()

        let written = try spans()
        #expect(written.map { $0["name"] as? String } == ["inner", "renamed"])
        let trace = String(header.dropFirst(3).prefix(32))
        #expect(written.allSatisfy { $0["traceId"] as? String == trace })
        #expect(written[1]["parentSpanId"] as? String == "b7ad6b7169203331")
        #expect(written[0]["parentSpanId"] as? String == written[1]["spanId"] as? String)
        #expect(written.map { $0["kind"] as? Int } == [1, 2])
        let id = try #require(written[0]["spanId"] as? String)
        #expect(handedOn["traceparent"] == "00-0af7651916cd43dd8448eb211c80319c-\(id)-01")
        let attribute = try #require((written[0]["attributes"] as? [[String: Any]])?.first)
        #expect(attribute["key"] as? String == "http.response.status_code")
        #expect((attribute["value"] as? [String: String]) == ["intValue": "201"])
        let times = ["startTimeUnixNano", "endTimeUnixNano"].map {
            UInt64(written[0][$0] as? String ?? "") ?? 0
        }
        #expect(times[0] <= times[1] && times[0] > 1_700_000_000_000_000_000)
    }

    @Test func withoutAHeaderOrWithAMalformedOneATraceBegins() throws {
        let tracer = try tracer()
        for headers in [[:], ["traceparent": "00-0-0-00"]] {
            var context = InstrumentationContext.topLevel
            tracer.extract(headers, into: &context, using: Headers())
            tracer.startSpan("root", context: context).end()
        }
        tracer.flush()
        let written = try spans()
        #expect(written.count == 2 && written.allSatisfy { $0["parentSpanId"] == nil })
        #expect(Set(written.map { $0["traceId"] as? String }).count == 2)
    }

    @Test func whatTheCallerDoesNotWantRecordedIsHandedOnAndNotWritten() throws {
        let tracer = try tracer()
        var context = InstrumentationContext.topLevel
        tracer.extract(
            ["traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"],
            into: &context, using: Headers())
        let span = tracer.startSpan("quiet", context: context)
        #expect(!span.isRecording)
        span.end()
        tracer.flush()
        #expect(try spans().isEmpty)
        #expect(span.context.traceParent?.description.hasSuffix("-00") == true)
    }

    @Test func anErrorIsAStatusWithoutItsWords() throws {
        struct Told: Error, CustomStringConvertible {
            let description = "Kim Weber, 12 High Street"
        }
        let tracer = try tracer()
        let span = tracer.startSpan("failing")
        span.recordError(Told())
        span.setStatus(SpanStatus(code: .error, message: Told().description))
        span.addEvent(SpanEvent(name: Told().description))
        span.end()
        tracer.flush()
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.contains(#""status":{"code":2}"#) && !text.contains("Weber"))
    }

    @Test func aFullFileIsRenamedAndOnlyTheLastOneKept() throws {
        let tracer = try tracer(byteCountLimit: 2_000)
        for number in 0..<20 { tracer.startSpan("\(number)").end() }
        tracer.flush()
        let names = try ["traces.jsonl.1", "traces.jsonl"].flatMap { name in
            try spans(name).compactMap { $0["name"] as? String }
        }
        #expect(names.count < 20 && names == (20 - names.count..<20).map(String.init))
        for name in ["traces.jsonl.1", "traces.jsonl"] {
            #expect(try Data(contentsOf: folder.file(name)).count <= 2_000)
        }
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
    }

    @Test func aFileThatCannotBeMadeIsNamed() throws {
        let path = folder.file("none/traces.jsonl").path
        #expect(throws: TraceFileError.self) { try TraceFile(path: path, version: "1") }
    }
}
