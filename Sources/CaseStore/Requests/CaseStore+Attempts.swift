import Foundation
internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// How many further attempts an inspection may have after its first photos.
    public static let attemptCountLimit = 3

    /// What another attempt at an inspection starts from.
    ///
    /// - Throws: ``CaseStoreError/inspectionNotFound(_:)``,
    ///   ``CaseStoreError/inspectionErased(_:)``, ``CaseStoreError/retakeNotAsked(_:)``,
    ///   ``CaseStoreError/attemptLimitReached(_:limit:)``.
    public func nextAttempt(
        at inspection: InspectionID
    ) async throws(CaseStoreError) -> NextAttempt {
        let tenant = tenant
        let number = try await read { db in
            try AttemptState(of: inspection, tenant: tenant, in: db).nextNumber()
        }
        let adjudications = try await adjudications(of: inspection)
        guard let standing = adjudications.last else { throw .inspectionNotFound(inspection) }
        let indexes = adjudications.flatMap {
            $0.photos.map(\.index) + $0.undecodablePhotos.map(\.index)
        }
        return NextAttempt(
            number: number, firstPhotoIndex: (indexes.max() ?? -1) + 1, standing: standing)
    }

    /// Records what another attempt came to, with the answer to its request, in one transaction.
    ///
    /// The photos join those of the inspection, sealed with its key; the new adjudication stands
    /// from now on.
    ///
    /// - Parameters:
    ///   - record: Its adjudication has the inspection's id; its photos are the new ones.
    ///   - attempt: What it started from.
    ///   - request: The request, which is running.
    ///   - answer: Makes the answer from where it was recorded.
    /// - Returns: The answer that is kept.
    /// - Throws: As ``nextAttempt(at:)``, and ``CaseStoreError/retakeNotAsked(_:)`` also if
    ///   anything was decided since.
    public func record(
        _ record: InspectionRecord, as attempt: NextAttempt, answering request: RequestKey,
        with answer: @escaping @Sendable (RecordedInspection) throws -> StoredAnswer
    ) async throws(CaseStoreError) -> StoredAnswer {
        let id = record.adjudication.id
        let (tenant, wrapping) = (tenant, wrapping)
        let owner = SealOwner(tenant: tenant, inspection: id)
        let (salt, wrappedDataKey) = try await read { db in
            try AttemptState(of: id, tenant: tenant, in: db).secrets()
        }
        return try await commit { _ in
            let secrets = InspectionSecrets(
                salt: salt, dataKey: try wrapping.unwrap(wrappedDataKey, for: owner))
            let keptCount = record.photos.count { $0.keptBytes != nil }
            var names = PhotoVault.names(count: keptCount)[...]
            return [
                try PreparedRecord(
                    record, secrets: secrets, wrappedDataKey: wrappedDataKey, owner: owner,
                    names: &names)
            ]
        } inserting: { transaction, prepared in
            guard let record = prepared.first else {
                throw CaseStoreError.recordInvalid(id, reason: "it was not prepared")
            }
            let recorded = try transaction.insert(record, as: attempt)
            let answer = try answer(recorded)
            try transaction.complete(request, with: answer, inspection: id)
            return answer
        }
    }
}

/// What of an inspection's row matters to another attempt.
private struct AttemptState {
    private let inspection: InspectionID
    private let row: Row

    init(of inspection: InspectionID, tenant: Tenant, in db: Database) throws {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT outcome, erasedAt, salt, wrappedDataKey,
                  (SELECT MAX(attempt) FROM photo p
                   WHERE p.tenant = i.tenant AND p.inspection = i.id) AS attempts,
                  (SELECT MAX(auditSeq) FROM adjudication a
                   WHERE a.tenant = i.tenant AND a.inspection = i.id) AS auditSeq
                FROM inspection i WHERE tenant = ? AND id = ?
                """,
            arguments: [tenant.description, inspection.description])
        guard let row else { throw CaseStoreError.inspectionNotFound(inspection) }
        guard row["erasedAt"] as Int64? == nil else {
            throw CaseStoreError.inspectionErased(inspection)
        }
        self.inspection = inspection
        self.row = row
    }

    /// Where the audit log commits to the adjudication that stands.
    var standingAuditSeq: Int64? { row["auditSeq"] }

    /// The number that another attempt would have, from 2.
    func nextNumber() throws -> Int {
        guard row["outcome"] == Outcome.retake.rawValue else {
            throw CaseStoreError.retakeNotAsked(inspection)
        }
        let number = (row["attempts"] ?? 1) + 1
        let limit = CaseStore.attemptCountLimit
        guard number - 1 <= limit else {
            throw CaseStoreError.attemptLimitReached(inspection, limit: limit)
        }
        return number
    }

    func secrets() throws -> (salt: Data, wrappedDataKey: Data) {
        guard let salt: Data = row["salt"], let key: Data = row["wrappedDataKey"] else {
            throw CaseStoreError.inspectionErased(inspection)
        }
        return (salt, key)
    }
}

extension StoreTransaction {
    /// Inserts what another attempt came to, unless the case went on since it started.
    fileprivate func insert(
        _ record: PreparedRecord, as attempt: NextAttempt
    ) throws -> RecordedInspection {
        let adjudication = record.adjudication
        let state = try AttemptState(of: adjudication.id, tenant: tenant, in: db)
        guard try state.nextNumber() == attempt.number,
            state.standingAuditSeq == attempt.standing.audit?.seq
        else { throw CaseStoreError.retakeNotAsked(adjudication.id) }
        try noteChanges(to: record.decidingVersions)
        for photo in record.photos {
            try insert(photo, of: adjudication.id, attempt: attempt.number)
        }
        let (seq, audit) = try appendAdjudication(
            adjudication, document: record.document, salt: record.salt, kind: .decision,
            actor: .machine, meta: ["attempt": String(attempt.number)])
        try setStanding(adjudication)
        try appendIfAsked(.imageSubmitted, adjudication)
        let task = try tellAndAsk(record, adjudicationSeq: seq)
        return RecordedInspection(id: adjudication.id, audit: audit, reviewTask: task)
    }
}
