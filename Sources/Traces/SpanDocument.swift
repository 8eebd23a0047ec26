import Foundation
import Tracing

/// One span as OpenTelemetry's protocol writes it in JSON.
///
/// - SeeAlso: OpenTelemetry Protocol, "JSON Protobuf encoding"; `trace.proto`.
struct SpanDocument: Encodable, Sendable {
    private let traceId: String
    private let spanId: String
    private let parentSpanId: String?
    private let name: String
    private let kind: Int
    private let startTimeUnixNano: String
    private let endTimeUnixNano: String
    private let attributes: [Attribute]
    private let status: Status

    private struct Status: Encodable {
        /// 0 unset, 2 error.
        let code: Int
    }

    struct Attribute: Encodable {
        let key: String
        let value: Value
    }

    struct Value: Encodable {
        var stringValue: String?
        /// 64-bit integers are text in this encoding.
        var intValue: String?
    }

    init(
        _ own: TraceParent, parentSpanID: UInt64?, name: String, kind: SpanKind,
        times: ClosedRange<UInt64>, attributes: SpanAttributes, isError: Bool
    ) {
        traceId = own.traceID.text
        spanId = hexadecimal(own.spanID)
        parentSpanId = parentSpanID.map(hexadecimal)
        self.name = name
        self.kind = Self.number(of: kind)
        startTimeUnixNano = String(times.lowerBound)
        endTimeUnixNano = String(times.upperBound)
        self.attributes = Self.attributes(attributes)
        status = Status(code: isError ? 2 : 0)
    }

    private static func number(of kind: SpanKind) -> Int {
        switch kind {
        case .internal: 1
        case .server: 2
        case .client: 3
        case .producer: 4
        case .consumer: 5
        }
    }

    /// Text and whole numbers, in the order of their keys; no other kind is used here.
    private static func attributes(_ attributes: SpanAttributes) -> [Attribute] {
        var found: [Attribute] = []
        attributes.forEach { key, value in
            switch value {
            case .string(let text): found.append(.init(key: key, value: .init(stringValue: text)))
            case .int32(let number):
                found.append(.init(key: key, value: .init(intValue: String(number))))
            case .int64(let number):
                found.append(.init(key: key, value: .init(intValue: String(number))))
            default: break
            }
        }
        return found.sorted { $0.key < $1.key }
    }
}

/// A line of the file: spans with the program that made them.
///
/// - SeeAlso: OpenTelemetry Protocol, "File exporter".
struct TraceLine: Encodable {
    private let resourceSpans: [ResourceSpans]

    private struct ResourceSpans: Encodable {
        let resource: Resource
        let scopeSpans: [ScopeSpans]
    }

    private struct Resource: Encodable {
        let attributes: [SpanDocument.Attribute]
    }

    private struct ScopeSpans: Encodable {
        let scope: [String: String]
        let spans: [SpanDocument]
    }

    init(_ span: SpanDocument, version: String) {
        let attributes = [("service.name", "regrade"), ("service.version", version)].map {
            SpanDocument.Attribute(key: $0.0, value: .init(stringValue: $0.1))
        }
        resourceSpans = [
            ResourceSpans(
                resource: Resource(attributes: attributes),
                scopeSpans: [ScopeSpans(scope: ["name": "regrade"], spans: [span])])
        ]
    }
}
