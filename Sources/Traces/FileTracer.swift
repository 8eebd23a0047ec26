import Synchronization
public import Tracing

/// Writes spans to a file that collectors of OpenTelemetry read, and carries traces over HTTP as
/// W3C Trace Context says.
///
/// `tracestate` is neither read nor written: what it holds is for others, and goes to others.
public struct FileTracer: Tracer {
    private let file: TraceFile

    /// Creates a tracer that appends to a file.
    public init(_ file: TraceFile) {
        self.file = file
    }

    /// Starts a span under the one that the context stands for, or a trace of its own.
    public func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> InstrumentationContext,
        ofKind kind: SpanKind, at instant: @autoclosure () -> Instant, function: String,
        file fileID: String, line: UInt
    ) -> FileSpan {
        var context = context()
        let parent = context.traceParent
        let own = parent?.child() ?? .root()
        context.traceParent = own
        return FileSpan(
            operationName, context: context, own: own, parentSpanID: parent?.spanID, kind: kind,
            start: instant().nanosecondsSinceEpoch, file: file)
    }

    /// Waits until what has ended is in the file.
    public func flush() { file.flush() }

    /// See ``flush()``.
    public func forceFlush() { flush() }

    /// Takes over the header `traceparent`; one that is malformed is ignored.
    public func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout InstrumentationContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        context.traceParent =
            extractor.extract(key: TraceParent.fieldName, from: carrier).flatMap(TraceParent.init)
    }

    /// Hands the context's span on as the header `traceparent`.
    public func inject<Carrier, Inject: Injector>(
        _ context: InstrumentationContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let parent = context.traceParent else { return }
        injector.inject(parent.description, forKey: TraceParent.fieldName, into: &carrier)
    }
}

/// A span that is written when it ends.
public final class FileSpan: Span {
    /// What belongs to the span, to be passed on.
    public let context: InstrumentationContext

    private let own: TraceParent
    private let parentSpanID: UInt64?
    private let kind: SpanKind
    private let start: UInt64
    private let file: TraceFile
    private let state: Mutex<State>

    private struct State {
        var name: String
        var attributes: SpanAttributes = [:]
        var isError = false
        var hasEnded = false
    }

    init(
        _ name: String, context: InstrumentationContext, own: TraceParent, parentSpanID: UInt64?,
        kind: SpanKind, start: UInt64, file: TraceFile
    ) {
        self.context = context
        self.own = own
        self.parentSpanID = parentSpanID
        self.kind = kind
        self.start = start
        self.file = file
        state = Mutex(State(name: name))
    }

    /// What the span is called.
    public var operationName: String {
        get { state.withLock { $0.name } }
        set { state.withLock { $0.name = newValue } }
    }

    /// Counts and codes; nothing of a customer.
    public var attributes: SpanAttributes {
        get { state.withLock { $0.attributes } }
        set { state.withLock { $0.attributes = newValue } }
    }

    /// Whether the span will be written.
    public var isRecording: Bool { own.isSampled && state.withLock { !$0.hasEnded } }

    /// Notes that something failed; a message is not kept, because it may tell of a customer.
    public func setStatus(_ status: SpanStatus) {
        state.withLock { $0.isError = status.code == .error }
    }

    /// Not kept.
    public func addEvent(_ event: SpanEvent) {}

    /// Notes that something failed; the error is not kept, because it may tell of a customer.
    public func recordError<Instant: TracerInstant>(
        _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
    ) {
        setStatus(SpanStatus(code: .error))
    }

    /// Not kept.
    public func addLink(_ link: SpanLink) {}

    /// Ends the span and has it written soon, unless the trace is not to be recorded.
    public func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        let last = state.withLock { state -> State? in
            guard !state.hasEnded else { return nil }
            state.hasEnded = true
            return state
        }
        guard own.isSampled, let last else { return }
        file.append(
            SpanDocument(
                own, parentSpanID: parentSpanID, name: last.name, kind: kind,
                times: start...max(start, instant().nanosecondsSinceEpoch),
                attributes: last.attributes, isError: last.isError))
    }
}
