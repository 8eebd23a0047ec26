import CaseStore
public import ReturnsDomain

extension InspectionDesk {
    /// Compares every tenant's products and categories with their own past and makes events of the
    /// rises; each is warned of once in the time of the recent window.
    ///
    /// - Returns: The warnings that became events.
    public func checkEarlyWarnings(at now: Timestamp = .now) async throws -> [EarlyWarning] {
        let terms = settings.serving.earlyWarning
        return try await Casebook.failing {
            var warned: [EarlyWarning] = []
            for tenant in try await store(of: .default).tenants() {
                let store = store(of: tenant)
                let counts = try await store.segmentCounts(
                    past: terms.pastStart(until: now), recent: terms.recentStart(until: now),
                    until: now)
                warned += try await store.record(
                    terms.warnings(in: counts, until: now),
                    unlessWarnedSince: terms.recentStart(until: now))
            }
            return warned
        }
    }
}
