public import ReturnsDomain

/// Two numbers in 0..<1 drawn once per inspection; it is inside a share if its number is less.
public struct ReviewDraws: Hashable, Sendable {
    /// For the random audit sample.
    public let auditSample: Double
    /// For a case of known answer beside it.
    public let gold: Double

    /// Outside of every share.
    public static let outside = ReviewDraws(auditSample: 1, gold: 1)

    /// Creates draws.
    public init(auditSample: Double, gold: Double) {
        self.auditSample = auditSample
        self.gold = gold
    }
}

extension Policy {
    /// The open question for a person that a decision leaves; nil if it leaves none.
    ///
    /// A `human_review` always leaves one. A machine's decision leaves one if the random audit
    /// sample draws it: its outcome stands meanwhile.
    ///
    /// - Parameters:
    ///   - decision: What this policy decided.
    ///   - order: What the shop stated.
    ///   - moment: When it was decided.
    ///   - draws: Drawn once per inspection.
    public func reviewTaskDraft(
        for decision: Decision, order: OrderData, at moment: Timestamp,
        draws: ReviewDraws = .outside
    ) -> ReviewTaskDraft? {
        if decision.outcome == .humanReview {
            return draft(
                .review, priority: priority(of: decision, order: order), at: moment,
                reasons: decision.reasons.map(\.code).filter { !$0.saysWhatIsVisible },
                reviewersNeeded: reviewersNeeded(for: decision), draws: draws)
        }
        guard decision.outcome.isFinal, let rate = review.auditSample[decision.outcome],
            draws.auditSample < rate
        else { return nil }
        return draft(
            .auditSample, priority: priority(of: decision, order: order), at: moment,
            reasons: [.randomAuditSample], samplingProbability: rate, draws: draws)
    }

    /// The question that a customer's appeal opens: the whole value is at stake.
    ///
    /// - Parameters:
    ///   - order: What the shop stated about the case.
    ///   - moment: When the customer appealed.
    public func appealDraft(order: OrderData, at moment: Timestamp) -> ReviewTaskDraft {
        draft(
            .appeal, priority: valueInMajorUnits(order.value), at: moment,
            reasons: [.customerAppeal])
    }

    private func draft(
        _ purpose: ReviewPurpose, priority: Double, at moment: Timestamp, reasons: [ReasonCode],
        reviewersNeeded: Int = 1, samplingProbability: Double? = nil,
        draws: ReviewDraws = .outside
    ) -> ReviewTaskDraft {
        ReviewTaskDraft(
            priority: priority, dueAt: moment.advanced(by: .seconds(review.dueHours * 3600)),
            reasons: reasons, purpose: purpose,
            headStart: review.ageing.headStart(priority: priority),
            reviewersNeeded: reviewersNeeded, samplingProbability: samplingProbability,
            opensGold: draws.gold < review.goldShare)
    }

    /// Money at stake times uncertainty.
    private func priority(of decision: Decision, order: OrderData) -> Double {
        valueInMajorUnits(order.value) * max(1 - decision.confidence, review.uncertaintyFloor)
    }

    private func reviewersNeeded(for decision: Decision) -> Int {
        guard let terms = rules.first(where: { $0.id == decision.rule })?.secondReview,
            terms.outcomes?.contains(decision.recommended) ?? true
        else { return 1 }
        return terms.reviewers
    }

    /// The item's value in major units, or the policy's default if it is unknown; at least 0.
    ///
    /// Converted to the currency of `review.currency` by the two `high_value`s: what a policy calls
    /// a high value is worth about the same in every currency.
    private func valueInMajorUnits(_ value: Money?) -> Double {
        guard let value, let currency = currencies[value.currency] else {
            return review.defaultValue
        }
        let amount = Double(value.minorUnits) / Double(currency.minorUnitsPerMajorUnit)
        guard let reference = review.currency.flatMap({ currencies[$0] }), reference.highValue > 0,
            currency.highValue > 0
        else { return amount }
        return amount * reference.highValueInMajorUnits / currency.highValueInMajorUnits
    }
}

extension PolicyCurrency {
    fileprivate var highValueInMajorUnits: Double {
        Double(highValue) / Double(minorUnitsPerMajorUnit)
    }
}

extension ReasonCode {
    /// Whether the code describes the photos rather than why someone has to act.
    var saysWhatIsVisible: Bool {
        self == .noDamageVisible || self == .damageVisible
            || DamageType.allCases.contains { $0.reasonCode == self }
    }
}
