import Crypto
import Foundation
internal import GRDB
import ReturnsDomain

extension ReferencePhoto {
    /// Reads a row of the table `referencePhoto`.
    init(row: Row) throws {
        guard let sha256 = ContentHash(row["sha256"] as String) else {
            throw CaseStoreError.databaseCorrupt(reason: "reference photo without a hash")
        }
        self.init(
            id: try identifier(row["id"], ReferencePhotoID.self), sku: row["sku"],
            role: try word(row["role"], ReferenceRole.self),
            view: try word(row["view"], PhotoView.self), orderID: row["orderID"],
            inspection: try (row["inspection"] as String?).map {
                try identifier($0, InspectionID.self)
            },
            sha256: sha256, format: row["format"], width: row["width"], height: row["height"],
            byteCount: row["keptByteCount"], addedAt: timestamp(row["addedAt"]),
            addedBy: row["addedBy"], version: row["version"])
    }
}

/// A reference photo sealed with a data key of its own, so that removing it destroys the key.
struct SealedReference: Sendable {
    let id: ReferencePhotoID
    let role: ReferenceRole
    let orderID: String?
    let inspection: InspectionID?
    let photo: ReceivedPhoto
    let keptByteCount: Int
    let wrappedDataKey: Data
    let file: PhotoVault.SealedPhoto

    /// Seals; blocks for as long as the bytes take.
    init(
        _ reference: NewReferencePhoto, id: ReferencePhotoID, named name: String, tenant: Tenant,
        _ wrapping: KeyWrapping
    ) throws {
        guard let bytes = reference.photo.keptBytes else {
            throw CaseStoreError.reference(.invalid(reason: "there are no bytes to keep"))
        }
        self.id = id
        role = reference.role
        orderID = reference.orderID
        inspection = reference.inspection
        photo = reference.photo
        keptByteCount = bytes.count
        let owner = SealOwner(tenant: tenant, reference: id)
        let key = SymmetricKey(size: .bits256)
        wrappedDataKey = try wrapping.wrap(key, for: owner)
        file = PhotoVault.SealedPhoto(
            name: name, bytes: try Seal.close(bytes, with: key, for: owner, part: "reference"))
    }
}

extension StoreTransaction {
    /// Counts a change of a product's references.
    ///
    /// - Returns: The version from now on.
    func nextReferenceVersion(of sku: String) throws -> Int {
        let version = try Int.fetchOne(
            db.cachedStatement(
                sql: """
                    INSERT INTO referenceProduct (tenant, sku, version, changedAt)
                    VALUES (?1, ?2, 1, ?3)
                    ON CONFLICT DO UPDATE SET version = version + 1, changedAt = ?3
                    RETURNING version
                    """),
            arguments: [tenant.description, sku, now.millisecondsSince1970])
        guard let version else {
            throw CaseStoreError.database(code: 0, reason: "no version was returned")
        }
        return version
    }
}
