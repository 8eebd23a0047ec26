import Foundation
internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// One page of the tenant's outgoing events in order.
    ///
    /// Numbers are allotted inside the transaction that commits the event, so a reader that has
    /// seen number n will never find a lower one later.
    ///
    /// - Parameters:
    ///   - seq: The last event seen; 0 for the first page.
    ///   - limit: 1…``pageCountLimit``.
    public func events(
        after seq: Int64, limit: Int
    ) async throws(CaseStoreError) -> [OutgoingEvent] {
        let (tenant, limit) = (tenant, min(max(limit, 1), Self.pageCountLimit))
        return try await read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT seq, id, type, body FROM outboxEvent WHERE tenant = ? AND seq > ?
                    ORDER BY seq LIMIT ?
                    """,
                arguments: [tenant.description, seq, limit]
            ).map { row in
                OutgoingEvent(
                    seq: row["seq"], id: try identifier(row["id"], EventID.self),
                    type: row["type"], body: row["body"])
            }
        }
    }
}
