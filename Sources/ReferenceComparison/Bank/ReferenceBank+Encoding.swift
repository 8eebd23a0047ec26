import ReturnsDomain

/// The bytes of a bank, all numbers little-endian:
///
/// | offset | bytes | what |
/// |---|---|---|
/// | 0 | 4 | `RGRB` |
/// | 4 | 2 | version of this format, 1 |
/// | 6 | 2 | recipe |
/// | 8 | 64 | SHA-256 of the model in hexadecimal digits |
/// | 72 | 2 · 4 | rows, columns, dimension, dimension of the embedding |
/// | 80 | 2 | photos, n |
/// | 82 | 2 | patches, m |
/// | 84 | 2 | focus: 0 everywhere, 1 middle |
/// | 86 | 8 · k | own scores, k = n, or 0 for one photo |
/// | | 8 · k | own similarities |
/// | | 2 · m | the photo of each patch, not descending |
/// | | dimension · m | patches, one byte a number |
/// | | embedding · n | embeddings, one byte a number |
/// | | 4 | CRC-32 of all before (ISO 3309, as in PNG) |
///
/// Valid if (1) the length is exactly what the counts say and at most
/// ``ReferenceBank/encodedByteLimit``, (2) the checksum is right, (3) every count lies in its
/// range, (4) own scores lie in 0…2 and similarities in −1…1, (5) each patch's photo exists.
extension ReferenceBank {
    /// Bytes of the largest bank.
    public static let encodedByteLimit = 1 << 20
    private static let magic = Array("RGRB".utf8)
    private static let formatVersion = 1

    /// The bank as bytes, at most ``encodedByteLimit``.
    public func encoded() -> [UInt8] {
        var writer = ByteWriter()
        writer.append(Self.magic)
        writer.append16(Self.formatVersion)
        writer.append16(layout.recipe)
        writer.append(layout.model.description.utf8)
        for size in [
            layout.rowCount, layout.columnCount, layout.dimension, layout.embeddingDimension,
            referenceCount, patches.count, Int(focus.rawValue),
        ] {
            writer.append16(size)
        }
        for value in ownScores + ownSimilarities { writer.append64(value.bitPattern) }
        for source in sources { writer.append16(Int(source)) }
        writer.append(patches.bytes.map(UInt8.init(bitPattern:)))
        writer.append(embeddings.bytes.map(UInt8.init(bitPattern:)))
        writer.append32(Checksum.crc32(writer.bytes[...]))
        return writer.bytes
    }

    /// Reads a bank; cheap enough for each photo (a few milliseconds for the largest).
    ///
    /// - Throws: ``ReferenceComparisonError`` unless the bytes are as ``encoded()`` wrote them.
    public init(decoding bytes: [UInt8]) throws(ReferenceComparisonError) {
        guard bytes.count <= Self.encodedByteLimit else {
            throw .tooLarge(byteCount: bytes.count, limit: Self.encodedByteLimit)
        }
        var reader = ByteReader(bytes)
        guard try reader.bytes(4) == Self.magic else { throw .malformed(reason: "no bank") }
        let version = try reader.integer16()
        guard version == Self.formatVersion else {
            throw .malformed(reason: "its format has version \(version), this build reads 1")
        }
        guard bytes.count > 4 else { throw .malformed(reason: "it is too short") }
        var checksum = ByteReader(Array(bytes.suffix(4)))
        guard try checksum.integer32() == Checksum.crc32(bytes.dropLast(4)) else {
            throw .checksumWrong
        }
        let recipe = try reader.integer16()
        let digits = try reader.bytes(64)
        guard let model = ContentHash(String(decoding: digits, as: UTF8.self)) else {
            throw .malformed(reason: "it names no model")
        }
        let sizes = try reader.integers16(4)
        let layout = try Self.layout(model: model, recipe: recipe, sizes: sizes)
        let photoCount = try reader.integer16()
        let patchCount = try reader.integer16()
        guard (1...Self.referenceCountLimit).contains(photoCount),
            (1...Self.patchCountLimit).contains(patchCount)
        else { throw .malformed(reason: "\(photoCount) photos and \(patchCount) patches") }
        let focusNumber = try reader.integer16()
        guard let focus = UInt8(exactly: focusNumber).flatMap(PhotoFocus.init(rawValue:)) else {
            throw .malformed(reason: "it has the focus \(focusNumber)")
        }
        let ownCount = photoCount > 1 ? photoCount : 0
        let scores = try reader.doubles(ownCount, in: 0...2)
        let similarities = try reader.doubles(ownCount, in: -1...1)
        let sources = try reader.integers16(patchCount)
        guard zip(sources, sources.dropFirst()).allSatisfy(<=),
            sources.allSatisfy({ $0 < photoCount })
        else { throw .malformed(reason: "its patches are in disorder") }
        let patches = try reader.bytes(patchCount * layout.dimension)
        let embeddings = try reader.bytes(photoCount * layout.embeddingDimension)
        guard reader.remainingCount == 4 else {
            throw .malformed(reason: "it has \(reader.remainingCount - 4) bytes too many")
        }
        self.init(
            layout: layout, focus: focus, ownScores: scores, ownSimilarities: similarities,
            patches: QuantizedVectors(
                bytes: patches.map(Int8.init(bitPattern:)), dimension: layout.dimension),
            sources: sources.map { UInt16($0) },
            embeddings: QuantizedVectors(
                bytes: embeddings.map(Int8.init(bitPattern:)),
                dimension: layout.embeddingDimension))
    }

    private static func layout(
        model: ContentHash, recipe: Int, sizes: [Int]
    ) throws(ReferenceComparisonError) -> FeatureLayout {
        let limits = [
            FeatureLayout.sideLimit, FeatureLayout.sideLimit, FeatureLayout.dimensionLimit,
            FeatureLayout.embeddingDimensionLimit,
        ]
        guard recipe > 0, zip(sizes, limits).allSatisfy({ $0 > 0 && $0 <= $1 }) else {
            throw .malformed(reason: "its features are \(sizes), recipe \(recipe)")
        }
        return FeatureLayout(
            model: model, recipe: recipe, rowCount: sizes[0], columnCount: sizes[1],
            dimension: sizes[2], embeddingDimension: sizes[3])
    }
}
