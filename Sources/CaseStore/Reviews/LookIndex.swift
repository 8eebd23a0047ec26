/// How looks are split so that all that are near one can be looked up.
///
/// Looks have four parts of 16 bits. Two that differ in at most ``radius`` bits have at least one
/// part that differs in no more than ``partRadius(_:)``: if every part differed in more, all of
/// them together would differ in more than the radius.
///
/// - SeeAlso: Norouzi, Punjani and Fleet 2014, "Fast exact search in Hamming space with multi-index
///   hashing", proposition 2, doi 10.1109/TPAMI.2013.231.
enum LookIndex {
    /// Photos whose looks differ in at most so many of 64 bits look the same.
    ///
    /// Chosen by measuring; see `docs/review-queue.md`.
    static let radius = 4

    /// How many parts there are.
    static let partCount = 4

    /// In how many bits a part may differ for the others to be left to themselves; -1 for a part
    /// that need not be looked at.
    static func partRadius(_ number: Int) -> Int {
        let (share, rest) = radius.quotientAndRemainder(dividingBy: partCount)
        return number <= rest ? share : share - 1
    }

    /// One part, 0..<65536; part 0 holds the least significant bits.
    static func part(_ number: Int, of look: UInt64) -> Int {
        Int(look >> UInt64(16 * number) & 0xFFFF)
    }

    /// The values that differ from a part in at most so many bits, itself first; none for -1.
    static func neighbours(of part: Int, within radius: Int) -> [Int] {
        guard radius >= 0 else { return [] }
        var found = [part]
        var edge = [part]
        for _ in 0..<radius {
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
