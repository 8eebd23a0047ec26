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

    /// One run; nil if there is none of this id.
    public func batchRun(_ id: BatchRunID) async throws(CaseStoreError) -> BatchRun? {
        let tenant = tenant
        return try await read { db in
            let row = try Row.fetchOne(
                db, sql: "SELECT key, startedAt FROM batchRun WHERE tenant = ? AND id = ?",
                arguments: [tenant.description, id.description])
            guard let row else { return nil }
            guard let key = ContentHash(row["key"] as String) else {
                throw CaseStoreError.databaseCorrupt(reason: "batch run without a key")
            }
            return BatchRun(id: id, key: key, startedAt: timestamp(row["startedAt"]))
        }
    }

    /// The fingerprints for which items of a run have a result; nil where there is none.
    ///
    /// - Parameters:
    ///   - run: Which run.
    ///   - items: At most ``pageCountLimit`` names of items.
    /// - Returns: In the order of `items`.
    public func recordedFingerprints(
        _ run: BatchRunID, of items: [String]
    ) async throws(CaseStoreError) -> [String?] {
        precondition(
            items.count <= Self.pageCountLimit,
            "\(items.count) items, more than the limit of \(Self.pageCountLimit)")
        let tenant = tenant
        return try await read { db in
            let statement = try db.cachedStatement(
                sql: "SELECT fingerprint FROM batchItem WHERE tenant = ? AND run = ? AND item = ?")
            return try items.map { item in
                try String.fetchOne(
                    statement, arguments: [tenant.description, run.description, item])
            }
        }
    }

    /// How many items of a run ended in each outcome, or could not be inspected and why.
    public func batchCounts(_ run: BatchRunID) async throws(CaseStoreError) -> BatchCounts {
        let tenant = tenant
        return try await read { db in
            var counts = BatchCounts()
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT a.outcome, b.errorCode, COUNT(*) AS n FROM batchItem b
                    LEFT JOIN adjudication a ON a.tenant = b.tenant AND a.seq = b.adjudicationSeq
                    WHERE b.tenant = ? AND b.run = ? GROUP BY a.outcome, b.errorCode
                    """,
                arguments: [tenant.description, run.description])
            while let row = try rows.next() {
                if let code: String = row["errorCode"] {
                    counts.unreadable[code] = row["n"]
                } else {
                    counts.outcomes[try word(row["outcome"], Outcome.self)] = row["n"]
                }
            }
            return counts
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
    guard (row["document"] as Data?) != nil else {
        return RecordedBatchItem(
            item: item, result: .unreadable(code: "erased", message: "the inspection was erased"))
    }
    return RecordedBatchItem(item: item, result: .inspected(try storedAdjudication(from: row)))
}
