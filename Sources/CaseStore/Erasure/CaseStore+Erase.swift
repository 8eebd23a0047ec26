internal import GRDB
public import ReturnsDomain

/// What an erasure did.
public struct ErasureReport: Sendable {
    /// One receipt for each case.
    public let receipts: [ErasureReceipt]
    /// Why traces may remain in the files until the directory is opened next; nil if none do.
    public let unfinished: CaseStoreError?
}

extension CaseStore {
    /// How many cases one call erases.
    public static let erasureCountLimit = 256

    /// Erases cases: secrets, photos, documents, texts, hashes, order numbers, queue lines, events,
    /// kept answers, batch results, reviews.
    ///
    /// What stays is the case's id, its entries in the audit log, which hold nothing of the person,
    /// and an entry that says that it was erased. Nothing else of it is found in the data directory
    /// afterwards. When this returns, the erasure is durable and survives the restoring of an older
    /// backup. See `docs/privacy.md`.
    ///
    /// - Parameters:
    ///   - inspections: At most ``erasureCountLimit``; all of them or none.
    ///   - cause: Why.
    ///   - key: The API key that asks; nil for whoever runs the command line.
    /// - Throws: ``CaseStoreError/inspectionNotFound(_:)``,
    ///   ``CaseStoreError/inspectionErased(_:)``, ``CaseStoreError/underLegalHold(_:)``, and then
    ///   nothing was erased; ``CaseStoreError/erasurePending(reason:)`` if it will be done by the
    ///   next opening.
    public func erase(
        _ inspections: [InspectionID], cause: ErasureCause = .request, key: APIKeyID? = nil
    ) async throws(CaseStoreError) -> ErasureReport {
        precondition(
            inspections.count <= Self.erasureCountLimit,
            "\(inspections.count) cases, more than the limit of \(Self.erasureCountLimit)")
        let (tenant, at) = (tenant, clock.now())
        let report: Eraser.Report
        do {
            report = try await eraser.erase { db in
                for id in inspections {
                    try StoreTransaction.checkErasable(id, of: tenant, in: db)
                }
                return try inspections.map {
                    Tombstone(
                        at: at, cause: cause, inspection: $0, scope: .wholeCase,
                        tenant: tenant.description, key: key,
                        references: try ReferenceTraces.ids(of: $0, tenant: tenant, in: db))
                }
            }
        } catch {
            throw CaseStoreError(error)
        }
        return ErasureReport(
            receipts: report.erased.map { $0.receipt(isComplete: report.unfinished == nil) },
            unfinished: report.unfinished)
    }

    /// Clears the files of what was erased when other readers of the database did not let go.
    ///
    /// Opening the directory does it too; this is for programs that keep it open. Cheap when there
    /// is nothing to do.
    public func finishErasures() async throws(CaseStoreError) {
        do {
            try await eraser.finishAll()
        } catch {
            throw CaseStoreError(error)
        }
    }

    /// Erases in the one way that survives crashes and restored backups.
    var eraser: Eraser {
        Eraser(
            directory: directory, database: database, clock: clock, vault: vault,
            exporter: exporter)
    }
}

extension ErasedCase {
    fileprivate func receipt(isComplete: Bool) -> ErasureReceipt {
        ErasureReceipt(
            inspection: tombstone.inspection, erasedAt: tombstone.at, cause: tombstone.cause,
            removed: removed, audit: audit, isComplete: isComplete)
    }
}

extension CaseStore {
    /// Tables that erasure has a rule for; for the test that compares them with the schema.
    package static var tablesKnownToErasure: Set<String> {
        Set(ErasureRules.ofCase.map(\.table)).union(ErasureRules.untouched.keys)
    }

    /// Tables with a column that may lead to a case; for the same test.
    package func tablesNamingCases() async throws(CaseStoreError) -> [String] {
        try await read { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT DISTINCT t.name FROM pragma_table_list t
                    JOIN pragma_table_info(t.name) c
                    WHERE t.type = 'table' AND t.schema = 'main' AND (c.name IN ('inspection',
                      'task', 'submission', 'orderID', 'sha256', 'document', 'paths')
                      OR (t.name = 'inspection' AND c.name = 'id'))
                    ORDER BY t.name
                    """)
        }
    }
}
