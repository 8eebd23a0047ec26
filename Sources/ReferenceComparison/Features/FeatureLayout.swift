public import ReturnsDomain

/// Whose features they are and how many: only features of equal layout can be compared.
public struct FeatureLayout: Hashable, Sendable {
    /// SHA-256 of the model file that computed them.
    public let model: ContentHash
    /// The version of the way from the network's values to the features, from 1; see
    /// `FeatureRecipe.version`.
    public let recipe: Int
    /// Rows of the grid of patches, 1…``sideLimit``.
    public let rowCount: Int
    /// Columns of the grid of patches, 1…``sideLimit``.
    public let columnCount: Int
    /// Numbers of one patch, 1…``dimensionLimit``.
    public let dimension: Int
    /// Numbers of the whole photo's embedding, 1…``embeddingDimensionLimit``.
    public let embeddingDimension: Int

    /// Finer grids cost more than a comparison may take.
    public static let sideLimit = 64
    /// Longer vectors cost more than a comparison may take.
    public static let dimensionLimit = 1024
    /// Twice the widest backbones'.
    public static let embeddingDimensionLimit = 4096

    /// Creates a layout.
    ///
    /// - Precondition: Each number lies in its range.
    public init(
        model: ContentHash, recipe: Int, rowCount: Int, columnCount: Int, dimension: Int,
        embeddingDimension: Int
    ) {
        precondition(
            (1...Int(UInt16.max)).contains(recipe) && (1...Self.sideLimit).contains(rowCount)
                && (1...Self.sideLimit).contains(columnCount)
                && (1...Self.dimensionLimit).contains(dimension)
                && (1...Self.embeddingDimensionLimit).contains(embeddingDimension),
            "features of \(rowCount) x \(columnCount) x \(dimension), \(embeddingDimension), "
                + "recipe \(recipe)")
        self.model = model
        self.recipe = recipe
        self.rowCount = rowCount
        self.columnCount = columnCount
        self.dimension = dimension
        self.embeddingDimension = embeddingDimension
    }

    /// Patches of one photo.
    public var patchCount: Int { rowCount * columnCount }
}

extension FeatureLayout: CustomStringConvertible {
    /// As `28x28x128+1280, recipe 1 of model 60d3098a090c`.
    public var description: String {
        "\(rowCount)x\(columnCount)x\(dimension)+\(embeddingDimension), recipe \(recipe) "
            + "of model \(model.description.prefix(12))"
    }
}
