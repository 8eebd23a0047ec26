/// Reads integers from bytes that nobody vouches for: whatever lies outside is nil.
struct ByteReader {
    let bytes: [UInt8]
    let isLittleEndian: Bool

    func uint16(at offset: Int) -> Int? { integer(at: offset, byteCount: 2) }

    func uint32(at offset: Int) -> Int? { integer(at: offset, byteCount: 4) }

    private func integer(at offset: Int, byteCount: Int) -> Int? {
        guard offset >= 0, offset <= bytes.count - byteCount else { return nil }
        var value = 0
        for index in 0..<byteCount {
            let position = isLittleEndian ? byteCount - 1 - index : index
            value = value << 8 | Int(bytes[offset + position])
        }
        return value
    }
}
