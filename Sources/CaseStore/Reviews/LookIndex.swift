/// How looks are split so that all that are near one can be looked up.
///
/// Of four parts of 16 bits at least one differs in at most a quarter of the bits that differ in
/// all. So whatever is within ``radius`` has a part within ``partRadius`` of the same part.
///
/// - SeeAlso: Norouzi, Punjani and Fleet 2012, "Fast search in Hamming space with multi-index
///   hashing", doi 10.1109/CVPR.2012.6248043.
enum LookIndex {
    /// Photos whose looks differ in at most so many of 64 bits look the same.
    ///
    /// Chosen by measuring; see `docs/review-queue.md`.
    static let radius = 4

    /// How many parts there are.
    static let partCount = 4

    /// How many bits the nearest part may differ in.
    static let partRadius = radius / partCount

    /// One part, 0..<65536; part 0 holds the least significant bits.
    static func part(_ number: Int, of look: UInt64) -> Int {
        Int(look >> UInt64(16 * number) & 0xFFFF)
    }

    /// The values that differ from a part in at most ``partRadius`` bits, itself first.
    static func neighbours(of part: Int) -> [Int] {
        var found = [part]
        var edge = [part]
        for _ in 0..<partRadius {
            // Each bit is turned once: a lower one than those turned before.
            edge = edge.flatMap { value in
                let lowest = (value ^ part) == 0 ? 16 : (value ^ part).trailingZeroBitCount
                return (0..<lowest).map { value ^ 1 << $0 }
            }
            found += edge
        }
        return found
    }

    /// How many bits differ, 0...64.
    static func distance(_ one: UInt64, _ other: UInt64) -> Int { (one ^ other).nonzeroBitCount }
}
