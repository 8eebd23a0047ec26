import Foundation
import Statistics

/// What can be told of "damaged or intact" without looking: category, source and picture size.
///
/// A logistic regression, fitted on the other groups (five folds) and judged on each photo by the
/// fold that did not see its group. A model that is hardly better has shown nothing.
public struct PixelFreeBaseline: Codable, Hashable, Sendable {
    /// Photos with a label.
    public let n: Int
    /// The chance that a damaged photo scores above an intact one; its value is nil where there is
    /// one class only.
    public let auroc: Figure
    /// What it was told.
    public let features: [String]

    /// How many categories and sources get a weight of their own; the rest share one.
    private static let nameCountLimit = 40
    private static let foldCount = 5

    init(_ photos: [JudgedPhoto], bootstrap: Bootstrap) {
        let known = photos.filter { $0.label.isDamaged != nil }
        let isDamaged = known.map { $0.label.isDamaged == true }
        let categories = Self.mostFrequent(known.compactMap(\.label.category))
        let sources = Self.mostFrequent(known.compactMap(\.label.source))
        features =
            (categories.isEmpty ? [] : ["category"]) + (sources.isEmpty ? [] : ["source"])
            + ["width", "height"]
        n = known.count
        let rows = known.map { photo in
            categories.map { $0 == photo.label.category ? 1 : 0 }
                + sources.map { $0 == photo.label.source ? 1 : 0 } + Self.size(of: photo)
        }
        let figures = GroupedFigures(groupNames: known.map(\.label.group), bootstrap: bootstrap)
        let scores = Self.outOfFold(rows, isDamaged, figures.groups)
        guard let scores else {
            auroc = Figure(value: nil, interval: nil, method: nil)
            return
        }
        let ranked = RankedScores(scores: scores, isPositive: isDamaged)
        auroc = figures.figure { ranked.areaUnderCurve(weights: $0) }
    }

    /// Logits of each photo from the folds without its group; nil if a fold lacks a class.
    private static func outOfFold(
        _ rows: [[Double]], _ isPositive: [Bool], _ groups: [Int]
    ) -> [Double]? {
        // Groups are numbered in the order of the file; a shuffle mixes files sorted by source.
        var generator = SeededGenerator(seed: 5)
        let folds = (0...(groups.max() ?? 0)).map { _ in generator.index(below: foldCount) }
        var scores = [Double](repeating: 0, count: rows.count)
        for fold in 0..<foldCount {
            let outside = rows.indices.filter { folds[groups[$0]] != fold }
            let truths = outside.map { isPositive[$0] }
            guard truths.contains(true), truths.contains(false) else { return nil }
            let model = LogisticRegression(
                features: outside.map { rows[$0] }, isPositive: truths)
            for index in rows.indices where folds[groups[index]] == fold {
                scores[index] = model.logit(rows[index])
            }
        }
        return scores
    }

    /// Logarithms of the sides about 512 pixels, their squares, and the shape.
    private static func size(of photo: JudgedPhoto) -> [Double] {
        let width = log(Double(photo.width) / 512)
        let height = log(Double(photo.height) / 512)
        return [width, height, width * width, height * height, width * height]
    }

    private static func mostFrequent(_ names: [String]) -> [String] {
        let counts = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
        return counts.sorted { ($0.value, $1.key) > ($1.value, $0.key) }
            .prefix(nameCountLimit).map(\.key)
    }
}
