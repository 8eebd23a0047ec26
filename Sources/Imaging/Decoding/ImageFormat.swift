/// The formats that Regrade reads.
public enum ImageFormat: String, CaseIterable, Hashable, Sendable, Codable {
    /// JPEG, ITU-T T.81: 8 bits a sample, Huffman or arithmetic, sequential or progressive.
    case jpeg

    /// PNG, third edition: every colour type and bit depth.
    case png
}

/// What the first bytes of a file say it is.
///
/// Names and media types are never asked.
enum FormatSignature: Hashable {
    case accepted(ImageFormat)
    /// A known format that is not read; the name is for people.
    case unsupported(name: String)
    case unknown

    init(of bytes: [UInt8]) {
        if bytes.starts(with: [0xFF, 0xD8]) {
            self = .accepted(.jpeg)
        } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .accepted(.png)
        } else if let name = UnsupportedSignature.name(of: bytes) {
            self = .unsupported(name: name)
        } else {
            self = .unknown
        }
    }
}
