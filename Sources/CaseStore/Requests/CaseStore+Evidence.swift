public import Foundation
internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// The plain bytes of one kept photo, for someone who is going to look at it.
    ///
    /// The audit log says who looked, durably, before a byte is opened.
    ///
    /// - Parameters:
    ///   - index: Which photo.
    ///   - inspection: Whose.
    ///   - actor: Who looks.
    ///   - reviewer: The name of the reviewer who looks in the actor's stead; nil for none.
    ///   - purpose: What for, such as `photo` or `heatmap`; goes into the log.
    /// - Throws: ``CaseStoreError/inspectionNotFound(_:)``,
    ///   ``CaseStoreError/inspectionErased(_:)``,
    ///   ``CaseStoreError/photoNotKept(_:index:)``, ``CaseStoreError/sealBroken(_:)``,
    ///   ``CaseStoreError/reviewerUnknown(name:)``.
    public func viewPhoto(
        _ index: Int, of inspection: InspectionID, actor: AuditActor, reviewer: String? = nil,
        purpose: String
    ) async throws(CaseStoreError) -> Data {
        try await write { transaction in
            let row = try Row.fetchOne(
                transaction.db,
                sql: """
                    SELECT erasedAt, EXISTS (SELECT 1 FROM photo WHERE tenant = i.tenant
                      AND inspection = i.id AND photoIndex = ? AND keptName IS NOT NULL) AS isKept
                    FROM inspection i WHERE i.tenant = ? AND i.id = ?
                    """,
                arguments: [index, transaction.tenant.description, inspection.description])
            guard let row else { throw CaseStoreError.inspectionNotFound(inspection) }
            guard row["erasedAt"] as Int64? == nil else {
                throw CaseStoreError.inspectionErased(inspection)
            }
            guard row["isKept"] == true else {
                throw CaseStoreError.photoNotKept(inspection, index: index)
            }
            let viewer = try reviewer.map { try transaction.reviewerID(named: $0) }
            if let viewer { try transaction.noteView(of: inspection, by: viewer) }
            _ = try transaction.appendAudit(
                AuditContent(
                    kind: .photoView, actor: viewer.map(AuditActor.reviewer) ?? actor,
                    inspection: inspection,
                    meta: ["photos": "1", "photo": String(index), "as": purpose]))
        }
        return try await photo(index, of: inspection)
    }
}
