import Foundation
internal import GRDB
import ReturnsDomain

/// Reference photos with everything that goes with them.
struct ReferenceTraces: Sendable {
    /// Their ids.
    let ids: [ReferencePhotoID]
    /// Their products.
    let skus: Set<String>
    /// The files of the photos, and of every bank of their products.
    let keptNames: [String]
    /// Texts that may not be found in the files afterwards.
    let words: [String]

    /// Those of a product.
    init(
        _ selection: ReferenceSelection, of sku: String, tenant: Tenant, in db: Database
    ) throws {
        let (condition, argument): (String, String?) =
            switch selection {
            case .all: ("?3 IS NULL", nil)
            case .photo(let id): ("id = ?3", id.description)
            case .order(let order): ("orderID = ?3", order)
            }
        try self.init(
            where: "sku = ?2 AND \(condition)", [sku, argument], tenant: tenant, in: db)
    }

    /// Those of an inspection's item: of its order, and those that were taken from it.
    init(of inspection: InspectionID, tenant: Tenant, in db: Database) throws {
        try self.init(
            where: ErasureRules.referenceOfCase, [inspection.description], tenant: tenant, in: db)
    }

    /// Those that a tombstone names or that are of its case.
    init(erasedBy tombstone: Tombstone, tenant: Tenant, in db: Database) throws {
        try self.init(
            where: "(\(ErasureRules.referenceOfCase) OR id IN (SELECT value FROM json_each(?3)))",
            [tombstone.inspection.description, Self.list(tombstone.references ?? [])],
            tenant: tenant, in: db)
    }

    /// Those that a tombstone of reference photos names.
    init(named tombstone: ReferenceTombstone, tenant: Tenant, in db: Database) throws {
        try self.init(
            where: "id IN (SELECT value FROM json_each(?2))", [Self.list(tombstone.references)],
            tenant: tenant, in: db)
    }

    /// The promise that they stay removed.
    func tombstone(of tenant: Tenant, at moment: Timestamp) -> ReferenceTombstone {
        ReferenceTombstone(at: moment, references: ids, tenant: tenant.description)
    }

    /// Those of orders' own items that were added before a moment, and are under no hold.
    init(ofOrdersBefore moment: Timestamp, tenant: Tenant, in db: Database) throws {
        try self.init(
            where: """
                orderID IS NOT NULL AND addedAt < CAST(?2 AS INTEGER) AND NOT EXISTS (
                  SELECT 1 FROM inspection i
                  JOIN legalHold h ON h.tenant = i.tenant AND h.inspection = i.id
                  WHERE i.tenant = ?1 AND i.orderID = referencePhoto.orderID)
                """,
            [String(moment.millisecondsSince1970)], tenant: tenant, in: db)
    }

    /// The ids of those of an inspection's item; nil if there are none.
    static func ids(
        of inspection: InspectionID, tenant: Tenant, in db: Database
    ) throws -> [ReferencePhotoID]? {
        let ids = try ReferenceTraces(of: inspection, tenant: tenant, in: db).ids
        return ids.isEmpty ? nil : ids
    }

    /// Ids as a JSON array.
    private static func list(_ ids: [ReferencePhotoID]) throws -> String {
        String(decoding: try JSONEncoder().encode(ids), as: UTF8.self)
    }

    private init(
        where condition: String, _ arguments: [String?], tenant: Tenant, in db: Database
    ) throws {
        let all: [(any DatabaseValueConvertible)?] = [tenant.description] + arguments
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT id, sku, sha256, keptName FROM referencePhoto
                WHERE tenant = ?1 AND \(condition) ORDER BY id
                """,
            arguments: StatementArguments(all))
        ids = try rows.map { try identifier($0["id"], ReferencePhotoID.self) }
        skus = Set(rows.map { $0["sku"] as String })
        let banks = try skus.flatMap { sku in
            try String.fetchAll(
                db, sql: "SELECT keptName FROM referenceBank WHERE tenant = ? AND sku = ?",
                arguments: [tenant.description, sku])
        }
        keptNames = rows.map { $0["keptName"] } + banks
        words = ids.map(\.description) + keptNames + rows.map { $0["sha256"] }
    }
}
