import Testing
import Workflow

struct WebhookSettingsTests {
    private func loaded(_ environment: [String: String]) async throws -> ServingSettings {
        try await Settings.loaded(flags: StatedSettings(), environment: environment).serving
    }

    @Test
    func nothingIsOpenUntilItIsStated() async throws {
        let webhooks = try await loaded([:]).webhooks
        #expect(webhooks.networks.isEmpty && webhooks.ports == [443])
        #expect(webhooks.secondsLimit == 15 && webhooks.failureDaysLimit == 5)
    }

    @Test
    func whatIsStatedHolds() async throws {
        let serving = try await loaded([
            "REGRADE_WEBHOOK_NETWORKS": "10.1.0.0/16, ::1/128",
            "REGRADE_WEBHOOK_PORTS": "443,8443", "REGRADE_WEBHOOK_SECONDS_LIMIT": "3",
            "REGRADE_EARLY_WARNING_HOURS": "6", "REGRADE_EARLY_WARNING_PAST_DAYS": "7",
            "REGRADE_EARLY_WARNING_COUNT": "20",
        ])
        #expect(
            serving.webhooks.networks == ["10.1.0.0/16", "::1/128"].compactMap(IPNetwork.init))
        #expect(serving.webhooks.ports == [443, 8_443] && serving.webhooks.secondsLimit == 3)
        #expect(serving.earlyWarning.recentHours == 6 && serving.earlyWarning.pastDays == 7)
        #expect(serving.earlyWarning.countMinimum == 20)
    }

    @Test(arguments: [
        ["REGRADE_WEBHOOK_NETWORKS": "0.0.0.0/0"], ["REGRADE_WEBHOOK_NETWORKS": "::/0"],
        ["REGRADE_WEBHOOK_NETWORKS": "169.254.0.0/16"], ["REGRADE_WEBHOOK_NETWORKS": "8.0.0.0/8"],
        ["REGRADE_WEBHOOK_NETWORKS": "10.1.0.0"], ["REGRADE_WEBHOOK_PORTS": "0"],
        ["REGRADE_WEBHOOK_PORTS": "https"], ["REGRADE_WEBHOOK_SECONDS_LIMIT": "0"],
        ["REGRADE_EARLY_WARNING_HOURS": "-1"],
    ])
    func whatWouldOpenTooMuchOrMeansNothingIsRefused(
        environment: [String: String]
    ) async throws {
        await #expect(throws: Failure.self) { try await loaded(environment) }
    }
}
