import DecisionPolicy
import ReturnsDomain
import Testing

/// Which questions a decision leaves for people, and how urgent they are.
struct ReviewTaskTests {
    private static let moment = Timestamp(millisecondsSince1970: 1_790_000_000_000)

    /// What a policy with these terms asks about an item for a person.
    private func draft(
        _ outcome: Outcome = .humanReview, recommended: Outcome = .refurbish,
        confidence: Double = 0.75, value: Money? = Money(minorUnits: 10_000, currency: "USD"),
        policy: TestPolicy = TestPolicy(), draws: ReviewDraws = .outside
    ) -> ReviewTaskDraft? {
        policy.value.reviewTaskDraft(
            for: Decision(
                outcome: outcome, recommended: recommended, severity: .minor,
                confidence: confidence, predictionSet: [recommended],
                reasons: [Reason(.scratchVisible), Reason(.highValueItem)], remedy: .repair,
                rule: "general"),
            order: OrderData(category: "phone", region: "US", value: value), at: Self.moment,
            draws: draws)
    }

    /// A high value is 500 dollars or 50,000 yen: a dollar counts as a hundred yen.
    @Test(arguments: [
        // currency of ranking, amount in minor units and its currency, priority at 75 % sure
        (nil, 10_000, "USD", 25.0), (nil, 10_000, "JPY", 2500),
        ("USD", 10_000, "USD", 25), ("USD", 10_000, "JPY", 25), ("USD", 50_000, "JPY", 125),
        ("JPY", 10_000, "USD", 2500), ("JPY", 10_000, "JPY", 2500),
        ("USD", 0, "JPY", 0),
        // Unknown currencies count as the default value of 40.
        ("USD", 10_000, "XTS", 10), (nil, 10_000, "XTS", 10),
    ])
    func priorityIsMoneyAtStakeInOneCurrencyTimesUncertainty(
        ranking: String?, minorUnits: Int, currency: String, priority: Double
    ) throws {
        var policy = TestPolicy()
        policy.review = ReviewTerms(
            dueHours: 24, defaultValue: 40, uncertaintyFloor: 0.05, currency: ranking)
        let found = try #require(
            draft(value: Money(minorUnits: minorUnits, currency: currency), policy: policy))
        #expect(abs(found.priority - priority) < 1e-9)
    }

    /// Where a policy calls everything or nothing a high value there is no rate to convert by.
    @Test func aHighValueOfNothingConvertsNothing() throws {
        var policy = TestPolicy()
        policy.highValue = 0
        policy.review = ReviewTerms(
            dueHours: 24, defaultValue: 40, uncertaintyFloor: 0.05, currency: "USD")
        let found = draft(value: Money(minorUnits: 10_000, currency: "JPY"), policy: policy)
        #expect(try #require(found).priority == 2500)
    }

    @Test(arguments: [(0.0, 100.0), (0.75, 25), (0.95, 5), (0.99, 5), (1, 5)])
    func sureButDearCasesKeepTheFloorOfUncertainty(confidence: Double, priority: Double) throws {
        #expect(abs(try #require(draft(confidence: confidence)).priority - priority) < 1e-9)
    }

    @Test func unknownValuesCountAsTheDefault() throws {
        #expect(abs(try #require(draft(value: nil)).priority - 10) < 1e-9)
    }

    @Test func anAppealPutsTheWholeValueAtStake() {
        let draft = TestPolicy().value.appealDraft(
            order: OrderData(value: Money(minorUnits: 10_000, currency: "USD")), at: Self.moment)
        #expect(draft.priority == 100 && draft.purpose == .appeal)
        #expect(draft.reasons == [.customerAppeal])
        #expect(draft.dueAt == Self.moment.advanced(by: .seconds(24 * 3600)))
    }

    @Test func aQuestionSaysWhySomeoneHasToActNotWhatIsVisible() throws {
        let found = try #require(draft())
        #expect(found.reasons == [.highValueItem] && found.purpose == .review)
        #expect(found.samplingProbability == nil)
    }

    /// The sample is stratified: every outcome has a rate of its own.
    @Test(arguments: [
        (Outcome.resell, 0.019, true), (.resell, 0.02, false), (.resell, 0.099, false),
        (.reject, 0.02, true), (.reject, 0.099, true), (.reject, 0.1, false),
        (.refurbish, 0, false), (.retake, 0, false),
    ])
    func theAuditSampleDrawsByOutcome(outcome: Outcome, draw: Double, isDrawn: Bool) {
        var policy = TestPolicy()
        policy.review = ReviewTerms(
            dueHours: 24, defaultValue: 40, uncertaintyFloor: 0.05,
            auditSample: [.resell: 0.02, .reject: 0.1, .retake: 1])
        let found = draft(
            outcome, recommended: .resell, policy: policy,
            draws: ReviewDraws(auditSample: draw, gold: 1))
        #expect((found != nil) == isDrawn)
        guard let found else { return }
        #expect(found.purpose == .auditSample && found.reasons == [.randomAuditSample])
        #expect(found.samplingProbability == (outcome == .reject ? 0.1 : 0.02))
    }

    @Test(arguments: [(0.049, true), (0.05, false)])
    func casesOfKnownAnswerComeAtTheirShare(draw: Double, opens: Bool) throws {
        var policy = TestPolicy()
        policy.review = ReviewTerms(
            dueHours: 24, defaultValue: 40, uncertaintyFloor: 0.05, goldShare: 0.05)
        let found = draft(policy: policy, draws: ReviewDraws(auditSample: 1, gold: draw))
        #expect(try #require(found).opensGold == opens)
    }

    @Test(
        arguments: [
            (nil, .reject, 1), (SecondReviewTerms(reviewers: 3), .reject, 3),
            (SecondReviewTerms(reviewers: 3), .resell, 3),
            (SecondReviewTerms(reviewers: 2, outcomes: [.reject]), .reject, 2),
            (SecondReviewTerms(reviewers: 2, outcomes: [.reject]), .resell, 1),
        ] as [(SecondReviewTerms?, Outcome, Int)])
    func aRuleMayAskForSeveralReviewers(
        terms: SecondReviewTerms?, recommended: Outcome, count: Int
    ) throws {
        let general = TestPolicy.general
        var policy = TestPolicy()
        policy.rules = [
            PolicyRule(
                id: "general", conditions: general.conditions, outcomes: general.outcomes,
                remedies: general.remedies, secondReview: terms, text: [:])
        ]
        let found = draft(recommended: recommended, policy: policy)
        #expect(try #require(found).reviewersNeeded == count)
    }
}
