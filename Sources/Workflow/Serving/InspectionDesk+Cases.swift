import CaseStore
public import Foundation
public import ReturnsDomain

extension InspectionDesk {
    /// Opens a review of a case by someone who has not seen it, for a customer who disagrees.
    ///
    /// - Parameters:
    ///   - inspection: The case; it has an adjudication.
    ///   - statement: What the customer says.
    ///   - request: The request that enters it.
    ///   - caller: Who sent it.
    ///   - word: Makes the answer that is kept.
    /// - Throws: ``Failure`` with code `review_pending`, `appeal_limit_reached`,
    ///   `comment_too_long` or `inspection_not_found`.
    public func appeal(
        _ inspection: InspectionID, statement: String?, request: NamedRequest,
        caller: APIKeyID, word: @escaping @Sendable (ReviewTaskID) throws -> StoredAnswer
    ) async throws -> SubmissionResult {
        let store = store(of: request.tenant)
        return try await once(request, refused: { _ in nil }) {
            let standing = try await store.adjudication(of: inspection)
            let task = try await store.openAppeal(
                inspection, statement: statement,
                draft: inspector.appealDraft(order: standing?.order ?? OrderData()),
                actor: .key(caller), answering: KeptAnswer(to: request.key, word: word))
            exportSoon()
            return try word(task)
        }
    }

    /// Records what the warehouse found.
    ///
    /// - Parameters:
    ///   - truth: What it found.
    ///   - inspection: The case.
    ///   - request: The request that states it.
    ///   - caller: Who sent it.
    ///   - word: Makes the answer that is kept.
    /// - Throws: ``Failure`` with code `inspection_not_found`.
    public func recordTruth(
        _ truth: Truth, of inspection: InspectionID, request: NamedRequest, caller: APIKeyID,
        word: @escaping @Sendable (Truth) throws -> StoredAnswer
    ) async throws -> SubmissionResult {
        let store = store(of: request.tenant)
        return try await once(request, refused: { _ in nil }) {
            let recorded = try await store.recordTruth(
                truth, of: inspection, actor: .key(caller),
                answering: KeptAnswer(to: request.key, word: word))
            exportSoon()
            return try word(recorded)
        }
    }

    /// Proof that the decision which stands is in the audit log, one line of JSON.
    ///
    /// The audit log says once for each decision that its receipt, and with it the salt of its
    /// commitment, left the house; asking again adds nothing.
    ///
    /// - Throws: ``Failure`` with code `inspection_not_found`.
    public func receipt(
        of inspection: InspectionID, tenant: Tenant, caller: APIKeyID
    ) async throws -> Data {
        let store = store(of: tenant)
        let receipt = try await Casebook.failing {
            try await store.auditReceipt(
                for: .inspection(inspection), actor: .key(caller), isRepeatable: true)
        }
        exportSoon()
        return receipt
    }

    /// Erases a case; see `docs/privacy.md`.
    ///
    /// What other readers of the database keep from being cleared now is cleared in the background.
    ///
    /// - Throws: ``Failure`` with code `legal_hold`, `inspection_erased` or
    ///   `inspection_not_found`; then nothing was erased.
    public func erase(
        _ inspection: InspectionID, tenant: Tenant, caller: APIKeyID
    ) async throws -> ErasureReceipt {
        let store = store(of: tenant)
        let report = try await Casebook.failing {
            try await store.erase([inspection], key: caller)
        }
        exportSoon()
        guard let receipt = report.receipts.first else {
            throw Failure(
                .tryAgain, code: "erasure_pending", "the erasure is under way; ask again")
        }
        return receipt
    }
}
