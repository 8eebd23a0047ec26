public import Foundation
internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// The plain bytes of an inspection's kept photos, for someone who is going to look at them.
    ///
    /// The audit log says who looked, durably, before a byte is opened.
    ///
    /// - Parameters:
    ///   - inspection: Whose photos.
    ///   - reviewer: The name of the reviewer who looks; nil for whoever runs the command line.
    /// - Returns: The kept photos by their index; empty if none were kept.
    /// - Throws: ``CaseStoreError/inspectionNotFound(_:)``,
    ///   ``CaseStoreError/reviewerUnknown(name:)``, ``CaseStoreError/sealBroken(_:)``.
    public func viewPhotos(
        of inspection: InspectionID, reviewer: String?
    ) async throws(CaseStoreError) -> [(index: Int, bytes: Data)] {
        let kept = try await write { transaction in
            let (tenant, id) = (transaction.tenant.description, inspection.description)
            let viewer = try reviewer.map { try transaction.reviewerID(named: $0) }
            let isKnown = try Bool.fetchOne(
                transaction.db,
                sql: "SELECT EXISTS (SELECT 1 FROM inspection WHERE tenant = ? AND id = ?)",
                arguments: [tenant, id])
            guard isKnown == true else { throw CaseStoreError.inspectionNotFound(inspection) }
            let kept = try Int.fetchAll(
                transaction.db,
                sql: """
                    SELECT photoIndex FROM photo
                    WHERE tenant = ? AND inspection = ? AND keptName IS NOT NULL
                    ORDER BY photoIndex
                    """,
                arguments: [tenant, id])
            if let viewer { try transaction.noteView(of: inspection, by: viewer) }
            _ = try transaction.appendAudit(
                AuditContent(
                    kind: .photoView, actor: viewer.map(AuditActor.reviewer) ?? .operatorOnHost,
                    inspection: inspection,
                    meta: ["photos": String(kept.count)]))
            return kept
        }
        var photos: [(index: Int, bytes: Data)] = []
        for index in kept { photos.append((index, try await photo(index, of: inspection))) }
        return photos
    }
}
