public import ReturnsDomain

extension Policy {
    /// The open question for a person that a decision leaves; nil unless it is `human_review`.
    ///
    /// - Parameters:
    ///   - decision: What this policy decided.
    ///   - order: What the shop stated.
    ///   - moment: When it was decided.
    public func reviewTaskDraft(
        for decision: Decision, order: OrderData, at moment: Timestamp
    ) -> ReviewTaskDraft? {
        guard decision.outcome == .humanReview else { return nil }
        let uncertainty = max(1 - decision.confidence, review.uncertaintyFloor)
        return ReviewTaskDraft(
            priority: valueInMajorUnits(order.value) * uncertainty,
            dueAt: moment.advanced(by: .seconds(review.dueHours * 3600)),
            reasons: decision.reasons.map(\.code).filter { !$0.saysWhatIsVisible })
    }

    /// The item's value in major units, or the policy's default if it is unknown; at least 0.
    private func valueInMajorUnits(_ value: Money?) -> Double {
        guard let value, let currency = currencies[value.currency] else {
            return review.defaultValue
        }
        return Double(value.minorUnits) / Double(currency.minorUnitsPerMajorUnit)
    }
}

extension ReasonCode {
    /// Whether the code describes the photos rather than why someone has to act.
    var saysWhatIsVisible: Bool {
        self == .noDamageVisible || self == .damageVisible
            || DamageType.allCases.contains { $0.reasonCode == self }
    }
}
