import DecisionPolicy
import ReturnsDomain
import Testing

/// Which rule applies, and what it makes of the severities.
struct RuleTests {
    static let cheap = PolicyRule(
        id: "cheap_us_phones",
        conditions: RuleConditions(
            categories: ["phone"], regions: ["US"],
            values: ["USD": ValueRange(from: 100, below: 2_000), "JPY": ValueRange(from: 50)]),
        outcomes: SeverityOutcomes(
            none: .resell, minor: .resell, moderate: .reject, severe: .reject),
        remedies: OutcomeRemedies(resell: .refund, refurbish: .repair, reject: .liquidation),
        text: [:])

    @Test(
        arguments: [
            ("phone", "US", Money(minorUnits: 99, currency: "USD"), "general"),
            ("phone", "US", Money(minorUnits: 100, currency: "USD"), "cheap_us_phones"),
            ("phone", "US", Money(minorUnits: 1_999, currency: "USD"), "cheap_us_phones"),
            ("phone", "US", Money(minorUnits: 2_000, currency: "USD"), "general"),
            ("phone", "US", Money(minorUnits: 49, currency: "JPY"), "general"),
            ("phone", "US", Money(minorUnits: 1_000_000, currency: "JPY"), "cheap_us_phones"),
            ("phone", "US", Money(minorUnits: 500, currency: "EUR"), "general"),
            ("phone", "US", nil, "general"),
            ("phone", "DE", Money(minorUnits: 500, currency: "USD"), "general"),
            ("phone", nil, Money(minorUnits: 500, currency: "USD"), "general"),
            ("box", "US", Money(minorUnits: 500, currency: "USD"), "general"),
            (nil, "US", Money(minorUnits: 500, currency: "USD"), "general"),
        ] as [(String?, String?, Money?, String)])
    func firstMatchingRuleApplies(
        category: String?, region: String?, value: Money?, expected: String
    ) {
        var policy = TestPolicy()
        policy.rules = [Self.cheap, TestPolicy.general]
        let rule = policy.value.rule(category: category, region: region, value: value)
        #expect(rule.id == expected)
    }

    @Test func outcomeProbabilitiesAddUpTheSeveritiesOfTheRule() throws {
        var world = World()
        world.severity = SeverityProbabilities(none: 0.4, minor: 0.3, moderate: 0.2, severe: 0.1)
        var decision = try world.decision()
        #expect(decision.recommended == .refurbish)
        #expect(abs(decision.confidence - 0.5) < 1e-12)
        #expect(decision.severity == .minor)
        #expect(decision.remedy == .repair)
        #expect(decision.predictionSet == [.resell, .refurbish])

        world.policy.rules = [Self.cheap, TestPolicy.general]
        world.order.value = Money(minorUnits: 500, currency: "USD")
        decision = try world.decision()
        #expect(decision.rule == "cheap_us_phones")
        #expect(decision.recommended == .resell)
        #expect(abs(decision.confidence - 0.7) < 1e-12)
        #expect(decision.severity == .none)
        #expect(decision.predictionSet == [.resell, .reject])
    }

    @Test func worseSeverityOfATieIsNamed() throws {
        var world = World()
        world.severity = SeverityProbabilities(none: 0.2, minor: 0.4, moderate: 0.4, severe: 0)
        #expect(try world.decision().severity == .moderate)
    }

    @Test func categoriesAreKnownByNameAndAliasInAnyCase() {
        let policy = TestPolicy().value
        #expect(policy.categoryName(for: "phone") == "phone")
        #expect(policy.categoryName(for: "SMARTPHONE") == "phone")
        #expect(policy.categoryName(for: "smart phone") == nil)
        #expect(policy.categoryName(for: nil) == nil)
    }
}
