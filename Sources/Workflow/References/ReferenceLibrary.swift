import CaseStore
import Foundation
import Inspection
import ReferenceComparison
import ReturnsDomain

/// Finds, and makes where they are missing, the banks that items are compared with.
struct ReferenceLibrary: Sendable {
    let store: CaseStore
    let workers: WorkerPool<PhotoInspector>
    let cache: ReferenceBankCache
    /// What makes the features; banks of another version are made anew.
    let featureVersion: String

    /// What there is to compare an item with; nil if nothing.
    ///
    /// Costs one look into the database where a product has no references, and no more than that
    /// plus arithmetic where the banks are held.
    func references(for order: OrderData) async throws -> ItemReferences? {
        guard let sku = order.sku,
            let state = try await store.referenceState(
                of: sku, orderID: order.orderID, featureVersion: featureVersion)
        else { return nil }
        async let neighbours = neighbouringBanks(state)
        var banks: [PhotoView: ReferenceBank] = [:]
        for view in PhotoView.allCases where state.views[view] != nil {
            banks[view] = try await bank(of: sku, view: view, version: state.version)
        }
        let own = try await ownBanks(state, sku: sku, orderID: order.orderID)
        guard !banks.isEmpty || !own.isEmpty else { return nil }
        return ItemReferences(
            sku: sku, banks: banks, own: own, others: try await neighbours,
            pool: try await pool(state))
    }

    /// The bank of a product's view; made and kept if there is none of the present photos.
    ///
    /// - Returns: nil if none of the photos can be used.
    func bank(of sku: String, view: PhotoView, version: Int) async throws -> ReferenceBank? {
        let key = ReferenceBankCache.Key(
            tenant: store.tenant, sku: sku, view: view, orderID: nil)
        if let held = cache.bank(key, version: version) { return held }
        if let kept = try await kept(key, version: version) { return kept }
        let photos = try await store.references(of: sku, view: view)
        guard let bank = try await made(of: photos)?.bank else { return nil }
        try await store.keepReferenceBank(
            Data(bank.encoded()), of: sku, view: view, featureVersion: featureVersion,
            version: version, photoCount: bank.referenceCount,
            // What labels score says nothing of what sides of items do.
            scoreRatios: view.isIdentifying ? [] : bank.scoreRatios)
        cache.hold(bank, as: key, version: version)
        return bank
    }

    /// Makes the banks of views that photos were added to, so that no item waits for them.
    func prepare(_ sku: String) async throws {
        let state = try await store.referenceState(
            of: sku, orderID: nil, featureVersion: featureVersion)
        guard let state else { return }
        for view in PhotoView.allCases where state.views[view] != nil {
            _ = try await bank(of: sku, view: view, version: state.version)
        }
    }

    // MARK: -

    private func kept(
        _ key: ReferenceBankCache.Key, version: Int
    ) async throws -> ReferenceBank? {
        let bytes: Data?
        do {
            bytes = try await store.referenceBank(
                of: key.sku, view: key.view, featureVersion: featureVersion, version: version)
        } catch CaseStoreError.reference(.bankBroken) {
            bytes = nil
        }
        // What cannot be read is made anew from its photos.
        guard let bytes, let bank = try? ReferenceBank(decoding: [UInt8](bytes)) else {
            return nil
        }
        cache.hold(bank, as: key, version: version)
        return bank
    }

    /// The banks of the products next to this one, read at the same time; none where nothing would
    /// be compared with them.
    private func neighbouringBanks(
        _ state: ReferenceState
    ) async throws -> [[PhotoView: ReferenceBank]] {
        let isAnyCompared = state.ownPhotos.contains { $0.view.isIdentifying }
        guard !state.views.isEmpty || isAnyCompared else { return [] }
        return try await concurrentMap(state.neighbours, width: state.neighbours.count) {
            try await keptBanks(of: $1)
        }
    }

    private func keptBanks(
        of neighbour: ReferenceState.Neighbour
    ) async throws -> [PhotoView: ReferenceBank] {
        var banks: [PhotoView: ReferenceBank] = [:]
        for view in neighbour.views {
            let key = ReferenceBankCache.Key(
                tenant: store.tenant, sku: neighbour.sku, view: view, orderID: nil)
            let held = cache.bank(key, version: neighbour.version)
            banks[view] =
                if let held { held } else { try await kept(key, version: neighbour.version) }
        }
        return banks
    }

    private func ownBanks(
        _ state: ReferenceState, sku: String, orderID: String?
    ) async throws -> [PhotoView: ReferenceBank] {
        var banks: [PhotoView: ReferenceBank] = [:]
        for (view, photos) in Dictionary(grouping: state.ownPhotos, by: \.view) {
            let key = ReferenceBankCache.Key(
                tenant: store.tenant, sku: sku, view: view, orderID: orderID)
            if let held = cache.bank(key, version: state.version) {
                banks[view] = held
            } else if let bank = try await made(of: photos)?.bank {
                cache.hold(bank, as: key, version: state.version)
                banks[view] = bank
            }
        }
        return banks
    }

    private func pool(_ state: ReferenceState) async throws -> ScorePool {
        if let held = cache.pool(of: store.tenant, newestBank: state.newestBank) { return held }
        let pool = ScorePool(
            ratios: try await store.referenceScoreRatios(featureVersion: featureVersion))
        cache.hold(pool, of: store.tenant, newestBank: state.newestBank)
        return pool
    }

    /// Makes a bank of photos of one view.
    ///
    /// Those that cannot be opened or decoded any more are left out, and the bank's count says so.
    ///
    /// - Returns: The bank, and the places of the photos it was made of; nil if none can be used.
    func made(of photos: [ReferencePhoto]) async throws -> (bank: ReferenceBank, used: [Int])? {
        let found = try await concurrentMap(photos, width: 2 * workers.workerCount) { _, photo in
            try await self.features(of: photo)
        }
        let features = found.compactMap(\.self)
        guard let view = photos.first?.view, !features.isEmpty else { return nil }
        let bank = try await workers.perform { _ in
            try ReferenceBank(of: features, focus: PhotoFocus(view: view))
        }
        return (bank, found.indices.filter { found[$0] != nil })
    }

    private func features(of photo: ReferencePhoto) async throws -> PatchFeatures? {
        let bytes: Data
        do {
            bytes = try await store.bytes(of: photo.id)
        } catch CaseStoreError.reference(.broken), CaseStoreError.reference(.notFound) {
            return nil
        }
        return try await workers.perform { inspector in
            let result = Result { () throws(PhotoInspectionError) in
                _ = try inspector.assess([UInt8](bytes), index: 0, view: photo.view)
                return try inspector.features()
            }
            if case .failure(.decoding) = result { return nil }
            return try result.get()
        }
    }
}
