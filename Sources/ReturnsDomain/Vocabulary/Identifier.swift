/// The kinds of things that carry an identifier; each kind has a prefix of its own.
public protocol IdentifierKind: Sendable {
    /// What stands before the underscore, such as `insp`.
    static var prefix: String { get }
}

/// A prefixed identifier that sorts by time: `insp_01KB2W…`.
///
/// The part after the underscore is a ULID (<https://github.com/ulid/spec>): 48 bits of
/// milliseconds since 1970 and 80 random bits, as 26 characters of Crockford base 32. Comparing two
/// identifiers as text compares their times.
public struct Identifier<Kind: IdentifierKind>: Hashable, Sendable, Comparable,
    CustomStringConvertible
{
    /// The whole identifier, prefix included.
    public let description: String

    /// Makes a new identifier.
    ///
    /// - Parameters:
    ///   - time: The moment it sorts by; before 1970 counts as 1970.
    ///   - generator: Where the 80 random bits come from; the system's generator outside of tests.
    public init(at time: Timestamp, using generator: inout some RandomNumberGenerator) {
        let milliseconds = UInt64(max(0, time.millisecondsSince1970)) & 0xFFFF_FFFF_FFFF
        let high = UInt64.random(in: 0...0xFF_FFFF_FFFF, using: &generator)
        let low = UInt64.random(in: 0...0xFF_FFFF_FFFF, using: &generator)
        description =
            Kind.prefix + "_" + base32(milliseconds, characterCount: 10)
            + base32(high, characterCount: 8) + base32(low, characterCount: 8)
    }

    /// Makes a new identifier with the system's random numbers.
    public init(at time: Timestamp) {
        var generator = SystemRandomNumberGenerator()
        self.init(at: time, using: &generator)
    }

    /// Checks text that came from outside; nil unless it has the right prefix, length and alphabet.
    public init?(_ text: String) {
        let body = text.dropFirst(Kind.prefix.utf8.count + 1)
        guard text.hasPrefix(Kind.prefix + "_"), body.utf8.count == 26,
            body.allSatisfy({ crockfordAlphabet.contains($0) })
        else { return nil }
        description = text
    }

    /// Orders by time, then by the random part.
    public static func < (left: Self, right: Self) -> Bool {
        left.description < right.description
    }
}

extension Identifier: Codable {
    /// Reads and checks an identifier.
    ///
    /// - Throws: `DecodingError.dataCorrupted` if the text is not an identifier of this kind.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let identifier = Self(text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "'\(text)' is not an identifier that starts with \(Kind.prefix)_")
        }
        self = identifier
    }

    /// Writes the whole identifier as text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// Crockford's base 32: no I, L, O or U, so that a person can read it aloud.
private let crockfordAlphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

private func base32(_ value: UInt64, characterCount: Int) -> String {
    String(
        (0..<characterCount).reversed().map { position in
            crockfordAlphabet[Int((value >> UInt64(5 * position)) & 31)]
        })
}

/// Names inspections.
public enum InspectionKind: IdentifierKind {
    /// `insp`.
    public static var prefix: String { "insp" }
}

/// Names review tasks.
public enum ReviewTaskKind: IdentifierKind {
    /// `rev`.
    public static var prefix: String { "rev" }
}

/// Names reviewers; the pseudonym under which they appear in the audit log.
public enum ReviewerKind: IdentifierKind {
    /// `rvw`.
    public static var prefix: String { "rvw" }
}

/// Names leases of review tasks.
public enum LeaseKind: IdentifierKind {
    /// `lease`.
    public static var prefix: String { "lease" }
}

/// Names outgoing events.
public enum EventKind: IdentifierKind {
    /// `evt`.
    public static var prefix: String { "evt" }
}

/// Names runs of `regrade batch`.
public enum BatchRunKind: IdentifierKind {
    /// `run`.
    public static var prefix: String { "run" }
}

/// Names one inspection: `insp_…`.
public typealias InspectionID = Identifier<InspectionKind>
/// Names one review task: `rev_…`.
public typealias ReviewTaskID = Identifier<ReviewTaskKind>
/// Names one reviewer: `rvw_…`.
public typealias ReviewerID = Identifier<ReviewerKind>
/// Names one lease of a review task: `lease_…`.
public typealias LeaseID = Identifier<LeaseKind>
/// Names one outgoing event: `evt_…`.
public typealias EventID = Identifier<EventKind>
/// Names one batch run: `run_…`.
public typealias BatchRunID = Identifier<BatchRunKind>
