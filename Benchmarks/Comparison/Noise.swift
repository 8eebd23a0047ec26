import ReferenceComparison

/// Numbers of a linear congruential generator, −0.5…0.5.
struct Noise {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> Float {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(state >> 40) / Float(1 << 24) - 0.5
    }
}

extension PatchFeatures {
    /// The same with noise in every number, so that no patch is another's.
    func withNoise(seed: UInt64) throws -> PatchFeatures {
        var noise = Noise(seed: seed)
        return try PatchFeatures(
            layout: layout, elements: elements.map { $0 + 0.1 * noise.next() },
            embedding: embedding)
    }
}
