/// One chunk of a PNG, as offsets into the file.
struct PNGChunk {
    /// Four letters; whether the first is small says that the chunk is ancillary.
    let type: String
    /// From the length to the checksum.
    let range: Range<Int>
    let payload: Range<Int>

    /// Whether a decoder must understand the chunk.
    var isCritical: Bool { type.utf8.first.map { $0 & 0x20 == 0 } ?? false }
}

/// Walks over a PNG's chunks; checksums of critical ones are the codec's to check.
struct PNGChunkReader {
    static let signatureByteCount = 8

    /// Length, type and checksum.
    private static let overhead = 12

    private let bytes: [UInt8]
    private(set) var position = Self.signatureByteCount

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The next chunk; nil at the end of the bytes or where a chunk is cut off.
    mutating func next() -> PNGChunk? {
        let reader = ByteReader(bytes: bytes, isLittleEndian: false)
        guard let length = reader.uint32(at: position),
            length <= bytes.count - position - Self.overhead
        else { return nil }
        let start = position
        position += Self.overhead + length
        return PNGChunk(
            type: String(decoding: bytes[start + 4..<start + 8], as: Unicode.ASCII.self),
            range: start..<position, payload: start + 8..<position - 4)
    }
}
