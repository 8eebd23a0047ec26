/// Changes that find mistakes in parsers: bits, bytes, numbers, ranges cut, doubled, moved, taken
/// from another file, and words that the format gives a meaning.
struct ByteMutations {
    let seeds: [[UInt8]]
    let words: [[UInt8]]

    private static let rangeLimit = 256
    private static let tellingBytes: [UInt8] = [
        0, 1, 0x20, 0x22, 0x2C, 0x7F, 0x80, 0xC3, 0xFE, 0xFF,
    ]
    private static let tellingNumbers: [UInt32] = [
        0, 1, 0x7F, 0xFF, 0x100, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF,
    ]

    /// One to six changes to one of the seeds, which the generator chooses.
    func mutant(using numbers: inout some RandomNumberGenerator) -> [UInt8] {
        var bytes = seeds.randomElement(using: &numbers) ?? []
        for _ in 0..<Int.random(in: 1...6, using: &numbers) {
            change(&bytes, &numbers)
        }
        return bytes
    }

    private func change(_ bytes: inout [UInt8], _ numbers: inout some RandomNumberGenerator) {
        guard !bytes.isEmpty else { return }
        let index = Int.random(in: 0..<bytes.count, using: &numbers)
        let range =
            index..<min(
                bytes.count, index + Int.random(in: 1...Self.rangeLimit, using: &numbers))
        let place = Int.random(in: 0...bytes.count, using: &numbers)
        switch Int.random(in: 0..<10, using: &numbers) {
        case 0: bytes[index] ^= 1 << UInt8.random(in: 0...7, using: &numbers)
        case 1: bytes[index] = .random(in: 0...255, using: &numbers)
        case 2: bytes[index] = Self.tellingBytes.randomElement(using: &numbers) ?? 0
        case 3: write(Self.tellingNumbers.randomElement(using: &numbers) ?? 0, at: index, &bytes)
        case 4: bytes.removeSubrange(range)
        case 5: bytes.insert(contentsOf: bytes[range], at: place)
        case 6: bytes.removeSubrange(index...)
        case 7:
            let other = seeds.randomElement(using: &numbers) ?? []
            let start = Int.random(in: 0...other.count, using: &numbers)
            bytes.replaceSubrange(index..., with: other[start...])
        default:
            let word = words.randomElement(using: &numbers) ?? [bytes[index]]
            let end = Bool.random(using: &numbers) ? place : min(bytes.count, place + word.count)
            bytes.replaceSubrange(place..<end, with: word)
        }
    }

    /// Little-endian or big-endian makes no difference to these numbers' mischief.
    private func write(_ number: UInt32, at index: Int, _ bytes: inout [UInt8]) {
        for offset in 0..<min(4, bytes.count - index) {
            bytes[index + offset] = UInt8(truncatingIfNeeded: number >> (24 - 8 * offset))
        }
    }
}
