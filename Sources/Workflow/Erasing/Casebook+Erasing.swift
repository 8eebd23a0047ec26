import CaseStore
import DecisionPolicy
public import ReturnsDomain

extension Casebook {
    /// Erases cases; see `docs/privacy.md`.
    ///
    /// - Returns: A receipt for each.
    /// - Throws: ``Failure`` of kind `inputMissing` with code `inspection_not_found` or
    ///   `inspection_erased`, or of kind `usage` with code `legal_hold`; then nothing was erased.
    public func erase(_ inspections: [InspectionID]) async throws -> [ErasureReceipt] {
        let groups = stride(from: 0, to: inspections.count, by: CaseStore.erasureCountLimit)
        var receipts: [ErasureReceipt] = []
        for start in groups {
            let group = Array(inspections[start...].prefix(CaseStore.erasureCountLimit))
            let report = try await changing { try await $0.erase(group) }
            if let reason = report.unfinished {
                warn("erased; traces in files go when the directory is opened next: \(reason)")
            }
            receipts += report.receipts
        }
        return receipts
    }

    /// The cases of an order that were not erased.
    ///
    /// - Throws: ``Failure`` of kind `inputMissing` if there is none.
    public func inspections(ofOrder orderID: String) async throws -> [InspectionID] {
        var filter = InspectionFilter()
        filter.orderID = orderID
        var found: [InspectionID] = []
        while true {
            let page = try await Self.failing { [found, filter] in
                try await store.inspections(
                    after: found.last, limit: CaseStore.pageCountLimit, filter: filter)
            }
            found += page.map(\.id)
            if page.count < CaseStore.pageCountLimit { break }
        }
        guard !found.isEmpty else {
            throw Failure(.inputMissing, code: "order_not_found", "no case has this order number")
        }
        return found
    }

    /// Keeps a case from being erased; audited.
    public func placeHold(
        on inspection: InspectionID, reference: String
    ) async throws -> LegalHold {
        try await changing { try await $0.placeHold(on: inspection, reference: reference) }
    }

    /// Lifts a hold; audited.
    public func liftHold(on inspection: InspectionID) async throws {
        try await changing { try await $0.liftHold(on: inspection) }
    }

    /// Every hold.
    public func holds() async throws -> [LegalHold] {
        try await Self.failing { try await store.holds() }
    }

    /// Removes what was kept for longer than the policy's periods; audited.
    ///
    /// - Parameter isDryRun: Whether only to count what is due.
    /// - Throws: ``Failure`` of kind `configuration` if the policy states no periods.
    public func sweep(by policy: LoadedPolicy, isDryRun: Bool) async throws -> RetentionReport {
        guard let schedule = policy.policy.retention else {
            throw Failure(
                .configuration, code: "no_retention",
                "policy \(policy.policy.id) states no retention periods; see docs/privacy.md")
        }
        if isDryRun {
            return try await Self.failing { try await store.dueForSweep(by: schedule) }
        }
        return try await changing { try await $0.sweep(by: schedule) }
    }
}
