/// The bytes of a bank as its format is described, whatever they state: written here once more, so
/// that reading is tested against the description and not against the writer.
struct StatedBank {
    var magic = "RGRB"
    var version = 1
    var recipe = 1
    var model = String(repeating: "07", count: 32)
    var rowCount = 3
    var columnCount = 2
    var dimension = 2
    var embeddingDimension = 3
    var focus = 0
    var scores = [0.5, 0.25]
    var similarities = [0.75, 0.75]
    /// The photo of each patch.
    var sources = [0, 0, 1]
    /// How many photos it says; as many as it has embeddings.
    var photoCount = 2
    /// What stands after the embeddings.
    var rest: [UInt8] = []

    /// States so many photos, with all that belongs to them.
    mutating func take(photos count: Int) {
        photoCount = count
        scores = [Double](repeating: 0.5, count: count > 1 ? count : 0)
        similarities = scores
        take(patches: sources.count)
    }

    /// States so many patches, all of the first photo.
    mutating func take(patches count: Int) { sources = [Int](repeating: 0, count: count) }

    /// Everything before the checksum.
    var unsealed: [UInt8] {
        let sizes = [
            rowCount, columnCount, dimension, embeddingDimension, photoCount, sources.count, focus,
        ]
        let numbers = (scores + similarities).flatMap { Self.bytes($0.bitPattern, count: 8) }
        let patches = [UInt8](repeating: 3, count: sources.count * dimension)
        let embeddings = [UInt8](repeating: 4, count: photoCount * embeddingDimension)
        return magic.utf8 + Self.words([version, recipe]) + model.utf8 + Self.words(sizes)
            + numbers + Self.words(sources) + patches + embeddings + rest
    }

    /// With the right checksum.
    var bytes: [UInt8] { Self.sealed(unsealed) }

    /// Bytes with their CRC-32 (ISO 3309) after them.
    static func sealed(_ bytes: [UInt8]) -> [UInt8] {
        var remainder = UInt32.max
        for byte in bytes {
            remainder ^= UInt32(byte)
            for _ in 0..<8 {
                remainder = remainder & 1 == 1 ? remainder >> 1 ^ 0xEDB8_8320 : remainder >> 1
            }
        }
        return bytes + Self.bytes(UInt64(~remainder), count: 4)
    }

    private static func words(_ values: [Int]) -> [UInt8] {
        values.flatMap { bytes(UInt64($0), count: 2) }
    }

    private static func bytes(_ value: UInt64, count: UInt64) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
