import Foundation
internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// Accepts a submission that is to be inspected later, and answers its request, durably.
    ///
    /// Photos and order data are sealed with a data key of their own, as those of an inspection
    /// are. They stay until the inspection is recorded or has failed, the photos as files of the
    /// vault that are on the disk before the transaction.
    ///
    /// - Parameters:
    ///   - submission: What was sent.
    ///   - request: The request it came with.
    ///   - answer: What the client is told, now and whenever it asks again.
    public func accept(
        _ submission: WaitingSubmission, answering request: RequestKey, with answer: StoredAnswer
    ) async throws(CaseStoreError) {
        let (wrapping, vault) = (wrapping, vault)
        let (sealed, group): (SealedSubmission, PhotoVault.Group)
        do {
            (sealed, group) = try await photoWork.run {
                let sealed = try SealedSubmission(submission, wrapping)
                return (sealed, try vault.write(sealed.files))
            }
        } catch {
            throw CaseStoreError(error)
        }
        do {
            try await insert(sealed, answering: request, with: answer)
        } catch {
            if !error.leavesCommitUncertain { await discard(group) }
            throw error
        }
    }

    private func insert(
        _ sealed: SealedSubmission, answering request: RequestKey, with answer: StoredAnswer
    ) async throws(CaseStoreError) {
        try await write { transaction in
            try transaction.execute(
                """
                INSERT INTO submission (tenant, id, createdAt, state, wrappedDataKey, sealedOrder,
                  locale) VALUES (?, ?, ?, 'waiting', ?, ?, ?)
                """,
                [
                    sealed.id.description, transaction.now.millisecondsSince1970,
                    sealed.wrappedDataKey, sealed.order, sealed.locale,
                ])
            for (index, photo) in sealed.photos.enumerated() {
                try transaction.execute(
                    """
                    INSERT INTO submissionPhoto (tenant, submission, photoIndex, view, keptName)
                    VALUES (?, ?, ?, ?, ?)
                    """,
                    [sealed.id.description, index, photo.view.rawValue, photo.name])
            }
            try transaction.complete(request, with: answer, inspection: sealed.id)
        }
    }

    /// The submissions that wait, of all tenants, the oldest first.
    public func waitingSubmissions() async throws(CaseStoreError) -> [(
        tenant: Tenant, id: InspectionID
    )] {
        try await read { db in
            let sql = "SELECT tenant, id FROM submission WHERE state = 'waiting' ORDER BY id"
            return try Row.fetchAll(db, sql: sql).map { row in
                guard let tenant = Tenant(row["tenant"] as String) else {
                    throw CaseStoreError.databaseCorrupt(reason: "a submission of no tenant")
                }
                return (tenant, try identifier(row["id"], InspectionID.self))
            }
        }
    }

    /// A submission that waits, opened; nil if it does not wait any more.
    public func waitingSubmission(
        _ id: InspectionID
    ) async throws(CaseStoreError) -> WaitingSubmission? {
        let (tenant, wrapping, vault) = (tenant, wrapping, vault)
        let sealed = try await read { db in
            try SealedSubmission.fetch(db, tenant: tenant, id: id)
        }
        guard let sealed else { return nil }
        do {
            return try await photoWork.run { try sealed.opened(tenant, wrapping, vault) }
        } catch {
            throw CaseStoreError(error)
        }
    }

    /// Notes why a submission cannot be inspected; its photos and order data are removed.
    public func failSubmission(
        _ id: InspectionID, code: String, message: String
    ) async throws(CaseStoreError) {
        let names = try await write { transaction in
            let names = try transaction.waitingFiles(of: id)
            try transaction.execute(
                "DELETE FROM submissionPhoto WHERE tenant = ? AND submission = ?",
                [id.description])
            try transaction.execute(
                """
                UPDATE submission SET state = 'failed', wrappedDataKey = NULL, sealedOrder = NULL,
                  failureCode = ?3, failureMessage = ?4
                WHERE tenant = ?1 AND id = ?2 AND state = 'waiting'
                """,
                [id.description, code, message])
            return names
        }
        await discardWaited(names)
    }

    /// Records an inspection together with the answer to the request that asked for it, and ends
    /// the submission that waited for it, all in one durable transaction.
    ///
    /// - Parameters:
    ///   - record: The inspection.
    ///   - request: The request, which is running; nil for one that was answered before.
    ///   - staging: Where its photos are already; nil if they come with the record. The store
    ///     looks after them from here on, whatever happens.
    ///   - answer: Makes the answer from where the inspection was recorded.
    /// - Returns: The answer that is kept.
    public func record(
        _ record: InspectionRecord, answering request: RequestKey?,
        staging: PhotoStaging? = nil,
        with answer: @escaping @Sendable (RecordedInspection) throws -> StoredAnswer
    ) async throws(CaseStoreError) -> StoredAnswer {
        let id = record.adjudication.id
        let (answer, names) = try await self.record([record], staging: staging) {
            transaction, recorded in
            guard let inspection = recorded.first else {
                throw CaseStoreError.recordInvalid(id, reason: "it was not recorded")
            }
            let answer = try answer(inspection)
            if let request { try transaction.complete(request, with: answer, inspection: id) }
            let names = try transaction.waitingFiles(of: id)
            try transaction.execute(
                "DELETE FROM submission WHERE tenant = ? AND id = ?", [id.description])
            return (answer, names)
        }
        await discardWaited(names)
        return answer
    }

    /// Where an inspection stands; nil if there is none of this id.
    public func standing(
        of id: InspectionID
    ) async throws(CaseStoreError) -> InspectionStanding? {
        let tenant = tenant
        let waiting: InspectionStanding? = try await read { db in
            let arguments: StatementArguments = [tenant.description, id.description]
            let submission = try Row.fetchOne(
                db, sql: "SELECT * FROM submission WHERE tenant = ? AND id = ?",
                arguments: arguments)
            if let submission {
                let since = timestamp(submission["createdAt"])
                guard let code: String = submission["failureCode"] else {
                    return .waiting(since: since)
                }
                return .failed(
                    since: since, code: code, message: submission["failureMessage"] ?? "")
            }
            let isErased = try Bool.fetchOne(
                db,
                sql: "SELECT erasedAt IS NOT NULL FROM inspection WHERE tenant = ? AND id = ?",
                arguments: arguments)
            return isErased == true ? .erased : nil
        }
        if let waiting { return waiting }
        return try await adjudication(of: id).map { .adjudicated($0) }
    }
}

extension CaseStore {
    /// Removes the files of a submission whose transaction is durable.
    private func discardWaited(_ names: [String]) async {
        guard !names.isEmpty else { return }
        let vault = vault
        try? await photoWork.run { vault.discardWaited(names) }
    }
}

extension StoreTransaction {
    /// The names of a waiting submission's files, in the order of its photos.
    fileprivate func waitingFiles(of id: InspectionID) throws -> [String] {
        try String.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT keptName FROM submissionPhoto
                    WHERE tenant = ? AND submission = ? AND keptName IS NOT NULL
                    ORDER BY photoIndex
                    """),
            arguments: [tenant.description, id.description])
    }
}
