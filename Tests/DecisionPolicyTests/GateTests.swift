import DecisionPolicy
import ReturnsDomain
import Testing

/// Every gate on each side of its threshold, one change at a time to an item that passes them all.
struct GateTests {
    @Test(arguments: Outcome.final)
    func machineDecidesWhenEveryGateIsClear(outcome: Outcome) throws {
        let decision = try World.recommending(outcome).decision()
        #expect(decision.outcome == outcome)
        #expect(decision.recommended == outcome)
        #expect(decision.predictionSet == [outcome])
        #expect(abs(decision.confidence - 0.97) < 1e-12)
        #expect(decision.rule == "general")
    }

    @Test(
        arguments: [
            (0.0, 0.0, ReasonCode.automationOff), (0.5, 0.5, .outsidePilotShare),
            (0.5, 0.49, nil), (1.0, 0.999, nil), (0.5, Double.nan, .outsidePilotShare),
        ] as [(Double, Double, ReasonCode?)])
    func automationDecidesItsShareOfCases(
        share: Double, draw: Double, expected: ReasonCode?
    ) throws {
        var world = World()
        world.switches = [
            AutomationSwitch(
                category: "phone", region: nil, share: share,
                changedAt: Timestamp(millisecondsSince1970: 0))
        ]
        world.pilotDraw = draw
        #expect(try world.gates() == [expected].compactMap(\.self))
    }

    @Test func switchHoldsForACategoryStatedByItsAlias() throws {
        var world = World()
        world.order.category = "SmartPhone"
        #expect(try world.gates() == [])
        world.switches = [
            AutomationSwitch(
                category: "phone", region: "US", share: 0,
                changedAt: Timestamp(millisecondsSince1970: 0))
        ]
        #expect(try world.gates() == [.automationOff])
    }

    @Test(arguments: [nil, "", "spaceship"] as [String?])
    func unknownCategoryGoesToAPerson(category: String?) throws {
        var world = World()
        world.order.category = category
        #expect(try world.gates() == [.categoryUnknown])
    }

    @Test func categoryOrOutcomeWithoutEvidenceGoesToAPerson() throws {
        var world = World()
        world.order.category = "box"
        #expect(try world.gates() == [.categoryNotCalibrated])
        world = World.recommending(.refurbish)
        world.calibration.admitted = ["phone": [.resell: 0.9]]
        #expect(try world.gates() == [.categoryNotCalibrated])
    }

    @Test(arguments: [
        // calibration's threshold, policy's, rule's, confidence, passes
        (0.9, 0.0, 0.0, 0.9, true), (0.9, 0.0, 0.0, 0.89, false),
        (0.5, 0.9, 0.0, 0.9, true), (0.5, 0.9, 0.0, 0.89, false),
        (0.5, 0.0, 0.9, 0.9, true), (0.5, 0.0, 0.9, 0.89, false),
        (0.9, 0.1, 0.1, 0.89, false),
    ])
    func confidenceMustReachTheStrictestThreshold(
        calibrated: Double, policy: Double, rule: Double, confidence: Double, passes: Bool
    ) throws {
        var world = World.recommending(.resell, confidence: confidence)
        world.calibration.admitted = ["phone": [.resell: calibrated]]
        world.policy.minimumConfidence = [.resell: policy]
        let general = TestPolicy.general
        world.policy.rules = [
            PolicyRule(
                id: "r", conditions: general.conditions, outcomes: general.outcomes,
                remedies: general.remedies, minimumConfidence: [.resell: rule], text: [:])
        ]
        #expect(try world.gates() == (passes ? [] : [.confidenceBelowThreshold]))
    }

    @Test(arguments: [(0.6, false), (0.59, true)])
    func reviewThresholdHoldsWhereNothingIsAdmitted(confidence: Double, asks: Bool) throws {
        var world = World.recommending(.resell, confidence: confidence)
        world.calibration.admitted = [:]
        world.calibration.minimumProbability = 0.5
        #expect(try world.gates().contains(.confidenceBelowThreshold) == asks)
    }

    @Test(arguments: [(0.1, [Outcome.resell, .refurbish]), (0.11, [.resell])])
    func secondOutcomeInThePredictionSetGoesToAPerson(
        minimumProbability: Double, expected: [Outcome]
    ) throws {
        var world = World()
        world.severity = SeverityProbabilities(none: 0.9, minor: 0.1, moderate: 0, severe: 0)
        world.calibration.minimumProbability = minimumProbability
        #expect(try world.decision().predictionSet == expected)
        #expect(try world.gates() == (expected.count > 1 ? [.predictionSetAmbiguous] : []))
    }

    @Test func predictionSetIsNeverEmpty() throws {
        var world = World.recommending(.refurbish)
        world.calibration.minimumProbability = 1
        #expect(try world.decision().predictionSet == [.refurbish])
    }

    @Test(arguments: [(49_999, false), (50_000, true), (50_001, true)])
    func highValueGoesToAPerson(minorUnits: Int, asks: Bool) throws {
        var world = World()
        world.order.value = Money(minorUnits: minorUnits, currency: "USD")
        #expect(try world.gates() == (asks ? [.highValueItem] : []))
    }

    @Test(arguments: [nil, Money(minorUnits: 1, currency: "XTS")], [true, false])
    func unknownValueGoesToAPersonIfThePolicySaysSo(value: Money?, asks: Bool) throws {
        var world = World()
        world.policy.unknownValue = asks
        world.order.value = value
        #expect(try world.gates() == (asks ? [.valueUnknown] : []))
    }

    @Test(arguments: [
        ("US", 0.95, [] as [ReasonCode]), ("US", 0.94, [.confidenceBelowThreshold]),
        ("DE", 0.99, [.automaticRejectNotAllowed]), ("GB", 0.99, [.automaticRejectNotAllowed]),
        ("ZZ", 0.99, [.automaticRejectNotAllowed]), (nil, 0.99, [.automaticRejectNotAllowed]),
    ])
    func machineRefusesOnlyWhereAllowedAndVerySure(
        region: String?, confidence: Double, expected: [ReasonCode]
    ) throws {
        var world = World.recommending(.reject, confidence: confidence)
        world.order.region = region
        #expect(try world.gates() == expected)
    }

    @Test func regionDoesNotMatterForResell() throws {
        var world = World.recommending(.resell)
        world.order.region = "DE"
        #expect(try world.gates() == [])
    }

    @Test func ruleMayAskForASignOff() throws {
        let general = TestPolicy.general
        var world = World.recommending(.refurbish)
        world.policy.rules = [
            PolicyRule(
                id: "r", conditions: general.conditions, outcomes: general.outcomes,
                remedies: general.remedies, personRequired: [.refurbish], text: [:])
        ]
        #expect(try world.gates() == [.policyRequiresPerson])
    }

    @Test(arguments: [
        (0.9, 0.95, 0.89, false), (0.9, 0.95, 0.9, true), (0.95, 0.9, 0.89, false),
        (0.95, 0.9, 0.9, true), (1, 1, Double.nan, true),
    ])
    func unfamiliarItemGoesToAPersonFromTheStricterLimit(
        policy: Double, calibration: Double, novelty: Double, asks: Bool
    ) throws {
        var world = World()
        world.policy.novelty = policy
        world.calibration.noveltyThreshold = calibration
        world.novelty = novelty
        #expect(try world.gates() == (asks ? [.unfamiliarItem] : []))
    }

    /// A fraud signal is a reason to look, never one to refuse; other codes are no signals.
    @Test(
        arguments: [
            ([], []), ([.photoSeenBefore], [.photoSeenBefore]),
            (
                [.photoMetadataEdited, .photoSeenBefore],
                [.photoSeenBefore, .photoMetadataEdited]
            ), ([.crackVisible, .customerAppeal], []),
        ] as [([ReasonCode], [ReasonCode])], Outcome.final)
    func signalsOfFraudGoToAPersonAndDecideNothing(
        found: (signals: [ReasonCode], gates: [ReasonCode]), recommended: Outcome
    ) throws {
        var world = World.recommending(recommended)
        world.signals = found.signals
        let decision = try world.decision()
        #expect(try world.gates() == found.gates)
        #expect(decision.outcome == (found.gates.isEmpty ? recommended : .humanReview))
        #expect(decision.recommended == recommended)
    }

    @Test(
        arguments: [
            (ClaimedReason.damaged, 0.49, true), (.damaged, 0.5, false),
            (.unwanted, 0.49, false), (.unwanted, 0.5, true), (.defective, 0.99, false),
            (.wrongItem, 0.01, false), (nil, 0.99, false), (nil, 0.01, false),
        ] as [(ClaimedReason?, Double, Bool)])
    func claimAtOddsWithThePhotosIsAReasonToLook(
        claim: ClaimedReason?, damaged: Double, asks: Bool
    ) throws {
        var world = World()
        world.order.reasonClaimed = claim
        world.severity = SeverityProbabilities(
            none: 1 - damaged, minor: damaged, moderate: 0, severe: 0)
        #expect(try world.gates().contains(.claimMismatch) == asks)
    }
}
