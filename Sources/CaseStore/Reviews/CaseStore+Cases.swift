internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// Everything of one inspection; nil if there is none of this id, or it was erased.
    public func caseHistory(
        of inspection: InspectionID
    ) async throws(CaseStoreError) -> CaseHistory? {
        let adjudications = try await adjudications(of: inspection)
        guard !adjudications.isEmpty else { return nil }
        let tenant = tenant
        return try await read { db in
            let arguments: StatementArguments = [tenant.description, inspection.description]
            let tasks = try Row.fetchAll(
                db,
                sql: """
                    SELECT t.*, p.againstOutcome FROM reviewTask t
                    LEFT JOIN appeal p ON p.tenant = t.tenant AND p.task = t.id
                    WHERE t.tenant = ? AND t.inspection = ? AND t.kind <> 'gold' ORDER BY t.id
                    """,
                arguments: arguments)
            let truths = try Row.fetchAll(
                db, sql: "SELECT * FROM truth WHERE tenant = ? AND inspection = ? ORDER BY number",
                arguments: arguments)
            return CaseHistory(
                adjudications: adjudications, tasks: try tasks.map(CaseTask.init),
                truths: try truths.map(Truth.init),
                sightings: try StoreTransaction.sightings(
                    of: inspection, tenant: tenant, in: db))
        }
    }
}

extension CaseTask {
    fileprivate init(_ row: Row) throws {
        let (decidedAt, against): (Int64?, String?) = (row["decidedAt"], row["againstOutcome"])
        self.init(
            task: try identifier(row["id"], ReviewTaskID.self),
            purpose: try word(row["kind"], ReviewPurpose.self),
            state: try word(row["state"], ReviewTaskState.self),
            reasons: try words(row["reasons"]).map { try word($0, ReasonCode.self) },
            openedAt: timestamp(row["openedAt"]), decidedAt: decidedAt.map(timestamp),
            against: try against.map { try word($0, Outcome.self) })
    }
}
