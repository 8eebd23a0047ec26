import Crypto
import Foundation
internal import GRDB
import ReturnsDomain

/// A submission as it lies in the database, its photos in files of the vault.
///
/// AES-256-GCM with a random data key, which is wrapped; the parts are `submission-order`, JSON of
/// the members stated, and `submission-photo-INDEX`.
struct SealedSubmission: Sendable {
    let id: InspectionID
    let wrappedDataKey: Data
    let order: Data
    let photos: [Photo]
    let locale: String

    struct Photo: Sendable {
        let view: PhotoView
        /// The name of its file; nil in rows of versions that kept photos in the database.
        let name: String?
        /// The sealed bytes, unless they are in the file.
        let bytes: Data?
    }

    /// The photos that are to be written.
    var files: [PhotoVault.SealedPhoto] {
        photos.compactMap { photo in
            guard let name = photo.name, let bytes = photo.bytes else { return nil }
            return PhotoVault.SealedPhoto(name: name, bytes: bytes)
        }
    }

    /// Seals; blocks for as long as the bytes take.
    init(_ submission: WaitingSubmission, _ wrapping: KeyWrapping) throws {
        let owner = SealOwner(tenant: submission.tenant, inspection: submission.id)
        let key = SymmetricKey(size: .bits256)
        id = submission.id
        locale = submission.locale
        wrappedDataKey = try wrapping.wrap(key, for: owner)
        let members = Dictionary(
            uniqueKeysWithValues: submission.order.stated.map { ($0.key.rawValue, $0.value) })
        order = try Seal.close(
            JSONEncoder().encode(members), with: key, for: owner, part: "submission-order")
        let names = PhotoVault.names(count: submission.photos.count)
        photos = try submission.photos.enumerated().map { index, photo in
            Photo(
                view: photo.view, name: names[index],
                bytes: try Seal.close(
                    Data(photo.bytes), with: key, for: owner, part: "submission-photo-\(index)"))
        }
    }

    /// Reads one that waits; nil if there is none of this id.
    static func fetch(
        _ db: Database, tenant: Tenant, id: InspectionID
    ) throws -> SealedSubmission? {
        let arguments: StatementArguments = [tenant.description, id.description]
        let found = try Row.fetchOne(
            db,
            sql: "SELECT * FROM submission WHERE tenant = ? AND id = ? AND state = 'waiting'",
            arguments: arguments)
        guard let row = found, let key: Data = row["wrappedDataKey"],
            let order: Data = row["sealedOrder"]
        else { return nil }
        let photos = try Row.fetchAll(
            db,
            sql: """
                SELECT view, keptName, sealedBytes FROM submissionPhoto
                WHERE tenant = ? AND submission = ? ORDER BY photoIndex
                """,
            arguments: arguments
        ).map {
            Photo(
                view: try word($0["view"], PhotoView.self), name: $0["keptName"],
                bytes: $0["sealedBytes"])
        }
        return SealedSubmission(
            id: id, wrappedDataKey: key, order: order, photos: photos, locale: row["locale"])
    }

    private init(
        id: InspectionID, wrappedDataKey: Data, order: Data, photos: [Photo], locale: String
    ) {
        self.id = id
        self.wrappedDataKey = wrappedDataKey
        self.order = order
        self.photos = photos
        self.locale = locale
    }

    /// Reads the photos and opens everything; blocks for as long as the bytes take.
    func opened(
        _ tenant: Tenant, _ wrapping: KeyWrapping, _ vault: PhotoVault
    ) throws -> WaitingSubmission {
        let owner = SealOwner(tenant: tenant, inspection: id)
        let key = try wrapping.unwrap(wrappedDataKey, for: owner)
        let members = try JSONDecoder().decode(
            [String: String].self,
            from: Seal.open(order, with: key, for: owner, part: "submission-order"))
        let stated = Dictionary(
            uniqueKeysWithValues: members.compactMap { name, text in
                OrderData.Member(rawValue: name).map { ($0, text) }
            })
        let opened = try photos.enumerated().map { index, photo in
            let part = "submission-photo-\(index)"
            guard let sealed = try photo.bytes ?? photo.name.flatMap(vault.sealedBytes) else {
                throw CaseStoreError.databaseCorrupt(reason: "a photo of \(id) is missing")
            }
            let bytes = try Seal.open(sealed, with: key, for: owner, part: part)
            return WaitingSubmission.Photo(
                view: photo.view, bytes: [UInt8](bytes), sha256: sha256(bytes))
        }
        return WaitingSubmission(
            id: id, tenant: tenant, order: OrderData.parsed(stated).order, photos: opened,
            locale: locale)
    }
}
