import Foundation
internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// How many inspections one transaction takes; bounds its memory and how long others wait.
    public static let groupCountLimit = 256

    /// Records inspections in one durable transaction: all of them or none.
    ///
    /// Per inspection: order data, photos' metadata, the adjudication, its audit entry, the review
    /// task and the outgoing events. Photos to keep are sealed and on the disk before the
    /// transaction commits. Several inspections at once cost little more than one.
    ///
    /// - Parameter records: At most ``groupCountLimit``; their order is that of the audit log.
    /// - Returns: What was recorded, in the same order; durable.
    /// - Throws: ``CaseStoreError/inspectionExists(_:)``,
    ///   ``CaseStoreError/batchItemRecorded(item:)``,
    ///   ``CaseStoreError/recordInvalid(_:reason:)`` and what the disk and the database may throw;
    ///   in every case nothing of the group remains.
    @discardableResult
    public func record(
        _ records: [InspectionRecord]
    ) async throws(CaseStoreError) -> [RecordedInspection] {
        precondition(
            records.count <= Self.groupCountLimit,
            "\(records.count) records, more than the limit of \(Self.groupCountLimit)")
        guard !records.isEmpty else { return [] }
        return try await record(records) { _, recorded in recorded }
    }

    /// Records inspections and, in the same transaction, what follows from their being recorded.
    ///
    /// - Parameters:
    ///   - staging: Where photos of one of them are already; nil if all come with the records.
    ///   - following: Called once everything of the group is written; what it throws undoes the
    ///     group.
    func record<Value: Sendable>(
        _ records: [InspectionRecord], staging: PhotoStaging? = nil,
        following: @escaping @Sendable (StoreTransaction, [RecordedInspection]) throws -> Value
    ) async throws(CaseStoreError) -> Value {
        let (tenant, wrapping) = (tenant, wrapping)
        return try await commit(staging: staging) { staged in
            try Self.prepare(records, staging, staged, tenant: tenant, wrapping: wrapping)
        } inserting: { transaction, prepared in
            try following(transaction, try prepared.map { try transaction.insert($0) })
        }
    }

    /// Puts photos on the disk, then commits the rows that name them.
    ///
    /// - Parameters:
    ///   - staging: Photos that are on their way to the disk already; waited for first.
    ///   - prepare: Seals the others; may block.
    ///   - insert: Writes the rows; what it throws undoes everything.
    func commit<Value: Sendable>(
        staging: PhotoStaging? = nil,
        preparing prepare: @escaping @Sendable ([Int: StagedPhoto]) throws -> [PreparedRecord],
        inserting insert:
            @escaping @Sendable (StoreTransaction, [PreparedRecord]) throws -> Value
    ) async throws(CaseStoreError) -> Value {
        let vault = vault
        let prepared: [PreparedRecord]
        let group: PhotoVault.Group
        do {
            let staged = try await staging?.photos() ?? [:]
            (prepared, group) = try await photoWork.run {
                let prepared = try prepare(staged)
                return (prepared, try vault.write(prepared.flatMap(\.keptPhotos)))
            }
        } catch {
            await staging?.discard()
            throw CaseStoreError(error)
        }
        let value: Value
        do {
            value = try await write { try insert($0, prepared) }
        } catch {
            if !error.leavesCommitUncertain {
                await discard(group)
                await staging?.discard()
            }
            throw error
        }
        try? await photoWork.run { vault.keep(group) }
        await staging?.settle(named: Set(prepared.flatMap(\.photos).map(\.index)))
        return value
    }

    /// Removes photos that no row can name.
    func discard(_ group: PhotoVault.Group) async {
        let vault = vault
        // The failure that led here is the one to report; what cannot be removed is swept later.
        try? await photoWork.run { vault.discard(group) }
    }

    /// Draws secrets and seals, outside of the transaction: it is the costly part.
    private static func prepare(
        _ records: [InspectionRecord], _ staging: PhotoStaging?, _ staged: [Int: StagedPhoto],
        tenant: Tenant, wrapping: KeyWrapping
    ) throws -> [PreparedRecord] {
        let keptCount = records.reduce(0) { $0 + $1.photos.count { $0.keptBytes != nil } }
        var names = PhotoVault.names(count: keptCount)[...]
        return try records.map { record in
            let id = record.adjudication.id
            let staging = staging?.inspection == id ? staging : nil
            let secrets = staging?.secrets ?? .random()
            let owner = SealOwner(tenant: tenant, inspection: id)
            return try PreparedRecord(
                record, secrets: secrets,
                wrappedDataKey: wrapping.wrap(secrets.dataKey, for: owner), owner: owner,
                names: &names, staged: staging == nil ? [:] : staged)
        }
    }
}

/// A record with everything computed that needs no database.
struct PreparedRecord: Sendable {
    let adjudication: Adjudication
    let consent: String?
    let reviewTask: ReviewTaskDraft?
    let batchItem: BatchItem?
    let decidingVersions: [DecidingVersion]
    let document: Data
    let salt: Data
    let wrappedDataKey: Data
    let sealedStatement: Data?
    let photos: [PhotoRow]
    let keptPhotos: [PhotoVault.SealedPhoto]

    /// One row of the table `photo`.
    struct PhotoRow: Sendable {
        let index: Int
        let sha256: ContentHash
        let byteCount: Int
        let view: PhotoView
        let format: String
        let width: Int
        let height: Int
        let removedMetadata: [String]
        let metadataSigns: [String]
        let look: UInt64?
        let kept: Kept?
    }

    /// What is known of a kept photo's plain bytes.
    struct Kept: Sendable {
        let name: String
        let sha256: ContentHash
        let byteCount: Int
    }

    /// Seals with the inspection's secrets what is not on the disk yet.
    ///
    /// - Parameters:
    ///   - names: For the files of the photos that come with the record; used up from the front.
    ///   - staged: Photos sealed with the same secrets before, by index.
    init(
        _ record: InspectionRecord, secrets: InspectionSecrets, wrappedDataKey: Data,
        owner: SealOwner, names: inout ArraySlice<String>, staged: [Int: StagedPhoto] = [:]
    ) throws {
        let id = record.adjudication.id
        let needsTask = record.adjudication.decision.outcome == .humanReview
        let hasTask = record.reviewTask.map { $0.purpose == .review } ?? false
        let isSample = record.reviewTask?.purpose == .auditSample
        guard needsTask == hasTask, !isSample || record.adjudication.decision.outcome.isFinal
        else {
            throw CaseStoreError.recordInvalid(
                id,
                reason: "outcome is \(record.adjudication.decision.outcome.rawValue) but a "
                    + "review task is \(needsTask ? "missing" : "present")")
        }
        adjudication = record.adjudication
        consent = record.consent
        reviewTask = record.reviewTask
        batchItem = record.batchItem
        decidingVersions = record.decidingVersions
        do {
            document = try record.adjudication.storedBytes()
        } catch {
            throw CaseStoreError.recordInvalid(id, reason: "\(error)")
        }
        salt = secrets.salt
        self.wrappedDataKey = wrappedDataKey
        sealedStatement = try record.statement.map {
            try Seal.close(Data($0.utf8), with: secrets.dataKey, for: owner, part: "statement")
        }
        var rows: [PhotoRow] = []
        var files: [PhotoVault.SealedPhoto] = []
        for photo in record.photos {
            var kept = staged[photo.index]?.kept
            if kept == nil, let bytes = photo.keptBytes, let name = names.popFirst() {
                kept = Kept(name: name, sha256: sha256(bytes), byteCount: bytes.count)
                let part = "photo-\(photo.index)"
                try files.append(
                    PhotoVault.SealedPhoto(
                        name: name,
                        bytes: Seal.close(bytes, with: secrets.dataKey, for: owner, part: part)))
            }
            rows.append(PhotoRow(photo, kept: kept))
        }
        photos = rows
        keptPhotos = files
    }
}

extension PreparedRecord.PhotoRow {
    fileprivate init(_ photo: ReceivedPhoto, kept: PreparedRecord.Kept?) {
        self.init(
            index: photo.index, sha256: photo.sha256, byteCount: photo.byteCount, view: photo.view,
            format: photo.format, width: photo.width, height: photo.height,
            removedMetadata: photo.removedMetadata, metadataSigns: photo.metadataSigns,
            look: photo.look, kept: kept)
    }
}
