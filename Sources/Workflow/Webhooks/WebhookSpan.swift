import Foundation
import ReturnsDomain
import Traces
import Tracing

/// The span of one attempt to deliver; it belongs to the trace of the request that caused the
/// event.
enum WebhookSpan {
    /// Makes an attempt within its span, so that the receiver is handed the trace.
    static func run(
        _ due: DueWebhook, _ send: WebhookDispatcher.Send
    ) async -> WebhookAttempt {
        var context = InstrumentationContext.topLevel
        InstrumentationSystem.instrument.extract(due.body, into: &context, using: EventExtractor())
        let span = startSpan("webhook", context: context, ofKind: .client)
        defer { span.end() }
        let attempt = await InstrumentationContext.$current.withValue(span.context) {
            await send(due)
        }
        span.attributes["regrade.event"] = due.event.description
        span.attributes["regrade.attempt"] = due.attempt
        if let status = attempt.status { span.attributes["http.response.status_code"] = status }
        if let failure = attempt.failure {
            span.attributes["error.type"] = failure.rawValue
            span.setStatus(SpanStatus(code: .error))
        }
        return attempt
    }
}

/// Reads the extension attribute of an event.
private struct EventExtractor: Extractor {
    private struct Event: Decodable {
        let traceparent: String?
    }

    func extract(key: String, from body: Data) -> String? {
        guard key == TraceParent.fieldName else { return nil }
        return (try? JSONDecoder().decode(Event.self, from: body))?.traceparent
    }
}
