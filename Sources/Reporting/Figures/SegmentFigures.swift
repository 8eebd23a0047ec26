import ReturnsDomain
import Statistics

/// Whether some customers are served otherwise than others.
enum SegmentFigures {
    /// Fewer cases say too little of a segment.
    static let caseCountMinimum = 100
    /// The share of false alarms that is accepted among segments called different.
    static let falseDiscoveryRate = 0.05

    /// One measure over the segments of one kind.
    private struct Comparison {
        let key: String
        let name: String
        let segments: [(name: String, share: Proportion)]

        /// Each segment against all others.
        var pValues: [Double] {
            let hits = segments.reduce(0) { $0 + $1.share.successCount }
            let count = segments.reduce(0) { $0 + $1.share.count }
            return segments.map { segment in
                ShareDifference(
                    segment.share,
                    Proportion(
                        successCount: hits - segment.share.successCount,
                        count: count - segment.share.count)
                ).pValue
            }
        }
    }

    static func section(_ cases: [CaseCourse]) -> FigureSection {
        var section = FigureSection("Segments")
        let kinds: [(String, (CaseCourse) -> String?)] = [
            ("category", { $0.reported.category }), ("region", { $0.reported.region }),
        ]
        var comparisons: [Comparison] = []
        for (kind, segment) in kinds {
            for (key, name, isCounted, isHit) in measures {
                let comparison = Comparison(
                    key: "gap_\(key)_by_\(kind)", name: "\(name), gap between \(kind) values",
                    segments: shares(cases.filter(isCounted), segment, isHit))
                if comparison.segments.count > 1 {
                    comparisons.append(comparison)
                } else {
                    section.leaveOut(
                        comparison.key, comparison.name,
                        because: "fewer than two segments with \(caseCountMinimum) cases")
                }
            }
        }
        // One correction over everything that is looked at together.
        var rates = falseDiscoveryRates(ofPValues: comparisons.flatMap(\.pValues))[...]
        for comparison in comparisons {
            let own = rates.prefix(comparison.segments.count)
            rates = rates.dropFirst(comparison.segments.count)
            add(comparison, Array(own), to: &section)
        }
        return section
    }

    private typealias Measure = (
        key: String, name: String, isCounted: @Sendable (CaseCourse) -> Bool,
        isHit: @Sendable (CaseCourse) -> Bool
    )

    private static let measures: [Measure] = [
        (
            "approval", "Approval (not rejected)", { $0.close != nil },
            { $0.close?.outcome != .reject }
        ),
        ("retake", "Retake rate", { _ in true }, { $0.hadRetake }),
        (
            "review", "Sent to a person", { $0.judgement != nil },
            { $0.judgement?.outcome == .humanReview }
        ),
        (
            "overturn", "Overturned in the random audit sample", { $0.audit != nil },
            { $0.audit?.outcome != $0.judgement?.recommended }
        ),
    ]

    private static func shares(
        _ cases: [CaseCourse], _ segment: (CaseCourse) -> String?, _ isHit: (CaseCourse) -> Bool
    ) -> [(String, Proportion)] {
        Dictionary(grouping: cases) { segment($0) ?? "" }
            .filter { !$0.key.isEmpty && $0.value.count >= caseCountMinimum }
            .map {
                (
                    $0.key,
                    Proportion(successCount: $0.value.count(where: isHit), count: $0.value.count)
                )
            }
            .sorted { $0.0 < $1.0 }
    }

    private static func add(
        _ comparison: Comparison, _ rates: [Double], to section: inout FigureSection
    ) {
        let ordered = comparison.segments.sorted { left, right in
            (left.share.share ?? 0, left.name) < (right.share.share ?? 0, right.name)
        }
        guard let least = ordered.first, let most = ordered.last else { return }
        let difference = ShareDifference(most.share, least.share)
        let odd = zip(comparison.segments, rates).filter { $0.1 <= falseDiscoveryRate }
            .map(\.0.name)
        section.add(
            KeyFigure(
                comparison.key, comparison.name, unit: .share, value: difference.value,
                n: comparison.segments.reduce(0) { $0 + $1.share.count },
                interval: difference.interval(), method: "Newcombe",
                note: "\(most.name) \(FigureText.percent(most.share.share ?? 0)), \(least.name) "
                    + "\(FigureText.percent(least.share.share ?? 0)); "
                    + (odd.isEmpty
                        ? "none differs from the others"
                        : odd.joined(separator: ", ") + " differ from the others")
                    + " (Benjamini-Hochberg, 5 %)"))
    }
}
