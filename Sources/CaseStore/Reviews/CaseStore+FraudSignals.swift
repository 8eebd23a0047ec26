internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// What earlier inspections make odd about new photos: reasons to look, never to refuse.
    ///
    /// `photo_seen_before` if one of the photos, or one that looks the same, came before with
    /// *another* order. Without an order's number on both sides nothing is odd: directories are
    /// inspected again and again, and so is the same order.
    ///
    /// - Parameters:
    ///   - photos: What tells them again.
    ///   - orderID: The order they come with.
    public func fraudSignals(
        photos: [PhotoFingerprint], orderID: String?
    ) async throws(CaseStoreError) -> [ReasonCode] {
        guard let orderID else { return [] }
        let tenant = tenant
        let isSeen = try await read { db in
            let search = SightingSearch(db: db, tenant: tenant, orderID: orderID)
            return try photos.contains { try !search.sightings(of: $0).isEmpty }
        }
        return isSeen ? [.photoSeenBefore] : []
    }
}

extension CaseStore {
    /// Where the photos of an inspection came before with another order, the same bytes first, then
    /// the most alike; at most ten a photo.
    public func sightings(
        of inspection: InspectionID
    ) async throws(CaseStoreError) -> [PhotoSighting] {
        let tenant = tenant
        return try await read { db in
            try StoreTransaction.sightings(of: inspection, tenant: tenant, in: db)
        }
    }
}

extension CaseStore {
    /// Photos whose looks differ in at most so many of 64 bits look the same.
    package static var lookRadius: Int { LookIndex.radius }

    /// How many parts of looks are stored: four a photo.
    package func lookCount() async throws(CaseStoreError) -> Int {
        try await read { db in
            try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM photoLook") ?? 0
        }
    }
}

extension StoreTransaction {
    /// Where the photos of an inspection came before with another order; at most
    /// ``SightingSearch/sightingCountLimit`` a photo.
    static func sightings(
        of inspection: InspectionID, tenant: Tenant, in db: Database
    ) throws -> [PhotoSighting] {
        let orderID = try String.fetchOne(
            db, sql: "SELECT orderID FROM inspection WHERE tenant = ? AND id = ?",
            arguments: [tenant.description, inspection.description])
        guard let orderID else { return [] }
        let search = SightingSearch(
            db: db, tenant: tenant, orderID: orderID, before: inspection)
        let photos = try Row.fetchAll(
            db,
            sql: """
                SELECT photoIndex, sha256, look FROM photo WHERE tenant = ? AND inspection = ?
                ORDER BY photoIndex
                """,
            arguments: [tenant.description, inspection.description])
        return try photos.flatMap { row in
            guard let hash = (row["sha256"] as String?).flatMap({ ContentHash($0) }) else {
                return [PhotoSighting]()
            }
            return try search.sightings(
                of: PhotoFingerprint(
                    index: row["photoIndex"], sha256: hash,
                    look: (row["look"] as Int64?).map(UInt64.init(bitPattern:))))
        }
    }
}
