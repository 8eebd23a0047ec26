internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// What reviewers decided since a place in the record.
    ///
    /// - Parameter seq: The place that the call before returned; nil for the record's end.
    /// - Returns: At most ``pageCountLimit`` decisions, and the place after them.
    public func reviewedOutcomes(
        after seq: Int64?
    ) async throws(CaseStoreError) -> (outcomes: [ReviewedOutcome], last: Int64) {
        let tenant = tenant
        return try await read { db in
            guard let seq else {
                let last = try Int64.fetchOne(
                    db, sql: "SELECT last FROM sequence WHERE tenant = ? AND name = 'adjudication'",
                    arguments: [tenant.description])
                return ([], last ?? 0)
            }
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT seq, outcome,
                      json_extract(CAST(document AS TEXT), '$.recommended') AS recommended
                    FROM adjudication
                    WHERE tenant = ? AND seq > ? AND decidedBy = 'reviewer' AND document IS NOT NULL
                    ORDER BY seq LIMIT \(Self.pageCountLimit)
                    """,
                arguments: [tenant.description, seq])
            let outcomes = try rows.map { row in
                ReviewedOutcome(
                    recommended: try word(row["recommended"], Outcome.self),
                    decided: try word(row["outcome"], Outcome.self))
            }
            return (outcomes, rows.last?["seq"] ?? seq)
        }
    }
}
