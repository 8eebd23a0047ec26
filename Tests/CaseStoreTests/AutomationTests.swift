import CaseStore
import Foundation
import ReturnsDomain
import Testing

@Suite struct AutomationTests {
    let directory = TemporaryDirectory()

    @Test func switchesAreKeptAndLogged() async throws {
        let store = try await CaseStore.open(at: directory.url)
        #expect(try await store.automationSwitches().isEmpty)
        try await store.setAutomation(category: "phone", region: nil, share: 0.25)
        try await store.setAutomation(category: "phone", region: nil, share: 0.5)
        try await store.setAutomation(category: nil, region: "DE", share: 0)

        let switches = try await store.automationSwitches()

        #expect(switches.count == 2)
        #expect(switches.share(category: "phone", region: "FR") == 0.5)
        #expect(switches.share(category: "phone", region: "DE") == 0)
        #expect(switches.share(category: "shoe", region: "FR") == 1)
        try await store.export()
        let entry = try members(lines(directory.appending("audit/00000001.jsonl"))[1])
        #expect(entry["kind"] as? String == "automation_change")
        #expect((entry["meta"] as? [String: String])?["share"] == "0.5")
    }

    @Test func switchingEverythingOffClearsWhatIsMoreSpecific() async throws {
        let store = try await CaseStore.open(at: directory.url)
        try await store.setAutomation(category: "phone", region: "FR", share: 1)

        try await store.setAutomation(category: nil, region: nil, share: 0)

        let switches = try await store.automationSwitches()
        #expect(switches.count == 1)
        #expect(switches.share(category: "phone", region: "FR") == 0)
    }
}
