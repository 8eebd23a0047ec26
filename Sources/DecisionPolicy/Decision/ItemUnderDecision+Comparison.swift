import ReturnsDomain

extension ItemUnderDecision {
    /// What the comparison with reference photos gives a person to look at.
    ///
    /// Comparisons are written so that a value that is no number counts as unlike.
    var comparisonReasons: [ReasonCode] {
        guard let comparison = assessment.comparison else { return [] }
        let terms = policy.comparison
        let isUnlike = comparison.comparable && !(comparison.pValue > terms.level)
        let isLike = comparison.comparable && !isUnlike && suffices(comparison)
        var reasons: [ReasonCode] = []
        if !comparison.isRightItem { reasons.append(.itemDoesNotMatch) }
        if comparison.sincePacking?.isChanged == true { reasons.append(.newSinceShipping) }
        if isUnlike { reasons.append(.unlikeReferences) }
        if !comparison.comparable { reasons.append(.viewNotComparable) }
        if isUnlike && !showsDamage || isLike && showsDamage {
            reasons.append(.comparisonDisagrees)
        }
        if terms.mayDecide && !suffices(comparison) { reasons.append(.tooFewReferences) }
        return reasons
    }

    /// What the comparison knows better than the classifier, where the policy lets it decide.
    ///
    /// Only towards resell, only without a reason of its own against it: a comparison never refuses
    /// a return, and never overrules what is not about the photos.
    var reasonsSettledByComparison: Set<ReasonCode> {
        guard policy.comparison.mayDecide, assessment.comparison != nil,
            comparisonReasons.isEmpty, recommendation.outcome == .resell
        else { return [] }
        return [
            .categoryNotCalibrated, .confidenceBelowThreshold, .predictionSetAmbiguous,
            .unfamiliarItem, .categoryMismatch,
        ]
    }

    /// Whether there are references enough for an item to count as unlike them at all.
    private func suffices(_ comparison: ItemComparison) -> Bool {
        comparison.leastPValue <= policy.comparison.level
    }
}
