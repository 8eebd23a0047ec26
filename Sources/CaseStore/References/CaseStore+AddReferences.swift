import Foundation
internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// How many reference photos may stand for one product.
    public static let referenceCountLimit = 200
    /// How many reference photos one order's own item may have.
    public static let orderReferenceCountLimit = 12

    /// Adds photos to a product's references, durably; audited.
    ///
    /// A photo that is there already, by the hash of its bytes, its view, role and order, is left
    /// as it is, so that asking twice adds once.
    ///
    /// - Parameters:
    ///   - photos: At most ``groupCountLimit``, each with the bytes to keep.
    ///   - sku: The product.
    ///   - actor: Who adds them.
    /// - Throws: ``ReferenceStoreError/limitReached(limit:)``,
    ///   ``ReferenceStoreError/exists(_:)`` if somebody added one of them at the same moment;
    ///   nothing is added then.
    @discardableResult
    public func addReferences(
        _ photos: [NewReferencePhoto], to sku: String, actor: AuditActor = .operatorOnHost
    ) async throws(CaseStoreError) -> AddedReferences {
        precondition(
            photos.count <= Self.groupCountLimit,
            "\(photos.count) photos, more than the limit of \(Self.groupCountLimit)")
        let tenant = tenant
        let known = try await read { db in
            try photos.map { try Self.reference(like: $0, of: sku, tenant: tenant, in: db) }
        }
        // The same picture twice in one call is one picture.
        var seen: Set<ContentHash> = []
        let new = zip(photos, known).filter { photo, known in
            known == nil && seen.insert(photo.photo.sha256).inserted
        }.map(\.0)
        let added = try await insert(new, of: sku, actor: actor)
        let byHash = Dictionary(added.map { ($0.sha256, $0) }, uniquingKeysWith: { $1 })
        return AddedReferences(
            photos: zip(photos, known).compactMap { $1 ?? byHash[$0.photo.sha256] },
            newCount: added.count)
    }

    private func insert(
        _ photos: [NewReferencePhoto], of sku: String, actor: AuditActor
    ) async throws(CaseStoreError) -> [ReferencePhoto] {
        guard !photos.isEmpty else { return [] }
        let (tenant, wrapping, vault, now) = (tenant, wrapping, vault, clock.now())
        let (sealed, group): ([SealedReference], PhotoVault.Group)
        do {
            (sealed, group) = try await photoWork.run {
                let names = PhotoVault.names(count: photos.count)
                // Of one moment, and yet in the order of the photos.
                let ids = photos.map { _ in ReferencePhotoID(at: now) }.sorted()
                let sealed = try photos.indices.map { index in
                    try SealedReference(
                        photos[index], id: ids[index], named: names[index], tenant: tenant,
                        wrapping)
                }
                return (sealed, try vault.write(sealed.map(\.file)))
            }
        } catch {
            throw CaseStoreError(error)
        }
        let added: [ReferencePhoto]
        do {
            added = try await write { try $0.insert(sealed, of: sku, actor: actor) }
        } catch {
            if !error.leavesCommitUncertain { await discard(group) }
            throw error
        }
        try? await photoWork.run { vault.keep(group) }
        return added
    }

    /// The photo that is there already, if any.
    private static func reference(
        like new: NewReferencePhoto, of sku: String, tenant: Tenant, in db: Database
    ) throws -> ReferencePhoto? {
        try Row.fetchOne(
            db,
            sql: """
                SELECT * FROM referencePhoto WHERE tenant = ? AND sku = ? AND view = ?
                  AND role = ? AND COALESCE(orderID, '') = ? AND sha256 = ?
                """,
            arguments: [
                tenant.description, sku, new.photo.view.rawValue, new.role.rawValue,
                new.orderID ?? "", new.photo.sha256.description,
            ]
        ).map { try ReferencePhoto(row: $0) }
    }
}

extension StoreTransaction {
    fileprivate func insert(
        _ references: [SealedReference], of sku: String, actor: AuditActor
    ) throws -> [ReferencePhoto] {
        let version = try nextReferenceVersion(of: sku)
        for reference in references {
            try execute(
                """
                INSERT INTO referencePhoto (tenant, id, sku, role, view, orderID, inspection,
                  sha256, format, width, height, keptName, keptByteCount, wrappedDataKey, addedAt,
                  addedBy, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    reference.id.description, sku, reference.role.rawValue,
                    reference.photo.view.rawValue, reference.orderID,
                    reference.inspection?.description, reference.photo.sha256.description,
                    reference.photo.format, reference.photo.width, reference.photo.height,
                    reference.file.name, reference.keptByteCount, reference.wrappedDataKey,
                    now.millisecondsSince1970, "\(actor.type) \(actor.id)", version,
                ])
        }
        try checkReferenceCounts(of: sku, orders: Set(references.map(\.orderID)))
        _ = try appendAudit(
            AuditContent(
                kind: .referenceAdded, actor: actor, inspection: references.first?.inspection,
                meta: [
                    "sku": sku, "photos": String(references.count), "version": String(version),
                    "roles": wordList(Set(references.map(\.role.rawValue)).sorted()),
                ]))
        return try references.map { reference in
            let row = try Row.fetchOne(
                db, sql: "SELECT * FROM referencePhoto WHERE tenant = ? AND id = ?",
                arguments: [tenant.description, reference.id.description])
            guard let row else { throw CaseStoreError.reference(.notFound(reference.id)) }
            return try ReferencePhoto(row: row)
        }
    }

    private func checkReferenceCounts(of sku: String, orders: Set<String?>) throws {
        for order in orders {
            let limit =
                order == nil
                ? CaseStore.referenceCountLimit : CaseStore.orderReferenceCountLimit
            let count = try Int.fetchOne(
                db,
                sql: """
                    SELECT COUNT(*) FROM referencePhoto
                    WHERE tenant = ? AND sku = ? AND orderID IS ?
                    """,
                arguments: [tenant.description, sku, order])
            guard let count, count <= limit else {
                throw CaseStoreError.reference(.limitReached(limit: limit))
            }
        }
    }
}
