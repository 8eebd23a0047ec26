public import Tracing

/// The stages of a request that traces show, each a span under that of the request.
///
/// Attributes are counts and codes. An error is a status without its words, which may hold what a
/// customer wrote; that is why these and not `withSpan` are used.
public enum Stage: String, CaseIterable, Sendable {
    /// A body is read and checked.
    case intake
    /// A photo becomes pixels.
    case decode
    /// The network judges a photo.
    case classify
    /// Photos and order become a decision.
    case decide
    /// The decision is made durable.
    case record
    /// The answer is worded and compressed.
    case answer
    /// An item that was answered with 202 is inspected.
    case inspect

    /// Runs work as this stage.
    public func run<Value, Failure: Error>(
        _ work: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let span = startSpan(rawValue)
        defer { span.end() }
        do {
            return try work()
        } catch {
            span.setStatus(.init(code: .error))
            throw error
        }
    }

    /// Runs work as this stage.
    ///
    /// - Parameter context: What it belongs to; the running code's by default.
    public func run<Value>(
        in context: InstrumentationContext? = .current,
        isolation: isolated (any Actor)? = #isolation, _ work: () async throws -> Value
    ) async throws -> Value {
        let span = startSpan(rawValue, context: context ?? .topLevel)
        defer { span.end() }
        do {
            return try await InstrumentationContext.$current.withValue(
                span.context, operation: work)
        } catch {
            span.setStatus(.init(code: .error))
            throw error
        }
    }
}
