import ReferenceComparison
import ReturnsDomain
import Statistics

/// Features of no photo: seeded noise around vectors that all of them share.
enum Fixture {
    static func layout(
        rowCount: Int = 6, columnCount: Int = 5, dimension: Int = 16
    ) throws -> FeatureLayout {
        FeatureLayout(
            model: ContentHash(digest: [UInt8](repeating: 7, count: 32)), recipe: 1,
            rowCount: rowCount, columnCount: columnCount, dimension: dimension,
            embeddingDimension: 24)
    }

    static func photo(
        seed: UInt64, noise: Float = 0.1, layout: FeatureLayout? = nil
    ) throws -> PatchFeatures {
        let layout = try layout ?? Self.layout()
        var common = SeededGenerator(seed: 0)
        var own = SeededGenerator(seed: seed &+ 1)
        func numbers(_ count: Int) -> [Float] {
            (0..<count).map { _ in
                Float(common.unit() - 0.5) + noise * Float(own.unit() - 0.5)
            }
        }
        return try PatchFeatures(
            layout: layout, elements: numbers(layout.patchCount * layout.dimension),
            embedding: numbers(layout.embeddingDimension))
    }
}
