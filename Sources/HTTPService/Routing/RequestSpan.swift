import HTTPTypes
import NIOHTTP1
import ReturnsDomain
import Traces
import Tracing

/// The span of a request; it continues the trace that the client's `traceparent` names.
///
/// Its attributes are the route, the status and ids of ours; nothing that a client wrote.
struct RequestSpan {
    private let span: any Span

    init(continuing fields: HTTPFields) {
        var context = InstrumentationContext.topLevel
        InstrumentationSystem.instrument.extract(fields, into: &context, using: FieldExtractor())
        span = startSpan("request", context: context, ofKind: .server)
    }

    /// The trace's number, for log lines; nil if nothing is traced.
    var trace: String? { span.context.traceParent?.trace }

    /// Runs what belongs to the request.
    func run<Value>(_ work: () async -> Value) async -> Value {
        await InstrumentationContext.$current.withValue(span.context, operation: work)
    }

    /// Ends the span.
    ///
    /// - SeeAlso: OpenTelemetry, "Semantic conventions for HTTP spans".
    func end(
        _ id: ServiceRequestID, method: HTTPRequest.Method, route: String, status: Int,
        problem: ProblemCode?
    ) {
        span.operationName = "\(method.rawValue.prefix(20)) \(route)"
        span.attributes["http.request.method"] = String(method.rawValue.prefix(20))
        span.attributes["http.route"] = route
        span.attributes["http.response.status_code"] = status
        span.attributes["regrade.request_id"] = id.description
        if let problem { span.attributes["error.type"] = problem.rawValue }
        if status >= 500 { span.setStatus(SpanStatus(code: .error)) }
        span.end()
    }
}

/// Reads headers of a request.
private struct FieldExtractor: Extractor {
    func extract(key: String, from fields: HTTPFields) -> String? {
        HTTPField.Name(key).flatMap { fields[$0] }
    }
}

/// Writes headers of a request of ours.
struct HeaderInjector: Injector {
    func inject(_ value: String, forKey key: String, into headers: inout HTTPHeaders) {
        headers.replaceOrAdd(name: key, value: value)
    }
}
