public import Foundation
internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// The adjudication that stands, with its place in the audit log; nil if there is no such
    /// inspection.
    public func adjudication(
        of inspection: InspectionID
    ) async throws(CaseStoreError) -> Adjudication? {
        try await adjudications(of: inspection).last
    }

    /// All adjudications of an inspection, the first by the machine, the last one standing.
    public func adjudications(
        of inspection: InspectionID
    ) async throws(CaseStoreError) -> [Adjudication] {
        let tenant = tenant
        return try await read { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT a.inspection, a.document, a.auditSeq, e.hash FROM adjudication a
                    JOIN auditEntry e ON e.tenant = a.tenant AND e.seq = a.auditSeq
                    WHERE a.tenant = ? AND a.inspection = ? ORDER BY a.seq
                    """,
                arguments: [tenant.description, inspection.description])
            var adjudications: [Adjudication] = []
            while let row = try rows.next() {
                adjudications.append(try storedAdjudication(from: row))
            }
            return adjudications
        }
    }

    /// One page of inspections, the newest first.
    ///
    /// - Parameters:
    ///   - inspection: The last one of the page before; nil for the first page.
    ///   - limit: 1…``pageCountLimit``.
    ///   - filter: Which ones.
    public func inspections(
        after inspection: InspectionID? = nil, limit: Int = 100,
        filter: InspectionFilter = InspectionFilter()
    ) async throws(CaseStoreError) -> [InspectionSummary] {
        let (tenant, limit) = (tenant, min(max(limit, 1), Self.pageCountLimit))
        return try await read { db in
            var conditions = ["tenant = ?"]
            var arguments: [(any DatabaseValueConvertible)?] = [tenant.description]
            let narrowing: [(String, String?)] = [
                ("id < ?", inspection?.description), ("outcome = ?", filter.outcome?.rawValue),
                ("sku = ?", filter.sku), ("orderID = ?", filter.orderID),
            ]
            for case (let condition, let value?) in narrowing {
                conditions.append(condition)
                arguments.append(value)
            }
            arguments.append(limit)
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT id, createdAt, outcome, decidedBy, orderID, sku FROM inspection
                    WHERE \(conditions.joined(separator: " AND ")) ORDER BY id DESC LIMIT ?
                    """,
                arguments: StatementArguments(arguments))
            return try rows.map { row in
                InspectionSummary(
                    id: try identifier(row["id"], InspectionID.self),
                    createdAt: timestamp(row["createdAt"]),
                    outcome: try word(row["outcome"], Outcome.self),
                    decidedBy: try word(row["decidedBy"], DecisionMaker.self),
                    orderID: row["orderID"], sku: row["sku"])
            }
        }
    }

    /// The plain bytes of a kept photo.
    ///
    /// - Throws: ``CaseStoreError/photoNotKept(_:index:)``, or ``CaseStoreError/sealBroken(_:)`` if
    ///   the file was changed.
    public func photo(
        _ index: Int, of inspection: InspectionID
    ) async throws(CaseStoreError) -> Data {
        let (tenant, wrapping, vault) = (tenant, wrapping, vault)
        let found: (name: String, wrappedKey: Data)? = try await read { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT p.keptName, i.wrappedDataKey FROM photo p
                    JOIN inspection i ON i.tenant = p.tenant AND i.id = p.inspection
                    WHERE p.tenant = ? AND p.inspection = ? AND p.photoIndex = ?
                    """,
                arguments: [tenant.description, inspection.description, index])
            guard let row, let name: String = row["keptName"],
                let wrapped: Data = row["wrappedDataKey"]
            else { return nil }
            return (name, wrapped)
        }
        guard let found else { throw .photoNotKept(inspection, index: index) }
        let owner = SealOwner(tenant: tenant, inspection: inspection)
        do {
            return try await photoWork.run {
                guard let bytes = try vault.sealedBytes(named: found.name) else {
                    throw CaseStoreError.photoNotKept(inspection, index: index)
                }
                let key = try wrapping.unwrap(found.wrappedKey, for: owner)
                return try Seal.open(bytes, with: key, for: owner, part: "photo-\(index)")
            }
        } catch {
            throw CaseStoreError(error)
        }
    }

    /// How much the record holds.
    public func counts() async throws(CaseStoreError) -> RecordCounts {
        let tenant = tenant
        return try await read { db in
            let arguments: StatementArguments = [tenant.description]
            var inspections: [Outcome: Int] = [:]
            for row in try Row.fetchAll(
                db,
                sql:
                    "SELECT outcome, COUNT(*) n FROM inspection WHERE tenant = ? GROUP BY outcome",
                arguments: arguments)
            {
                inspections[try word(row["outcome"], Outcome.self)] = row["n"]
            }
            var tasks: [ReviewTaskState: Int] = [:]
            for row in try Row.fetchAll(
                db,
                sql: "SELECT state, COUNT(*) AS n FROM reviewTask WHERE tenant = ? GROUP BY state",
                arguments: arguments)
            {
                tasks[try word(row["state"], ReviewTaskState.self)] = row["n"]
            }
            let entries = try Int64.fetchOne(
                db, sql: "SELECT last FROM sequence WHERE tenant = ? AND name = 'auditEntry'",
                arguments: arguments)
            let oldest = try Int64.fetchOne(
                db,
                sql: "SELECT MIN(openedAt) FROM reviewTask WHERE tenant = ? AND state <> 'decided'",
                arguments: arguments)
            return RecordCounts(
                inspections: inspections, reviewTasks: tasks, auditEntries: entries ?? 0,
                oldestTaskOpenedAt: oldest.map(timestamp))
        }
    }
}
