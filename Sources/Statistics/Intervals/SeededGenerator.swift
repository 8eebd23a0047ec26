/// A small generator of random numbers that gives the same numbers for the same seed everywhere.
///
/// Not for secrets.
///
/// - SeeAlso: Steele, Lea and Flood 2014, doi 10.1145/2660193.2660195 (SplitMix64).
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Creates a generator; each seed starts another sequence.
    public init(seed: UInt64) { state = seed }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A whole number in 0..<count, by multiplication; its bias is below count / 2⁶⁴.
    ///
    /// - Precondition: `count` is above 0.
    public mutating func index(below count: Int) -> Int {
        precondition(count > 0, "an index below \(count)")
        return Int(next().multipliedFullWidth(by: UInt64(count)).high)
    }

    /// A number in 0..<1 with 53 random bits.
    public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
