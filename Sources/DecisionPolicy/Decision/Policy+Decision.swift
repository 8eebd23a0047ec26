public import ReturnsDomain

extension Policy {
    /// Turns an assessment and order data into an outcome with its reasons.
    ///
    /// The photos recommend; the policy decides whether a machine may follow the recommendation.
    /// Any single reason for a person is enough to hand the item over, and all of them are listed.
    ///
    /// - Parameters:
    ///   - assessment: What the model says of the item.
    ///   - order: What the shop states.
    ///   - calibration: What held-back data support.
    ///   - switches: Where automation is on, and for which share of cases.
    ///   - pilotDraw: A number in 0..<1 drawn once per inspection; it is inside the pilot if it is
    ///     less than the share.
    ///   - signals: What the intake found odd, of ``ReasonCode/fraudSignals``; others are
    ///     ignored. A signal is a reason to look, never a reason to refuse.
    /// - Returns: The same decision for the same arguments, whatever the order of the photos.
    public func decision(
        for assessment: Assessment, order: OrderData, calibration: Calibration,
        switches: [AutomationSwitch], pilotDraw: Double, signals: [ReasonCode] = []
    ) -> Decision {
        let item = ItemUnderDecision(
            policy: self, assessment: assessment, order: order, calibration: calibration,
            switches: switches, pilotDraw: pilotDraw, signals: signals)
        let recommendation = item.recommendation

        let askForPhotos = item.reasonsForRetake
        let askAPerson = item.reasonsForAPerson
        let visible = item.visibleReasons

        let outcome: Outcome
        let reasons: [Reason]
        if !askForPhotos.isEmpty {
            outcome = .retake
            reasons = askForPhotos.map { Reason($0) }
        } else if !askAPerson.isEmpty {
            outcome = .humanReview
            reasons = askAPerson.map { Reason($0) } + visible
        } else {
            outcome = recommendation.outcome
            reasons = visible
        }
        return Decision(
            outcome: outcome, recommended: recommendation.outcome,
            severity: recommendation.severity, confidence: recommendation.confidence,
            predictionSet: recommendation.predictionSet, reasons: reasons,
            remedy: item.rule.remedies[recommendation.outcome], rule: item.rule.id)
    }
}
