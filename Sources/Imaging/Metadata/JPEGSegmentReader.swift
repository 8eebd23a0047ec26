import Foundation

/// One marker segment of a JPEG, as offsets into the file.
struct JPEGSegment {
    /// The byte after 0xFF.
    let marker: UInt8
    /// From 0xFF to the end of the payload.
    let range: Range<Int>
    /// Without marker and length; empty for markers that stand alone.
    let payload: Range<Int>
}

/// The markers that this module tells apart: T.81, table B.1.
enum JPEGMarker {
    static let startOfImage: UInt8 = 0xD8
    static let endOfImage: UInt8 = 0xD9
    static let startOfScan: UInt8 = 0xDA
    static let comment: UInt8 = 0xFE
    static let application0: UInt8 = 0xE0
    static let application1: UInt8 = 0xE1
    static let application2: UInt8 = 0xE2
    static let application13: UInt8 = 0xED
    static let application14: UInt8 = 0xEE
    static let applications: ClosedRange<UInt8> = 0xE0...0xEF
    static let restarts: ClosedRange<UInt8> = 0xD0...0xD7
    static let temporary: UInt8 = 0x01

    static func standsAlone(_ marker: UInt8) -> Bool {
        marker == startOfImage || marker == endOfImage || marker == temporary
            || restarts.contains(marker)
    }
}

/// Walks over a JPEG's marker segments, skipping stray bytes as decoders do.
struct JPEGSegmentReader {
    private let bytes: [UInt8]
    private(set) var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The next segment; nil at the end of the bytes or where a segment is cut off.
    mutating func next() -> JPEGSegment? {
        while position + 1 < bytes.count {
            guard bytes[position] == 0xFF, bytes[position + 1] != 0xFF, bytes[position + 1] != 0
            else {
                position += 1
                continue
            }
            return segment(at: position)
        }
        return nil
    }

    private mutating func segment(at start: Int) -> JPEGSegment? {
        let marker = bytes[start + 1]
        guard !JPEGMarker.standsAlone(marker) else {
            position = start + 2
            return JPEGSegment(
                marker: marker, range: start..<position, payload: position..<position)
        }
        let reader = ByteReader(bytes: bytes, isLittleEndian: false)
        guard let length = reader.uint16(at: start + 2), length >= 2,
            start + 2 + length <= bytes.count
        else {
            position = bytes.count
            return nil
        }
        position = start + 2 + length
        return JPEGSegment(
            marker: marker, range: start..<position, payload: start + 4..<position)
    }

    /// Steps over the entropy-coded data that follows a scan's header, restart markers included.
    mutating func skipEntropyCodedData() -> Range<Int> {
        let start = position
        while let place = nextFill(), place + 1 < bytes.count {
            position = place
            let next = bytes[place + 1]
            let isData = next == 0 || JPEGMarker.restarts.contains(next)
            // 0xFF may repeat before a marker; the last one starts it.
            if !isData && next != 0xFF { return start..<position }
            position += 1
        }
        position = bytes.count
        return start..<position
    }

    /// Where the next 0xFF is.
    private func nextFill() -> Int? {
        unsafe bytes.withUnsafeBytes { bytes in
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[position...])
            guard let start = rest.baseAddress,
                let found = unsafe memchr(start, 0xFF, rest.count)
            else { return nil }
            return unsafe position + (UnsafeRawPointer(found) - start)
        }
    }
}
