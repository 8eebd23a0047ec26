import DecisionPolicy
import ReturnsDomain
import Testing

/// Gates about the photos themselves, and what is said to be visible.
struct PhotoGateTests {
    @Test func photosThatDisagreeGoToAPerson() throws {
        var world = World()
        world.photosDisagree = true
        #expect(try world.gates() == [.photosDisagree])
    }

    @Test(
        arguments: [
            // (category of the order, least probability, probability of "phone", gates)
            ("phone", 0.05, 0.04, [ReasonCode.categoryMismatch]), ("phone", 0.05, 0.06, []),
            ("phone", nil, 0.04, []), ("phone", 0.05, nil, []),
            // The photo shows a box nearly for certain, and the order says so.
            ("box", 0.05, 0.04, [.categoryNotCalibrated]),
            // The model does not know toys: nothing can be said.
            ("toy", 0.05, 0.5, [.categoryUnknown]),
        ] as [(String, Double?, Double?, [ReasonCode])])
    func goodsOfAnotherCategoryGoToAPerson(
        category: String, minimum: Double?, phone: Double?, gates: [ReasonCode]
    ) throws {
        var world = World()
        world.order.category = category
        world.calibration.categoryMinimum = minimum
        world.photos = [
            World.photo(index: 0), World.photo(index: 1, phoneProbability: phone),
        ]
        #expect(try world.gates() == gates)
    }

    /// A box that goods came in is no reason to doubt them, unless there is nothing else to see.
    @Test(arguments: [
        ([PhotoView.front, .packaging, .damage], [0.9, 0.01, 0.01], []),
        ([.front, .back], [0.9, 0.01], [ReasonCode.categoryMismatch]),
        ([.packaging, .label], [0.9, 0.01], [.categoryMismatch]),
    ])
    func photosOfTheWholeItemTellItsCategory(
        views: [PhotoView], phone: [Double], gates: [ReasonCode]
    ) throws {
        var world = World()
        world.photos = zip(views, phone).enumerated().map { index, shown in
            World.photo(index: index, view: shown.0, phoneProbability: shown.1)
        }
        #expect(try world.gates() == gates)
    }

    /// A photo that is asked for anew says nothing of the goods.
    @Test func anUnusablePhotoContradictsNothing() throws {
        var world = World()
        world.photos = [
            World.photo(index: 0, phoneProbability: 0.9),
            World.photo(index: 1, issues: [.photoBlurred], phoneProbability: 0.01),
        ]
        #expect(try world.gates() == [.photoBlurred])
    }

    @Test func damagedFileGoesToAPerson() throws {
        var world = World()
        world.photos = [World.photo(index: 0), World.photo(index: 1, isDamagedFile: true)]
        #expect(try world.gates() == [.photoDamagedFile])
    }

    @Test func undecodablePhotoAmongOthersGoesToAPerson() throws {
        var world = World()
        world.undecodable = [
            UndecodablePhoto(index: 1, sha256: World.hash, code: "photo_truncated")
        ]
        #expect(try world.gates() == [.photoUndecodable])
    }

    @Test(arguments: [
        ([PhotoView.front], []), ([.front, .label], []),
        ([.label], [ReasonCode.requiredViewMissing]),
        ([], [.requiredViewMissing]),
    ])
    func aSideThatTheRuleAsksForMustBeShown(views: [PhotoView], gates: [ReasonCode]) throws {
        var world = World()
        let rule = TestPolicy.general
        world.policy.rules = [
            PolicyRule(
                id: rule.id, conditions: rule.conditions, outcomes: rule.outcomes,
                remedies: rule.remedies, requiredViews: [.front], text: rule.text)
        ]
        world.photos = (views.isEmpty ? [.other, .damage] : views).enumerated().map {
            World.photo(index: $0, view: $1)
        }
        #expect(try world.gates() == gates)
    }

    @Test func itemWithoutAUsablePhotoIsRetaken() throws {
        var world = World()
        world.photos = [
            World.photo(index: 0, issues: [.photoBlurred, .photoTooDark]),
            World.photo(index: 1, issues: [.photoTooDark]),
        ]
        let decision = try world.decision()
        #expect(decision.outcome == .retake)
        #expect(decision.recommended == .resell)
        #expect(decision.reasons == [Reason(.photoTooDark), Reason(.photoBlurred)])
    }

    @Test(arguments: [
        (RetakeTerms.noUsablePhoto, Outcome.humanReview), (.anyUnusablePhoto, .retake),
    ])
    func policyChoosesWhatHappensToAPoorPhotoAmongGoodOnes(
        terms: RetakeTerms, outcome: Outcome
    ) throws {
        var world = World()
        world.policy.retake = terms
        world.photos = [World.photo(index: 0), World.photo(index: 1, issues: [.photoBlurred])]
        #expect(try world.decision().outcome == outcome)
        #expect(try world.gates() == [.photoBlurred])
    }

    @Test(arguments: [(0.49, true), (0.5, false)])
    func aDamageTypeOnAnItemThatIsRatherIntactAsksAPerson(damaged: Double, asks: Bool) throws {
        var world = World()
        world.severity = SeverityProbabilities(
            damaged: damaged, moderateOrWorse: 0, severe: 0)
        world.damage = [DamageFinding(type: .crack, probability: 0.5, photo: 0, areaRatio: 0.1)]
        #expect(try world.gates().contains(.findingsDisagree) == asks)
        world.damage = [DamageFinding(type: .crack, probability: 0.49, photo: 0, areaRatio: 0.1)]
        #expect(try !world.gates().contains(.findingsDisagree))
    }

    @Test func everyGateIsListedWeightiestFirstThenWhatIsVisible() throws {
        var world = World.recommending(.reject, confidence: 0.55)
        world.order = OrderData(category: "box", region: "DE", reasonClaimed: .unwanted)
        world.photosDisagree = true
        world.novelty = 1
        world.damage = [
            DamageFinding(type: .scratch, probability: 0.6, photo: 0, areaRatio: 0.1),
            DamageFinding(type: .crack, probability: 0.9, photo: 0, areaRatio: 0.1),
        ]
        let decision = try world.decision()
        #expect(decision.outcome == .humanReview)
        #expect(decision.recommended == .reject)
        #expect(
            decision.reasons.map(\.code) == [
                .automaticRejectNotAllowed, .valueUnknown, .categoryNotCalibrated,
                .confidenceBelowThreshold, .predictionSetAmbiguous, .unfamiliarItem,
                .photosDisagree, .claimMismatch, .crackVisible, .scratchVisible,
            ])
        let weights = decision.reasons.map(\.weight)
        #expect(weights == weights.sorted(by: >))
        #expect(weights.suffix(2) == [0.9, 0.6])
    }

    @Test(arguments: [
        (0.49, ReasonCode.noDamageVisible, 0.51), (0.5, .damageVisible, 0.5),
    ])
    func visibleDamageWithoutATypeIsStillNamed(
        damaged: Double, code: ReasonCode, weight: Double
    ) throws {
        var world = World()
        world.severity = SeverityProbabilities(
            none: 1 - damaged, minor: damaged, moderate: 0, severe: 0)
        let last = try #require(try world.decision().reasons.last)
        #expect(last.code == code)
        #expect(abs(last.weight - weight) < 1e-12)
    }

    @Test(arguments: [(0.5, ReasonCode.dentVisible), (0.49, .noDamageVisible)])
    func unlikelyTypeIsNotCalledVisible(probability: Double, code: ReasonCode) throws {
        var world = World()
        world.damage = [
            DamageFinding(type: .dent, probability: probability, photo: 0, areaRatio: 0.1)
        ]
        #expect(try world.decision().reasons.last?.code == code)
    }
}
