import Foundation
internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// How many results one page holds at most.
    public static let pageCountLimit = 1000

    /// Finds the batch run of a key, or starts it.
    ///
    /// - Parameter key: SHA-256 over everything that makes it this run and no other.
    public func startBatchRun(key: ContentHash) async throws(CaseStoreError) -> BatchRun {
        try await write { transaction in
            let run = BatchRunID(at: transaction.now)
            try transaction.execute(
                "INSERT INTO batchRun (tenant, id, key, startedAt) VALUES (?, ?, ?, ?) "
                    + "ON CONFLICT (tenant, key) DO NOTHING",
                [run.description, key.description, transaction.now.millisecondsSince1970])
            let row = try Row.fetchOne(
                transaction.db,
                sql: "SELECT id, startedAt FROM batchRun WHERE tenant = ? AND key = ?",
                arguments: [transaction.tenant.description, key.description])
            guard let row, let id = BatchRunID(row["id"] as String) else {
                throw CaseStoreError.databaseCorrupt(reason: "batch run without an id")
            }
            return BatchRun(id: id, key: key, startedAt: timestamp(row["startedAt"]))
        }
    }

    /// The items of a run that have a result, each with the fingerprint it was made for.
    ///
    /// Resuming skips those whose fingerprint did not change. About 200 bytes an item.
    public func recordedBatchItems(
        _ run: BatchRunID
    ) async throws(CaseStoreError) -> [String: String] {
        let tenant = tenant
        return try await read { db in
            let rows = try Row.fetchCursor(
                db, sql: "SELECT item, fingerprint FROM batchItem WHERE tenant = ? AND run = ?",
                arguments: [tenant.description, run.description])
            var items: [String: String] = [:]
            while let row = try rows.next() { items[row["item"]] = row["fingerprint"] }
            return items
        }
    }

    /// Records items that could not be inspected, in one transaction: all of them or none.
    ///
    /// A result for another fingerprint of the same item is replaced.
    ///
    /// - Throws: ``CaseStoreError/batchItemRecorded(item:)`` if an unchanged item has a result.
    public func recordUnreadable(_ failures: [BatchItemFailure]) async throws(CaseStoreError) {
        guard !failures.isEmpty else { return }
        try await write { transaction in
            for failure in failures {
                try transaction.setResult(of: failure.item, failure: failure)
            }
        }
    }

    /// One page of a run's results, ordered by the bytes of the item's name.
    ///
    /// - Parameters:
    ///   - run: Which run.
    ///   - item: The last item of the page before; nil for the first page.
    ///   - limit: 1…``pageCountLimit``.
    /// - Returns: Results with full documents and their audit positions; empty after the last page.
    public func batchResults(
        _ run: BatchRunID, after item: String? = nil, limit: Int = 500
    ) async throws(CaseStoreError) -> [RecordedBatchItem] {
        let (tenant, limit) = (tenant, min(max(limit, 1), Self.pageCountLimit))
        return try await read { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT b.item, b.fingerprint, b.paths, b.errorCode, b.errorMessage,
                      a.inspection, a.document, a.auditSeq, e.hash
                    FROM batchItem b
                    LEFT JOIN adjudication a ON a.tenant = b.tenant AND a.seq = b.adjudicationSeq
                    LEFT JOIN auditEntry e ON e.tenant = a.tenant AND e.seq = a.auditSeq
                    WHERE b.tenant = ? AND b.run = ? AND b.item > ? ORDER BY b.item LIMIT ?
                    """,
                arguments: [tenant.description, run.description, item ?? "", limit])
            var results: [RecordedBatchItem] = []
            while let row = try rows.next() { results.append(try recordedItem(row, run: run)) }
            return results
        }
    }
}

private func recordedItem(_ row: Row, run: BatchRunID) throws -> RecordedBatchItem {
    let paths: String = row["paths"]
    let item = BatchItem(
        run: run, item: row["item"], fingerprint: row["fingerprint"],
        paths: try JSONDecoder().decode([String].self, from: Data(paths.utf8)))
    if let code: String = row["errorCode"] {
        let message: String? = row["errorMessage"]
        return RecordedBatchItem(
            item: item, result: .unreadable(code: code, message: message ?? ""))
    }
    return RecordedBatchItem(item: item, result: .inspected(try storedAdjudication(from: row)))
}
