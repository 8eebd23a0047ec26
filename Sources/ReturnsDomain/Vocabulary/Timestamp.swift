import Foundation

/// A moment in UTC, in whole milliseconds, written as RFC 3339: `2026-11-21T01:12:27.045Z`.
///
/// Wall-clock time is for people and documents. Order comes from sequence numbers and leases from a
/// monotonic clock, because a wall clock may step.
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Milliseconds since 1970-01-01T00:00:00Z; negative before.
    public let millisecondsSince1970: Int64

    /// Creates a moment from milliseconds since 1970.
    public init(millisecondsSince1970: Int64) {
        self.millisecondsSince1970 = millisecondsSince1970
    }

    /// The present moment by the system's clock.
    public static var now: Timestamp {
        Timestamp(
            millisecondsSince1970: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
    }

    /// Parses RFC 3339 in UTC with or without fractions of a second; nil for anything else.
    public init?(_ text: String) {
        let withFraction = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        let withoutFraction = Date.ISO8601FormatStyle()
        guard text.utf8.count <= 40, text.hasSuffix("Z"),
            let date = (try? withFraction.parse(text)) ?? (try? withoutFraction.parse(text))
        else { return nil }
        millisecondsSince1970 = Int64((date.timeIntervalSince1970 * 1000).rounded())
    }

    /// RFC 3339 in UTC with milliseconds.
    ///
    /// Milliseconds are written apart from the date, which holds them as a fraction that is not
    /// exact: what is written must be read as the same moment.
    public var description: String {
        let milliseconds = ((millisecondsSince1970 % 1000) + 1000) % 1000
        let seconds = (millisecondsSince1970 - milliseconds) / 1000
        let date = Date(timeIntervalSince1970: Double(seconds))
        let digits = String(milliseconds + 1000).dropFirst()
        return "\(date.formatted(Date.ISO8601FormatStyle()).dropLast()).\(digits)Z"
    }

    /// The moment that lies `duration` later.
    public func advanced(by duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        return Timestamp(
            millisecondsSince1970: millisecondsSince1970 + seconds * 1000
                + attoseconds / 1_000_000_000_000_000)
    }

    /// Orders by time.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.millisecondsSince1970 < right.millisecondsSince1970
    }
}

extension Timestamp: Codable {
    /// Reads RFC 3339 text in UTC.
    ///
    /// - Throws: `DecodingError.dataCorrupted` naming the offending text.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let timestamp = Timestamp(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "'\(text)' is not an RFC 3339 time in UTC")
        }
        self = timestamp
    }

    /// Writes RFC 3339 text in UTC with milliseconds.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
