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
    ///   - purpose: What for, such as `photo` or `heatmap`; goes into the log.
    /// - Throws: ``CaseStoreError/inspectionNotFound(_:)``,
    ///   ``CaseStoreError/photoNotKept(_:index:)``, ``CaseStoreError/sealBroken(_:)``.
    public func viewPhoto(
        _ index: Int, of inspection: InspectionID, actor: AuditActor, purpose: String
    ) async throws(CaseStoreError) -> Data {
        try await write { transaction in
            let isKept = try Bool.fetchOne(
                transaction.db,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM photo WHERE tenant = i.tenant
                      AND inspection = i.id AND photoIndex = ? AND keptName IS NOT NULL)
                    FROM inspection i WHERE i.tenant = ? AND i.id = ?
                    """,
                arguments: [index, transaction.tenant.description, inspection.description])
            guard let isKept else { throw CaseStoreError.inspectionNotFound(inspection) }
            guard isKept else { throw CaseStoreError.photoNotKept(inspection, index: index) }
            _ = try transaction.appendAudit(
                AuditContent(
                    kind: .photoView, actor: actor, inspection: inspection,
                    meta: ["photos": "1", "photo": String(index), "as": purpose]))
        }
        return try await photo(index, of: inspection)
    }
}
