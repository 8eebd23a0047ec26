public import Foundation
internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// The products that have reference photos, by their numbers.
    ///
    /// - Parameters:
    ///   - sku: The last one of the page before; nil for the first page.
    ///   - limit: 1…``pageCountLimit``.
    public func referenceProducts(
        after sku: String? = nil, limit: Int = 100
    ) async throws(CaseStoreError) -> [ReferenceProduct] {
        let (tenant, limit) = (tenant, min(max(limit, 1), Self.pageCountLimit))
        return try await read { db in
            try Row.fetchAll(
                db,
                sql: Self.products + """
                     AND p.sku > ? AND EXISTS (SELECT 1 FROM referencePhoto r
                      WHERE r.tenant = p.tenant AND r.sku = p.sku)
                    ORDER BY p.sku LIMIT ?
                    """,
                arguments: [tenant.description, sku ?? "", limit]
            ).map(ReferenceProduct.init(row:))
        }
    }

    /// A product's state; nil if it never had a reference photo.
    public func referenceProduct(
        _ sku: String
    ) async throws(CaseStoreError) -> ReferenceProduct? {
        let tenant = tenant
        return try await read { db in
            try Row.fetchOne(
                db, sql: Self.products + " AND p.sku = ?", arguments: [tenant.description, sku]
            ).map(ReferenceProduct.init(row:))
        }
    }

    private static let products = """
        SELECT p.sku, p.version, p.changedAt,
          (SELECT COUNT(*) FROM referencePhoto r
            WHERE r.tenant = p.tenant AND r.sku = p.sku AND r.orderID IS NULL) AS photos,
          (SELECT COUNT(*) FROM referencePhoto r
            WHERE r.tenant = p.tenant AND r.sku = p.sku AND r.orderID IS NOT NULL) AS ofOrders
        FROM referenceProduct p WHERE p.tenant = ?
        """

    /// A product's reference photos that stand for the product, the oldest first.
    ///
    /// - Parameter view: Only those of this side; all if nil.
    public func references(
        of sku: String, view: PhotoView? = nil
    ) async throws(CaseStoreError) -> [ReferencePhoto] {
        try await references(
            "sku = ? AND orderID IS NULL AND (?3 IS NULL OR view = ?3)",
            [
                sku, view?.rawValue,
            ])
    }

    /// One page of a product's reference photos, those of orders' own items too, the oldest first.
    ///
    /// - Parameters:
    ///   - id: The last one of the page before; nil for the first page.
    ///   - limit: 1…``pageCountLimit``.
    public func allReferences(
        of sku: String, after id: ReferencePhotoID? = nil, limit: Int = 100
    ) async throws(CaseStoreError) -> [ReferencePhoto] {
        try await references(
            "sku = ? AND id > ?", [sku, id?.description ?? ""],
            limit: min(max(limit, 1), Self.pageCountLimit))
    }

    /// The reference photos of an order's own item, the oldest first.
    public func references(
        ofOrder orderID: String, sku: String
    ) async throws(CaseStoreError) -> [ReferencePhoto] {
        try await references("sku = ? AND orderID = ?", [sku, orderID])
    }

    /// One reference photo.
    ///
    /// - Throws: ``ReferenceStoreError/notFound(_:)``.
    public func reference(_ id: ReferencePhotoID) async throws(CaseStoreError) -> ReferencePhoto {
        guard let found = try await references("id = ?", [id.description]).first else {
            throw .reference(.notFound(id))
        }
        return found
    }

    private func references(
        _ condition: String, _ arguments: [String?], limit: Int = CaseStore.referenceCountLimit
    ) async throws(CaseStoreError) -> [ReferencePhoto] {
        let tenant = tenant
        return try await read { db in
            let all: [(any DatabaseValueConvertible)?] = [tenant.description] + arguments
            return try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM referencePhoto WHERE tenant = ? AND \(condition)
                    ORDER BY id LIMIT \(limit)
                    """,
                arguments: StatementArguments(all)
            ).map(ReferencePhoto.init(row:))
        }
    }

    /// The plain bytes of a reference photo.
    ///
    /// - Throws: ``ReferenceStoreError/notFound(_:)``, ``ReferenceStoreError/broken(_:)``.
    public func bytes(of reference: ReferencePhotoID) async throws(CaseStoreError) -> Data {
        let (tenant, wrapping, vault) = (tenant, wrapping, vault)
        let found: (name: String, wrappedKey: Data)? = try await read { db in
            try Row.fetchOne(
                db,
                sql: """
                    SELECT keptName, wrappedDataKey FROM referencePhoto WHERE tenant = ? AND id = ?
                    """,
                arguments: [tenant.description, reference.description]
            ).map { ($0["keptName"], $0["wrappedDataKey"]) }
        }
        guard let found else { throw .reference(.notFound(reference)) }
        let owner = SealOwner(tenant: tenant, reference: reference)
        do {
            return try await photoWork.run {
                guard let bytes = try vault.sealedBytes(named: found.name) else {
                    throw CaseStoreError.reference(.broken(reference))
                }
                let key = try wrapping.unwrap(found.wrappedKey, for: owner)
                return try Seal.open(bytes, with: key, for: owner, part: "reference")
            }
        } catch {
            throw CaseStoreError(error)
        }
    }
}

extension ReferenceProduct {
    fileprivate init(row: Row) {
        self.init(
            sku: row["sku"], version: row["version"], photoCount: row["photos"],
            orderPhotoCount: row["ofOrders"], changedAt: timestamp(row["changedAt"]))
    }
}
