public import ReferenceComparison
public import ReturnsDomain

/// What one photo was compared with, and what came of it.
public struct ComparedPhoto: Sendable {
    /// The photo's position among the item's.
    public let index: Int
    /// Whether it tells only which item it shows; see `PhotoView.isIdentifying`.
    public let isIdentifying: Bool
    /// With the product's references of its view; nil if there are none.
    public let product: PhotoComparison?
    /// With the item's own photos from when it was packed; nil if none shows its view.
    public let own: PhotoComparison?
    /// How much it is like the most similar reference of another product, −1…1; nil if none was
    /// looked at.
    public let otherSimilarity: Double?

    /// Creates the finding.
    public init(
        index: Int, isIdentifying: Bool, product: PhotoComparison?, own: PhotoComparison?,
        otherSimilarity: Double?
    ) {
        self.index = index
        self.isIdentifying = isIdentifying
        self.product = product
        self.own = own
        self.otherSimilarity = otherSimilarity
    }

    /// Where the photo is unlike what a good one looks like, 0 (as the references are) … 1; nil if
    /// it could not be compared, or shows no part of the item.
    public var evidence: HeatMap? {
        // What is new since packing says more than what differs from other items.
        let comparison = own.flatMap { $0.isComparable ? $0 : nil } ?? product
        guard let comparison, comparison.isComparable, !isIdentifying else { return nil }
        let map = comparison.anomalyMap
        return HeatMap(
            width: map.width, height: map.height, values: map.values.map { max(0, 2 * $0 - 1) })
    }
}

extension ComparedPhoto {
    /// Whether the photo is more like another product than like its own; nil if nothing tells.
    ///
    /// A label or box may be known from the item's own photo alone.
    fileprivate var showsAnotherItem: Bool? {
        let known = [product, isIdentifying ? own : nil].compactMap { $0?.similarity }.max()
        guard let known, let otherSimilarity else { return nil }
        return otherSimilarity > known + ItemComparison.similarityMargin
    }
}

extension ItemComparison {
    /// How much more a photo is like another product's references than like its own product's
    /// before it counts as showing the other one.
    public static let similarityMargin = 0.05
    /// The cell value from which a photo is more unlike the references than they are of one
    /// another; see `PhotoComparison.anomalyMap`.
    static let unlikeCell: Float = 0.5

    /// Makes one comparison of all photos of an item.
    ///
    /// The photo with the least p-value speaks for the item; since any of `k` photos might have had
    /// it, the item's p-value is `k` times that (Bonferroni). Photos of no known view do not count,
    /// unless there are no others.
    ///
    /// Labels and packaging say nothing of damage: where nothing else was compared, the p-value is
    /// 1. The item is another one if every photo of its sides says so, or every one of its labels
    /// and packaging.
    ///
    /// - Parameters:
    ///   - photos: Those that there was something to compare with, in any order.
    ///   - sku: The product.
    /// - Returns: nil if there was nothing to compare with.
    public init?(fusing photos: [ComparedPhoto], sku: String) {
        let ordered = photos.sorted { $0.index < $1.index }
        let sides = ordered.filter { !$0.isIdentifying }
        let own = sides.compactMap { photo in photo.own.map { (photo.index, $0) } }
        let ofSides = Self.compared(sides)
        let isOfSides = !ofSides.isEmpty
        let compared = isOfSides ? ofSides : Self.compared(ordered)
        let comparable = compared.filter(\.1.isComparable)
        let counted = comparable.isEmpty ? compared : comparable
        guard var worst = counted.first else { return nil }
        for photo in counted.dropFirst()
        where (photo.1.pValue, -photo.1.score) < (worst.1.pValue, -worst.1.score) { worst = photo }
        let count = Double(counted.count)
        let least = counted.map { 1 / Double($0.1.calibrationCount + 1) }.min() ?? 1
        let tells = isOfSides && !comparable.isEmpty
        self.init(
            sku: sku, referenceCount: worst.1.referenceCount, score: worst.1.score,
            pValue: isOfSides ? min(1, count * worst.1.pValue) : 1,
            comparable: !comparable.isEmpty, photo: worst.0,
            leastPValue: isOfSides ? min(1, count * least) : 1,
            region: tells ? worst.1.anomalyMap.region(atLeast: Self.unlikeCell) : nil,
            isRightItem: Self.isRightItem(ordered), sincePacking: SincePacking(own))
    }

    /// With the product's references; with the item's own where the product has none.
    private static func compared(_ photos: [ComparedPhoto]) -> [(Int, PhotoComparison)] {
        let ofProduct = photos.compactMap { photo in photo.product.map { (photo.index, $0) } }
        guard ofProduct.isEmpty else { return ofProduct }
        return photos.compactMap { photo in photo.own.map { (photo.index, $0) } }
    }

    private static func isRightItem(_ photos: [ComparedPhoto]) -> Bool {
        ![true, false].contains { isIdentifying in
            let verdicts = photos.filter { $0.isIdentifying == isIdentifying }
                .compactMap(\.showsAnotherItem)
            return !verdicts.isEmpty && !verdicts.contains(false)
        }
    }
}

extension ItemComparison.SincePacking {
    /// What changed, by the photo that is least like the item's own; nil if none can be compared.
    fileprivate init?(_ own: [(Int, PhotoComparison)]) {
        let comparable = own.filter(\.1.isComparable)
        let unlikeness = comparable.map { Self.unlikeness($0.1.anomalyMap) }
        guard let greatest = unlikeness.max(),
            let worst = zip(comparable, unlikeness).first(where: { $0.1 == greatest })?.0
        else { return nil }
        let isChanged = greatest >= ItemComparison.unlikeCell
        self.init(
            photoCount: worst.1.referenceCount, isChanged: isChanged, photo: worst.0,
            region: isChanged
                ? worst.1.anomalyMap.region(atLeast: ItemComparison.unlikeCell) : nil)
    }

    /// The mean of the greatest hundredth of all cells, as scores are made.
    private static func unlikeness(_ map: HeatMap) -> Float {
        let greatest = map.values.sorted(by: >).prefix((map.values.count + 99) / 100)
        return greatest.reduce(0, +) / Float(greatest.count)
    }
}
