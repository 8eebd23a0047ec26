/// The text of an XMP packet, searched for a few properties without reading it as XML.
///
/// A property stands as an attribute, `xmp:CreatorTool="…"`, or as an element,
/// `<xmp:CreatorTool>…</xmp:CreatorTool>`; both are found. What is written otherwise says nothing.
/// - SeeAlso: ISO 16684-1, 7 (serialisation); IPTC Photo Metadata, Digital Source Type.
struct XMPText {
    /// How much of a packet is searched, in bytes: real ones have a few kilobytes, those with a
    /// long history of edits some tens.
    static let byteCountLimit = 1 << 18
    /// How many values of one property are read.
    static let valueCountLimit = 64
    /// The longest value that is read, in bytes.
    static let valueByteCountLimit = 256

    private let bytes: ArraySlice<UInt8>

    /// Takes a packet; what follows ``byteCountLimit`` is not looked at.
    init(_ packet: ArraySlice<UInt8>) {
        bytes = packet.prefix(Self.byteCountLimit)
    }

    /// The values of a property, whatever its prefix; empty ones are left out.
    func values(of name: String) -> [String] {
        let marker = Array(":\(name)".utf8)
        var values: [String] = []
        var rest = bytes
        while values.count < Self.valueCountLimit, let start = Self.index(of: marker, in: rest) {
            rest = rest[(start + marker.count)...]
            if let value = Self.value(at: rest), !value.isEmpty { values.append(value) }
        }
        return values
    }

    /// Whether the picture's source is a generative model, alone or in part.
    var namesGenerativeSource: Bool {
        [
            "digitalsourcetype/trainedAlgorithmicMedia",
            "digitalsourcetype/compositeWithTrainedAlgorithmicMedia",
        ].contains { Self.index(of: Array($0.utf8), in: bytes) != nil }
    }

    /// What follows a property's name: `="…"`, `='…'` or `>…<`.
    private static func value(at bytes: ArraySlice<UInt8>) -> String? {
        var rest = bytes
        let end: UInt8
        if rest.first == UInt8(ascii: ">") {
            end = UInt8(ascii: "<")
        } else {
            guard rest.popFirst() == UInt8(ascii: "="), let quote = rest.first,
                quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
            else { return nil }
            end = quote
        }
        let text = rest.dropFirst().prefix(valueByteCountLimit).prefix { $0 != end }
        return String(decoding: text.drop { $0 <= 0x20 }, as: UTF8.self)
    }

    private static func index(of pattern: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        guard let first = pattern.first else { return nil }
        var rest = bytes
        while let start = rest.firstIndex(of: first) {
            rest = rest[start...]
            if rest.starts(with: pattern) { return start }
            rest = rest.dropFirst()
        }
        return nil
    }
}
