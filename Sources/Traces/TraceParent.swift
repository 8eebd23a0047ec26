public import Tracing

/// Where a span stands: in which trace, and under which name there.
///
/// - SeeAlso: W3C Trace Context, 3.2, "traceparent header".
public struct TraceParent: Hashable, Sendable {
    /// 16 bytes, not all 0.
    let traceID: TraceID
    /// 8 bytes, not all 0.
    let spanID: UInt64
    /// Whether whoever began the trace wants it recorded.
    let isSampled: Bool

    struct TraceID: Hashable {
        let high: UInt64
        let low: UInt64

        var text: String { hexadecimal(high) + hexadecimal(low) }
    }

    init(traceID: TraceID, spanID: UInt64, isSampled: Bool) {
        self.traceID = traceID
        self.spanID = spanID
        self.isSampled = isSampled
    }

    /// The name of the header, and of the extension attribute of CloudEvents.
    public static let fieldName = "traceparent"

    /// Reads a header's value; nil for what the standard says is to be ignored.
    ///
    /// A version that is not known yet is read as far as version 00 goes.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 55, [2, 35, 52].allSatisfy({ bytes[$0] == UInt8(ascii: "-") }),
            let version = Self.number(bytes[0..<2]), version != 0xFF,
            bytes.count == 55 || (version != 0 && bytes[55] == UInt8(ascii: "-")),
            let high = Self.number(bytes[3..<19]), let low = Self.number(bytes[19..<35]),
            let span = Self.number(bytes[36..<52]), let flags = Self.number(bytes[53..<55]),
            high | low != 0, span != 0
        else { return nil }
        traceID = TraceID(high: high, low: low)
        spanID = span
        isSampled = flags & 1 == 1
    }

    /// Lower-case hexadecimal digits, as the standard wants them.
    private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                value = value << 4 | UInt64(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"):
                value = value << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return value
    }

    /// A span of its own under this one.
    func child() -> TraceParent {
        TraceParent(traceID: traceID, spanID: .random(in: 1 ... .max), isSampled: isSampled)
    }

    /// The first span of a trace.
    static func root() -> TraceParent {
        TraceParent(
            traceID: TraceID(high: .random(in: 1 ... .max), low: .random(in: 1 ... .max)),
            spanID: .random(in: 1 ... .max), isSampled: true)
    }

    /// The span that the running code belongs to; nil if none is traced.
    public static var current: TraceParent? { InstrumentationContext.current?.traceParent }
}

extension TraceParent: CustomStringConvertible {
    /// The header's value.
    public var description: String {
        "00-\(traceID.text)-\(hexadecimal(spanID))-0\(isSampled ? 1 : 0)"
    }

    /// The trace's own number, as tools that show traces look for it.
    public var trace: String { traceID.text }
}

/// Sixteen lower-case digits.
func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}

extension InstrumentationContext {
    private enum Key: InstrumentationContextKey {
        typealias Value = TraceParent
        static let nameOverride: String? = TraceParent.fieldName
    }

    /// The span that this context stands for.
    public internal(set) var traceParent: TraceParent? {
        get { self[Key.self] }
        set { self[Key.self] = newValue }
    }
}
