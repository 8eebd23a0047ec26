public import NeuralNetwork
public import ReturnsDomain
import Statistics

/// The way from inner images of a network to the features of a photo.
///
/// Each image is averaged over 3 x 3 neighbours, brought to one grid and scaled to length 1 place
/// by place; the joined vectors are shortened by a fixed random projection, which keeps distances
/// nearly (Achlioptas 2003, doi 10.1016/S0022-0000(03)00025-4), and scaled to length 1 again.
///
/// - SeeAlso: Roth et al. 2022, arXiv 2106.08265, section 3.1.
public struct FeatureRecipe: Sendable {
    /// Raised whenever the same photo would get other features.
    public static let version = 2
    /// Numbers of a patch after the projection; shorter vectors stay as they are.
    public static let projectedDimension = 256
    private static let projectionSeed: UInt64 = 0x5245_4752_4144_4501

    /// What it makes.
    public let layout: FeatureLayout
    /// `channels x dimension`; nil if the vectors are short enough.
    private let projection: [Float]?

    /// Prepares the projection.
    ///
    /// - Parameters:
    ///   - model: SHA-256 of the model file.
    ///   - channelCounts: Of each image, in the order in which they will be given.
    ///   - rowCount: Of the grid, 1…``FeatureLayout/sideLimit``.
    ///   - columnCount: Likewise.
    ///   - embeddingDimension: 1…``FeatureLayout/embeddingDimensionLimit``.
    public init(
        model: ContentHash, channelCounts: [Int], rowCount: Int, columnCount: Int,
        embeddingDimension: Int
    ) {
        let channelCount = channelCounts.reduce(0, +)
        let dimension = min(channelCount, Self.projectedDimension)
        layout = FeatureLayout(
            model: model, recipe: Self.version, rowCount: rowCount, columnCount: columnCount,
            dimension: dimension, embeddingDimension: embeddingDimension)
        var generator = SeededGenerator(seed: Self.projectionSeed)
        projection =
            channelCount > dimension
            ? (0..<channelCount * dimension).map { _ in generator.next() >> 63 == 0 ? 1 : -1 } : nil
    }

    /// The features of one photo.
    ///
    /// - Parameters:
    ///   - images: Of the channels that the recipe was made for, in that order.
    ///   - embedding: The whole photo's vector.
    /// - Throws: ``ReferenceComparisonError/notFinite``.
    public func features(
        of images: [PixelVectors], embedding: [Float]
    ) throws(ReferenceComparisonError) -> PatchFeatures {
        let joined = PixelVectors.joined(
            images.map { $0.locallyAveraged() }, rowCount: layout.rowCount,
            columnCount: layout.columnCount)
        let elements =
            projection.map {
                VectorProducts.product(of: joined.elements, with: $0, depth: joined.channelCount)
            } ?? joined.elements
        return try PatchFeatures(layout: layout, elements: elements, embedding: embedding)
    }
}
