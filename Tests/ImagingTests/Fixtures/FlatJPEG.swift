import Imaging

/// A JPEG of one MCU whose components are flat, written bit by bit: the kinds that no encoder of
/// ours writes.
///
/// Each block holds a DC coefficient and nothing else. With a quantiser of 8 a coefficient of `d`
/// makes samples of `128 + d`.
/// - SeeAlso: ITU-T T.81, annexes B (markers) and F (Huffman coding).
struct FlatJPEG {
    /// One sample value for each component.
    var samples: [UInt8]
    /// Horizontal and vertical sampling of the first component; the others have 1 and 1.
    var sampling = (horizontal: 1, vertical: 1)
    /// The transform flag of an Adobe segment; nil for none.
    var adobeTransform: UInt8?
    /// The frame's marker: 0xC0 baseline, 0xC1 extended, 0xC3 lossless.
    var frameMarker: UInt8 = 0xC0
    var precision: UInt8 = 8
    /// How many components come, each in a scan of its own; nil for one scan of them all.
    var separateScanCount: Int?

    /// The picture's sides.
    var size: PixelSize {
        PixelSize(width: 8 * sampling.horizontal, height: 8 * sampling.vertical)
    }

    func bytes() -> [UInt8] {
        var bytes: [UInt8] = [0xFF, 0xD8]
        if let adobeTransform {
            let adobe = Array("Adobe".utf8) + [0, 100, 0, 0, 0, 0, adobeTransform]
            bytes += segment(0xEE, adobe)
        }
        bytes += segment(0xDB, [0] + [UInt8](repeating: 8, count: 64))
        let sides = [0, UInt8(size.height), 0, UInt8(size.width)]
        let components = samples.indices.flatMap { index -> [UInt8] in
            let factor = index == 0 ? UInt8(sampling.horizontal << 4 | sampling.vertical) : 0x11
            return [UInt8(index + 1), factor, 0]
        }
        bytes += segment(frameMarker, [precision] + sides + [UInt8(samples.count)] + components)
        // DC: the categories 0 to 11 as codes of four bits. AC: only the end of a block, one bit.
        bytes += segment(
            0xC4, [0x00, 0, 0, 0, 12] + [UInt8](repeating: 0, count: 12) + Array(0...11))
        bytes += segment(0xC4, [0x10, 1] + [UInt8](repeating: 0, count: 15) + [0])
        let scans = separateScanCount.map { (0..<$0).map { [$0] } } ?? [Array(samples.indices)]
        for scan in scans {
            let selectors = scan.flatMap { index -> [UInt8] in [UInt8(index + 1), 0] }
            bytes += segment(0xDA, [UInt8(scan.count)] + selectors + [0, 63, 0])
            bytes += entropyCodedData(of: scan)
        }
        return bytes + [0xFF, 0xD9]
    }

    private func segment(_ marker: UInt8, _ payload: [UInt8]) -> [UInt8] {
        let length = payload.count + 2
        return [0xFF, marker, UInt8(length >> 8), UInt8(length & 0xFF)] + payload
    }

    private func entropyCodedData(of scan: [Int]) -> [UInt8] {
        var bits: [Bool] = []
        for index in scan {
            let blockCount = index == 0 ? sampling.horizontal * sampling.vertical : 1
            appendBlock(difference: Int(samples[index]) - 128, to: &bits)
            // Further blocks of a component are coded as differences, which are none.
            for _ in 1..<max(blockCount, 1) { appendBlock(difference: 0, to: &bits) }
        }
        while !bits.count.isMultiple(of: 8) { bits.append(true) }
        return stride(from: 0, to: bits.count, by: 8).flatMap { start -> [UInt8] in
            let byte = bits[start..<start + 8].reduce(UInt8(0)) { $0 << 1 | ($1 ? 1 : 0) }
            return byte == 0xFF ? [0xFF, 0] : [byte]
        }
    }

    private func appendBlock(difference: Int, to bits: inout [Bool]) {
        let category = Int.bitWidth - abs(difference).leadingZeroBitCount
        append(category, bitCount: 4, to: &bits)
        let magnitude = difference < 0 ? difference + (1 << category) - 1 : difference
        append(magnitude, bitCount: category, to: &bits)
        bits.append(false)
    }

    private func append(_ value: Int, bitCount: Int, to bits: inout [Bool]) {
        for bit in stride(from: bitCount - 1, through: 0, by: -1) {
            bits.append(value >> bit & 1 == 1)
        }
    }
}
