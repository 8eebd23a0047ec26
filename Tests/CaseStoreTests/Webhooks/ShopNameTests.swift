import CaseStore
import ReturnsDomain
import Testing

/// Events under the names that shops use, where a shop asks for them.
struct ShopNameTests {
    private static let names = ["image_submitted", "refund_requested", "refund_approved"]

    /// What the feed holds of these names.
    private func named(_ store: CaseStore) async throws -> [String] {
        try await store.events(after: 0, limit: 100).map(\.type).filter(Self.names.contains)
    }

    private func decide(_ remedy: Remedy, _ store: CaseStore) async throws {
        let leased = try #require(
            try await store.leaseNextReviewTask(reviewer: "ada", duration: .seconds(600)))
        _ = try await store.decide(
            ReviewDecision(
                task: leased.task.id, lease: leased.lease, reviewer: "ada", outcome: .resell,
                reason: .reviewAgrees), remedy: remedy)
    }

    @Test func theyComeOnlyWhereAShopAsksForThem() async throws {
        let directory = TemporaryDirectory()
        let store = try await CaseStore.open(at: directory.url)
        _ = try await store.addReviewer(name: "ada")
        _ = try await store.addWebhookEndpoint(
            url: "https://all.example/", description: "", eventTypes: [])
        try await store.record([.fixture()])
        try await decide(.refund, store)
        #expect(try await named(store) == [])

        _ = try await store.addWebhookEndpoint(
            url: "https://shop.example/", description: "", eventTypes: Self.names)
        try await store.record([.fixture()])
        try await decide(.repair, store)
        #expect(try await named(store) == ["image_submitted", "refund_requested"])
        try await store.record([.fixture()])
        try await decide(.refund, store)
        #expect(
            try await named(store) == [
                "image_submitted", "refund_requested", "image_submitted", "refund_requested",
                "refund_approved",
            ])
        // Another tenant's shop did not ask.
        let other = store.forTenant(try #require(Tenant("other")))
        try await other.record([.fixture()])
        #expect(try await named(other) == [])
        #expect(Set(Self.names).isSubset(of: CaseStore.eventTypes))
    }
}
