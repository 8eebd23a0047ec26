package import ReferenceComparison
package import ReturnsDomain
import Synchronization

/// The banks used last, so that most items need none from the disk.
package final class ReferenceBankCache: Sendable {
    /// What a bank is of.
    package struct Key: Hashable, Sendable {
        let tenant: Tenant
        let sku: String
        let view: PhotoView
        /// The order whose own item it shows; nil for the product's.
        let orderID: String?

        package init(tenant: Tenant, sku: String, view: PhotoView, orderID: String?) {
            self.tenant = tenant
            self.sku = sku
            self.view = view
            self.orderID = orderID
        }
    }

    private struct Entry {
        let version: Int
        let bank: ReferenceBank
        var lastUse: UInt64
    }

    private struct Pool {
        let newestBank: Int64
        let pool: ScorePool
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var pools: [Tenant: Pool] = [:]
        var useCount: UInt64 = 0
    }

    /// How many banks are held, each 0.3 to 3 MB.
    private let countLimit: Int
    private let state = Mutex(State())

    package init(countLimit: Int) { self.countLimit = countLimit }

    /// The bank of a version of the photos; nil if it is not here.
    package func bank(_ key: Key, version: Int) -> ReferenceBank? {
        state.withLock { state in
            guard let entry = state.entries[key], entry.version == version else { return nil }
            state.useCount += 1
            state.entries[key]?.lastUse = state.useCount
            return entry.bank
        }
    }

    /// Holds a bank in the place of an older one of the same photos, and lets go of the one that
    /// was not used for longest if there are too many.
    package func hold(_ bank: ReferenceBank, as key: Key, version: Int) {
        state.withLock { state in
            state.useCount += 1
            state.entries[key] = Entry(version: version, bank: bank, lastUse: state.useCount)
            guard state.entries.count > countLimit,
                let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
            else { return }
            state.entries[oldest.key] = nil
        }
    }

    /// How many banks are held now.
    package var count: Int { state.withLock { $0.entries.count } }

    /// A tenant's pool as of its newest bank; nil if it is not here.
    func pool(of tenant: Tenant, newestBank: Int64) -> ScorePool? {
        state.withLock { state in
            state.pools[tenant].flatMap { $0.newestBank == newestBank ? $0.pool : nil }
        }
    }

    /// Holds a tenant's pool.
    func hold(_ pool: ScorePool, of tenant: Tenant, newestBank: Int64) {
        state.withLock { $0.pools[tenant] = Pool(newestBank: newestBank, pool: pool) }
    }
}
