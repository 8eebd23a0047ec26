import ReferenceComparison
import ReturnsDomain
import Testing
import Workflow

/// What is held of the banks, and whose.
struct ReferenceBankCacheTests {
    private let bank: ReferenceBank

    init() throws {
        let layout = FeatureLayout(
            model: ContentHash(digest: [UInt8](repeating: 7, count: 32)), recipe: 1, rowCount: 1,
            columnCount: 1, dimension: 1, embeddingDimension: 1)
        bank = try ReferenceBank(
            of: [PatchFeatures(layout: layout, elements: [1], embedding: [1])])
    }

    private static func key(
        _ sku: String, tenant: Tenant = .default, view: PhotoView = .front, order: String? = nil
    ) -> ReferenceBankCache.Key {
        ReferenceBankCache.Key(tenant: tenant, sku: sku, view: view, orderID: order)
    }

    @Test func whatWasNotUsedForLongestGoes() {
        let cache = ReferenceBankCache(countLimit: 3)
        func held() -> [String] {
            ["a", "b", "c", "d", "e"].filter { cache.bank(Self.key($0), version: 1) != nil }
        }
        for sku in ["a", "b", "c"] { cache.hold(bank, as: Self.key(sku), version: 1) }
        #expect(held() == ["a", "b", "c"])
        _ = cache.bank(Self.key("a"), version: 1)
        cache.hold(bank, as: Self.key("d"), version: 1)
        #expect(held() == ["a", "c", "d"])
        cache.hold(bank, as: Self.key("e"), version: 1)
        #expect(held() == ["c", "d", "e"])
    }

    @Test func aBankIsOfOneVersionTenantViewAndOrder() throws {
        let cache = ReferenceBankCache(countLimit: 9)
        cache.hold(bank, as: Self.key("a"), version: 2)
        #expect(cache.bank(Self.key("a"), version: 2) == bank)
        #expect(cache.bank(Self.key("a"), version: 1) == nil)
        #expect(cache.bank(Self.key("a"), version: 3) == nil)
        let other = try #require(Tenant("other"))
        #expect(cache.bank(Self.key("a", tenant: other), version: 2) == nil)
        #expect(cache.bank(Self.key("a", view: .back), version: 2) == nil)
        #expect(cache.bank(Self.key("a", order: "1"), version: 2) == nil)
        // Another version takes its place.
        cache.hold(bank, as: Self.key("a"), version: 3)
        #expect(cache.bank(Self.key("a"), version: 2) == nil)
    }
}
