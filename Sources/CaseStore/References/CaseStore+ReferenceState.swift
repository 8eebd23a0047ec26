internal import GRDB
public import ReturnsDomain

/// What there is to compare an item with.
public struct ReferenceState: Sendable {
    /// Counts the changes of the product's reference photos.
    public let version: Int
    /// How many photos of each view stand for the product.
    public let views: [PhotoView: Int]
    /// The photos of the order's own item.
    public let ownPhotos: [ReferencePhoto]
    /// The products next to this one by number that have references, with their versions.
    public let neighbours: [Neighbour]
    /// Changes whenever a bank of the tenant is made.
    public let newestBank: Int64

    /// Another product.
    public struct Neighbour: Hashable, Sendable {
        /// Its number.
        public let sku: String
        /// Counts the changes of its reference photos.
        public let version: Int
        /// The views that there are banks of, made of these photos.
        public let views: [PhotoView]
    }
}

extension CaseStore {
    /// How many products on either side of one are looked at to tell whether an item is the right
    /// one: variants of a product stand next to it.
    public static let neighbourCountLimit = 2

    /// What there is to compare an item with, as of one moment; nil if nothing.
    ///
    /// - Parameter featureVersion: What makes the features; neighbours are told with their banks of
    ///   it.
    public func referenceState(
        of sku: String, orderID: String?, featureVersion: String
    ) async throws(CaseStoreError) -> ReferenceState? {
        let tenant = tenant
        return try await read { db in
            let product: StatementArguments = [tenant.description, sku]
            let version = try Int.fetchOne(
                db.cachedStatement(
                    sql: "SELECT version FROM referenceProduct WHERE tenant = ? AND sku = ?"),
                arguments: product)
            guard let version else { return nil }
            var views: [PhotoView: Int] = [:]
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT view, COUNT(*) AS n FROM referencePhoto
                    WHERE tenant = ? AND sku = ? AND orderID IS NULL GROUP BY view
                    """,
                arguments: product)
            for row in rows { views[try word(row["view"], PhotoView.self)] = row["n"] }
            let own = try orderID.map { order in
                try Row.fetchAll(
                    db,
                    sql: """
                        SELECT * FROM referencePhoto
                        WHERE tenant = ? AND orderID = ? AND sku = ? ORDER BY id
                        """,
                    arguments: [tenant.description, order, sku]
                ).map(ReferencePhoto.init(row:))
            }
            guard !views.isEmpty || own?.isEmpty == false else { return nil }
            return ReferenceState(
                version: version, views: views, ownPhotos: own ?? [],
                neighbours: try Self.neighbours(
                    of: sku, featureVersion: featureVersion, tenant: tenant, in: db),
                newestBank: try Int64.fetchOne(
                    db, sql: "SELECT MAX(rowid) FROM referenceBank") ?? 0)
        }
    }

    private static func neighbours(
        of sku: String, featureVersion: String, tenant: Tenant, in db: Database
    ) throws -> [ReferenceState.Neighbour] {
        try [("<", "DESC"), (">", "ASC")].flatMap { comparison, order in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT p.sku, p.version, (SELECT group_concat(b.view, ' ') FROM referenceBank b
                      WHERE b.tenant = p.tenant AND b.sku = p.sku AND b.version = p.version
                        AND b.featureVersion = ?) AS views
                    FROM referenceProduct p
                    WHERE p.tenant = ? AND p.sku \(comparison) ? AND EXISTS (
                      SELECT 1 FROM referencePhoto r WHERE r.tenant = p.tenant AND r.sku = p.sku
                        AND r.orderID IS NULL)
                    ORDER BY p.sku \(order) LIMIT ?
                    """,
                arguments: [featureVersion, tenant.description, sku, neighbourCountLimit]
            ).map { row in
                ReferenceState.Neighbour(
                    sku: row["sku"], version: row["version"],
                    views: try words(row["views"] ?? "").map { try word($0, PhotoView.self) })
            }
        }
    }
}
