import CZlib

/// Appends numbers, little-endian.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ more: some Sequence<UInt8>) { bytes += more }

    /// - Precondition: 0…65,535.
    mutating func append16(_ value: Int) { append(integer: UInt16(value)) }
    mutating func append32(_ value: UInt32) { append(integer: value) }
    mutating func append64(_ value: UInt64) { append(integer: value) }

    private mutating func append(integer value: some FixedWidthInteger) {
        for shift in stride(from: 0, to: value.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}

/// Reads numbers, little-endian, and never beyond the end.
struct ByteReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var remainingCount: Int { rest.count }

    mutating func bytes(_ count: Int) throws(ReferenceComparisonError) -> [UInt8] {
        guard rest.count >= count else {
            throw .malformed(reason: "\(count - rest.count) bytes are missing")
        }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func integer16() throws(ReferenceComparisonError) -> Int {
        Int(integer(try bytes(2)))
    }

    mutating func integers16(_ count: Int) throws(ReferenceComparisonError) -> [Int] {
        let bytes = try bytes(2 * count)
        return (0..<count).map { Int(bytes[2 * $0]) | Int(bytes[2 * $0 + 1]) << 8 }
    }

    mutating func integer32() throws(ReferenceComparisonError) -> UInt32 {
        UInt32(integer(try bytes(4)))
    }

    mutating func doubles(
        _ count: Int, in range: ClosedRange<Double>
    ) throws(ReferenceComparisonError) -> [Double] {
        var values: [Double] = []
        for _ in 0..<count {
            let value = Double(bitPattern: integer(try bytes(8)))
            guard range.contains(value) else {
                throw .malformed(reason: "a score of \(value)")
            }
            values.append(value)
        }
        return values
    }

    private func integer(_ bytes: [UInt8]) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// Tells bytes that were changed by accident; against intent banks are sealed.
enum Checksum {
    /// CRC-32 of ISO 3309, as PNG and gzip use it.
    static func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            UInt32(truncatingIfNeeded: unsafe crc32_z(0, buffer.baseAddress, buffer.count))
        }
    }
}
