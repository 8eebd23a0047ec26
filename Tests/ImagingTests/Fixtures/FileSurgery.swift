import Imaging

/// Puts parts into encoded files, as cameras and attackers do.
enum FileSurgery {
    /// A JPEG with a segment right after its start.
    static func jpeg(
        _ bytes: [UInt8], inserting payload: [UInt8], marker: UInt8
    ) -> [UInt8] {
        let length = payload.count + 2
        let segment = [0xFF, marker, UInt8(length >> 8), UInt8(length & 0xFF)] + payload
        return Array(bytes.prefix(2)) + segment + bytes.dropFirst(2)
    }

    /// A JPEG with an EXIF block of a single orientation tag, of either byte order.
    static func jpeg(
        _ bytes: [UInt8], orientationTag: Int, littleEndian: Bool = false
    ) -> [UInt8] {
        let exif = Array("Exif\0\0".utf8) + self.exif(orientationTag, littleEndian: littleEndian)
        return jpeg(bytes, inserting: exif, marker: 0xE1)
    }

    /// A TIFF structure with one directory of one tag.
    static func exif(_ orientationTag: Int, littleEndian: Bool) -> [UInt8] {
        let tag = UInt8(orientationTag)
        return littleEndian
            ? [
                0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, tag, 0, 0, 0,
                0, 0, 0, 0,
            ]
            : [
                0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, tag, 0, 0,
                0, 0, 0, 0,
            ]
    }

    /// A PNG with a chunk right after its header.
    static func png(_ bytes: [UInt8], inserting type: String, _ payload: [UInt8]) -> [UInt8] {
        let headerEnd = 8 + 12 + 13
        return Array(bytes.prefix(headerEnd)) + chunk(type, payload) + bytes.dropFirst(headerEnd)
    }

    /// A chunk with its checksum.
    static func chunk(_ type: String, _ payload: [UInt8]) -> [UInt8] {
        let content = Array(type.utf8) + payload
        return bigEndian(payload.count) + content + bigEndian(Int(checksum(content)))
    }

    /// A PNG of nothing but its header: what a few dozen bytes can claim.
    static func pngHeader(_ size: PixelSize, interlaced: Bool = false) -> [UInt8] {
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            + chunk(
                "IHDR",
                bigEndian(size.width) + bigEndian(size.height) + [8, 2, 0, 0, interlaced ? 1 : 0])
            + chunk("IEND", [])
    }

    /// A zlib stream of one stored block, at most 65,535 bytes; RFC 1950 and 1951.
    static func zlibStored(_ bytes: [UInt8]) -> [UInt8] {
        let count = bytes.count
        let header =
            [0x78, 0x01, 0x01, UInt8(count & 0xFF), UInt8(count >> 8)]
            + [UInt8(~count & 0xFF), UInt8(~count >> 8 & 0xFF)]
        return header + bytes + bigEndian(adler32(bytes))
    }

    private static func adler32(_ bytes: [UInt8]) -> Int {
        var low = 1
        var high = 0
        for byte in bytes {
            low = (low + Int(byte)) % 65_521
            high = (high + low) % 65_521
        }
        return high << 16 | low
    }

    /// Four bytes, high ones first.
    static func bigEndian(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    /// CRC-32 bit by bit: ISO 3309, as PNG's annex D describes it.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var value: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            value ^= UInt32(byte)
            for _ in 0..<8 {
                value = value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1
            }
        }
        return ~value
    }
}
