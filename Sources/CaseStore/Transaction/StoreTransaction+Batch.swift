import Foundation
internal import GRDB
import ReturnsDomain

extension StoreTransaction {
    /// Sets the result of a batch item, once per fingerprint: a changed file replaces its result.
    func setResult(
        of item: BatchItem, adjudicationSeq: Int64? = nil, failure: BatchItemFailure? = nil
    ) throws {
        let run = try String.fetchOne(
            db.cachedStatement(sql: "SELECT id FROM batchRun WHERE tenant = ? AND id = ?"),
            arguments: [tenant.description, item.run.description])
        guard run != nil else { throw CaseStoreError.batchRunNotFound(item.run) }
        let paths = try JSONEncoder().encode(item.paths)
        try execute(
            """
            INSERT INTO batchItem (tenant, run, item, fingerprint, paths, adjudicationSeq,
              errorCode, errorMessage) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (tenant, run, item) DO UPDATE SET fingerprint = excluded.fingerprint,
              paths = excluded.paths, adjudicationSeq = excluded.adjudicationSeq,
              errorCode = excluded.errorCode, errorMessage = excluded.errorMessage
            WHERE fingerprint <> excluded.fingerprint
            """,
            [
                item.run.description, item.item, item.fingerprint,
                String(decoding: paths, as: UTF8.self), adjudicationSeq, failure?.code,
                failure?.message,
            ])
        guard db.changesCount == 1 else {
            throw CaseStoreError.batchItemRecorded(item: item.item)
        }
    }
}
