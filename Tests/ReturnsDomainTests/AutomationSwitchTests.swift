import ReturnsDomain
import Testing

/// Which switch rules where.
struct AutomationSwitchTests {
    static func state(
        _ category: String?, _ region: String?, _ share: Double
    ) -> AutomationSwitch {
        AutomationSwitch(
            category: category, region: region, share: share,
            changedAt: Timestamp(millisecondsSince1970: 0))
    }

    @Test func everythingIsOnWithoutASwitch() {
        #expect([AutomationSwitch]().share(category: "phone", region: "US") == 1)
    }

    @Test(
        arguments: [
            ("phone", "US", 0.3), ("phone", "DE", 0.2), ("box", "US", 0.1), ("box", "DE", 0),
            (nil, "US", 0.1), ("phone", nil, 0.2), (nil, nil, 0),
        ] as [(String?, String?, Double)])
    func mostSpecificSwitchRules(category: String?, region: String?, share: Double) {
        let switches = [
            Self.state(nil, nil, 0), Self.state(nil, "US", 0.1), Self.state("phone", nil, 0.2),
            Self.state("phone", "US", 0.3),
        ]
        #expect(switches.share(category: category, region: region) == share)
        #expect(switches.reversed().share(category: category, region: region) == share)
    }

    @Test func lowerShareOfEquallySpecificSwitchesRules() {
        let switches = [Self.state("phone", nil, 0.9), Self.state(nil, "US", 0.4)]
        #expect(switches.share(category: "phone", region: "US") == 0.4)
        #expect(switches.share(category: "phone", region: "DE") == 0.9)
    }
}
