import ReturnsDomain

/// One item with everything the policy looks at, and what follows from it at once.
struct ItemUnderDecision: Sendable {
    let policy: Policy
    let assessment: Assessment
    let order: OrderData
    let calibration: Calibration
    let pilotDraw: Double
    /// What the intake found odd about the submission; each is a reason to look.
    let signals: [ReasonCode]
    /// The category's name in the policy; nil if it is missing or unknown.
    let category: String?
    /// The share of cases a machine may decide here, 0…1.
    let automationShare: Double
    /// The rule that applies.
    let rule: PolicyRule
    /// What the photos speak for.
    let recommendation: Recommendation

    init(
        policy: Policy, assessment: Assessment, order: OrderData, calibration: Calibration,
        switches: [AutomationSwitch], pilotDraw: Double, signals: [ReasonCode]
    ) {
        self.policy = policy
        self.assessment = assessment
        self.order = order
        self.calibration = calibration
        self.pilotDraw = pilotDraw
        self.signals = signals
        category = policy.categoryName(for: order.category)
        automationShare = switches.share(category: category, region: order.region)
        rule = policy.rule(category: category, region: order.region, value: order.value)
        recommendation = Recommendation(
            severity: assessment.calibrated, outcomes: rule.outcomes,
            setRule: calibration.predictionSet)
    }

    /// The evidence that admits the recommended outcome in this category; nil if there is none.
    var admission: Calibration.AdmittedOutcome? {
        category.flatMap {
            calibration.admission(category: $0, outcome: recommendation.outcome)
        }
    }

    /// The confidence a machine needs for the recommended outcome, 0…1: the strictest of all.
    var neededConfidence: Double {
        let outcome = recommendation.outcome
        return max(
            admission?.threshold ?? calibration.reviewThreshold,
            policy.minimumConfidence[outcome] ?? 0,
            rule.minimumConfidence[outcome] ?? 0,
            outcome == .reject ? policy.automaticReject.minimumConfidence : 0)
    }

    /// The currency of the item's value as the policy knows it; nil if the value is unknown.
    var currency: PolicyCurrency? {
        order.value.flatMap { policy.currencies[$0.currency] }
    }

    /// Whether the item's value reaches the policy's limit for machine decisions.
    var hasHighValue: Bool {
        guard let value = order.value, let currency else { return false }
        return value.minorUnits >= currency.highValue
    }

    /// Whether a machine may refuse a return in the order's region.
    var allowsAutomaticReject: Bool {
        guard let region = order.region, policy.knowsRegion(region) else { return false }
        return !policy.automaticReject.forbiddenRegions.contains(region)
    }

    /// Whether damage is more likely than the policy's limit for "visible".
    var showsDamage: Bool { assessment.calibrated.damaged >= policy.alwaysHuman.visibleDamage }

    /// Whether what the customer claims and what the photos show are at odds.
    var contradictsClaim: Bool {
        switch order.reasonClaimed {
        case .damaged: !showsDamage
        case .unwanted: showsDamage
        case .defective, .wrongItem, .notAsDescribed, .other, nil: false
        }
    }
}
