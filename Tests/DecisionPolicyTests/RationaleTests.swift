import DecisionPolicy
import ReturnsDomain
import Testing

/// What is said of a decision, to whom and in which language.
struct RationaleTests {
    @Test(arguments: [
        ("en", "en"), ("de", "de"), ("de-AT", "de"), ("DE_ch", "de"), ("fr", "en"), ("", "en"),
    ])
    func languageFallsBackToEnglish(locale: String, expected: String) throws {
        let policy = TestPolicy().value
        #expect(policy.language(for: locale) == expected)
        let rationale = policy.rationale(for: try World().decision(), locale: locale)
        #expect(rationale.locale == expected)
        #expect(rationale.customer.hasPrefix("\(expected):resell"))
        #expect(
            policy.automationNotice(for: .reject, locale: locale) == "\(expected):notice reject")
    }

    @Test func reviewerReadsEveryFigure() throws {
        var world = World.recommending(.refurbish, confidence: 0.719)
        world.damage = [
            DamageFinding(type: .scratch, probability: 0.888, photo: 0, areaRatio: 0.1)
        ]
        let rationale = TestPolicy().value.rationale(for: try world.decision(), locale: "en")
        #expect(
            rationale.reviewer
                == "en:human_review|en:refurbish|en:repair|en:minor|71|en:resell, en:refurbish|"
                + "general|the general rule.|confidence_below_threshold; "
                + "prediction_set_ambiguous; scratch_visible (88 %)")
    }

    @Test func customerReadsAtMostTwoReasonsAndNothingOfTheRecommendation() throws {
        var world = World.recommending(.reject, confidence: 0.55)
        world.order.region = "DE"
        world.damage = [
            DamageFinding(type: .crack, probability: 0.9, photo: 0, areaRatio: 0.1)
        ]
        let rationale = TestPolicy().value.rationale(for: try world.decision(), locale: "en")
        #expect(
            rationale.customer == "en:human_review told automatic_reject_not_allowed. "
                + "told confidence_below_threshold.")
    }

    @Test func customerIsToldWhatIsVisibleWhenTheMachineDecides() throws {
        var world = World.recommending(.refurbish)
        world.damage = [
            DamageFinding(type: .crack, probability: 0.9, photo: 0, areaRatio: 0.1)
        ]
        let rationale = TestPolicy().value.rationale(for: try world.decision(), locale: "de")
        #expect(rationale.customer == "de:refurbish told crack_visible.")
    }
}

/// What a review task says about its urgency.
struct ReviewTaskDraftTests {
    static let moment = Timestamp(millisecondsSince1970: 1_000)

    @Test(
        arguments: [
            (Money(minorUnits: 60_000, currency: "USD"), 0.5, 300.0),
            (Money(minorUnits: 60_000, currency: "JPY"), 0.5, 30_000),
            (Money(minorUnits: 60_000, currency: "USD"), 0.99, 30),
            (nil, 0.5, 20), (Money(minorUnits: 60_000, currency: "XTS"), 0.5, 20),
        ] as [(Money?, Double, Double)])
    func priorityIsValueTimesUncertainty(
        value: Money?, confidence: Double, expected: Double
    ) throws {
        var world = World.recommending(.resell, confidence: confidence)
        world.order.value = value
        let draft = try #require(
            TestPolicy().value.reviewTaskDraft(
                for: try world.decision(), order: world.order, at: Self.moment))
        #expect(abs(draft.priority - expected) < 1e-9)
        #expect(draft.dueAt == Timestamp(millisecondsSince1970: 1_000 + 24 * 3_600_000))
        #expect(draft.reasons == (try world.gates()))
        #expect(!draft.reasons.isEmpty)
    }

    @Test func onlyHumanReviewOpensATask() throws {
        let world = World()
        #expect(
            TestPolicy().value.reviewTaskDraft(
                for: try world.decision(), order: world.order, at: Self.moment) == nil)
    }
}
