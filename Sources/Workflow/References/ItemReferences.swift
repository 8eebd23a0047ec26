import Inspection
import ReferenceComparison
import ReturnsDomain

/// What the photos of one item are compared with; loaded before they are judged.
struct ItemReferences: Sendable {
    /// The product.
    let sku: String
    /// The product's banks by view.
    let banks: [PhotoView: ReferenceBank]
    /// The banks of the item's own photos from when it was packed.
    let own: [PhotoView: ReferenceBank]
    /// The banks of products next to it.
    let others: [[PhotoView: ReferenceBank]]
    /// What banks of few photos borrow from.
    let pool: ScorePool

    /// Compares a photo; blocks.
    ///
    /// - Returns: nil if there is nothing that shows its view.
    func compare(
        _ features: PatchFeatures, index: Int, view: PhotoView
    ) throws(ReferenceComparisonError) -> ComparedPhoto? {
        // A close-up of damage looks like no whole side.
        guard view != .damage else { return nil }
        let product = try Self.mostSimilar(Self.candidates(in: banks, for: view), to: features)
        let ownBank = try Self.mostSimilar(Self.candidates(in: own, for: view), to: features)
        guard product != nil || ownBank != nil else { return nil }
        var otherSimilarity: Double?
        if let product {
            let rivals = others.flatMap { Self.candidates(in: $0, for: view) }
            for rival in rivals where rival.layout == product.layout {
                otherSimilarity = max(otherSimilarity ?? -1, try rival.similarity(to: features))
            }
        }
        return ComparedPhoto(
            index: index, product: try product?.compare(features, pool: pool),
            own: try ownBank?.compare(features), otherSimilarity: otherSimilarity)
    }

    /// The banks that may show a photo's view: that of the view; all of them where it was not
    /// stated; where there is none of it, the one of photos whose view was not stated.
    private static func candidates(
        in banks: [PhotoView: ReferenceBank], for view: PhotoView
    ) -> [ReferenceBank] {
        if let bank = banks[view], view != .other { return [bank] }
        return view == .other
            ? PhotoView.allCases.compactMap { banks[$0] } : [banks[.other]].compactMap(\.self)
    }

    private static func mostSimilar(
        _ banks: [ReferenceBank], to features: PatchFeatures
    ) throws(ReferenceComparisonError) -> ReferenceBank? {
        guard banks.count > 1 else { return banks.first }
        var best: (bank: ReferenceBank, similarity: Double)?
        for bank in banks {
            let similarity = try bank.similarity(to: features)
            if similarity > best?.similarity ?? -.infinity { best = (bank, similarity) }
        }
        return best?.bank
    }
}
