/// A SHA-256 digest as 64 lowercase hexadecimal digits.
///
/// Only the value: hashing itself is done by swift-crypto where bytes are at hand.
public struct ContentHash: Hashable, Sendable, CustomStringConvertible {
    /// 64 characters of `0-9a-f`.
    public let description: String

    /// Checks text that came from outside; nil unless it is 64 lowercase hexadecimal digits.
    public init?(_ text: String) {
        guard text.utf8.count == 64, text.utf8.allSatisfy({ Self.isDigit($0) }) else { return nil }
        description = text
    }

    /// Writes a digest as hexadecimal digits.
    ///
    /// - Parameter digest: The 32 bytes of a SHA-256 digest.
    /// - Precondition: `digest` has 32 bytes.
    public init(digest: some Sequence<UInt8>) {
        let digits = Array("0123456789abcdef")
        var text = ""
        for byte in digest {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        precondition(text.utf8.count == 64, "a SHA-256 digest has 32 bytes")
        description = text
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}

extension ContentHash: Codable {
    /// Reads 64 hexadecimal digits.
    ///
    /// - Throws: `DecodingError.dataCorrupted` naming the offending text.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let hash = ContentHash(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "'\(text)' is not a SHA-256 in lowercase hex")
        }
        self = hash
    }

    /// Writes 64 hexadecimal digits.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
