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
        // What the photo shows is one thing, whichever references it is compared with.
        let ownCandidates = Self.candidates(in: own, for: view).filter {
            product == nil || $0.isIdentifying == product?.isIdentifying
        }
        let ownBank = try Self.mostSimilar(ownCandidates, to: features)
        guard let found = product ?? ownBank else { return nil }
        return ComparedPhoto(
            index: index, isIdentifying: found.isIdentifying,
            product: try product?.bank.compare(features, pool: pool),
            own: try ownBank?.bank.compare(features),
            otherSimilarity: try otherSimilarity(features, view: view, like: found))
    }

    /// How much a photo is like the most similar reference of another product, −1…1; nil if none
    /// is looked at.
    private func otherSimilarity(
        _ features: PatchFeatures, view: PhotoView, like found: Candidate
    ) throws(ReferenceComparisonError) -> Double? {
        let rivals = others.flatMap { Self.candidates(in: $0, for: view) }
            .filter { $0.bank.layout == found.bank.layout }
        guard !rivals.isEmpty else { return nil }
        var greatest = -1.0
        for rival in rivals {
            let similarity = try rival.bank.similarity(to: features)
            // Among labels and boxes one is always the least unlike: only one that is alike counts.
            guard !found.isIdentifying || rival.bank.isComparable(similarity: similarity) else {
                continue
            }
            greatest = max(greatest, similarity)
        }
        return greatest
    }

    /// A bank that may show a photo's view.
    private struct Candidate {
        let bank: ReferenceBank
        let isIdentifying: Bool
    }

    /// The bank of the photo's view; all of them where it was not stated.
    ///
    /// Where there is none of a side, the one of photos whose view was not stated; labels and
    /// packaging are compared with their like only.
    private static func candidates(
        in banks: [PhotoView: ReferenceBank], for view: PhotoView
    ) -> [Candidate] {
        let views =
            if view == .other {
                PhotoView.allCases
            } else if banks[view] != nil || view.isIdentifying {
                [view]
            } else {
                [PhotoView.other]
            }
        return views.compactMap { view in
            banks[view].map { Candidate(bank: $0, isIdentifying: view.isIdentifying) }
        }
    }

    private static func mostSimilar(
        _ candidates: [Candidate], to features: PatchFeatures
    ) throws(ReferenceComparisonError) -> Candidate? {
        guard candidates.count > 1 else { return candidates.first }
        var best: (candidate: Candidate, similarity: Double)?
        for candidate in candidates {
            let similarity = try candidate.bank.similarity(to: features)
            if similarity > best?.similarity ?? -.infinity { best = (candidate, similarity) }
        }
        return best?.candidate
    }
}
