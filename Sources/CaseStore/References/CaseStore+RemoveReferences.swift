import Foundation
internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// Removes reference photos: key, row and file of each, and the banks that were made with them;
    /// audited.
    ///
    /// A restored backup from before does not bring them back.
    ///
    /// - Returns: How many were removed, at least 1.
    /// - Throws: ``ReferenceStoreError/notFound(_:)`` for one that is not the product's,
    ///   ``CaseStoreError/underLegalHold(_:)`` for those of an order whose case is.
    @discardableResult
    public func removeReferences(
        _ selection: ReferenceSelection, of sku: String, actor: AuditActor = .operatorOnHost
    ) async throws(CaseStoreError) -> Int {
        let tenant = tenant
        do {
            return try await eraser.remove(of: tenant) { db in
                let found = try ReferenceTraces(selection, of: sku, tenant: tenant, in: db)
                try found.checkNoHold(of: tenant, in: db)
                if case .photo(let id) = selection, found.ids.isEmpty {
                    throw CaseStoreError.reference(.notFound(id))
                }
                return found
            } telling: { count, transaction in
                _ = try transaction.appendAudit(
                    AuditContent(
                        kind: .referenceRemoved, actor: actor,
                        meta: ["sku": sku, "photos": String(count)]))
            }
        } catch {
            throw CaseStoreError(error)
        }
    }
}

extension CaseStore {
    /// Removes the photos of orders' own items once no case is kept so long: most orders never come
    /// back, so no case takes them along.
    func removeOrderReferences(by schedule: RetentionSchedule) async throws(CaseStoreError) {
        let periods = [schedule.others] + schedule.rules.map(\.periods)
        let days = periods.map(\.cases).max() ?? schedule.others.cases
        let tenant = tenant
        let cutoff = clock.now().advanced(by: .seconds(-days * 86_400))
        do {
            let isAny = try await read { db in
                try !ReferenceTraces(ofOrdersBefore: cutoff, tenant: tenant, in: db).ids.isEmpty
            }
            guard isAny else { return }
            _ = try await eraser.remove(of: tenant) { db in
                try ReferenceTraces(ofOrdersBefore: cutoff, tenant: tenant, in: db)
            } telling: { count, transaction in
                _ = try transaction.appendAudit(
                    AuditContent(
                        kind: .retentionSweep, actor: .machine,
                        meta: ["scope": "order_references", "items": String(count)]))
            }
        } catch {
            throw CaseStoreError(error)
        }
    }
}

extension StoreTransaction {
    /// Removes photos and the banks of their products.
    func remove(_ references: ReferenceTraces) throws {
        for id in references.ids {
            try execute(
                "DELETE FROM referencePhoto WHERE tenant = ? AND id = ?", [id.description])
        }
        for sku in references.skus {
            try execute("DELETE FROM referenceBank WHERE tenant = ? AND sku = ?", [sku])
            _ = try nextReferenceVersion(of: sku)
        }
    }

}

extension ReferenceTraces {
    fileprivate func checkNoHold(of tenant: Tenant, in db: Database) throws {
        for id in ids {
            let held = try String.fetchOne(
                db,
                sql: """
                    SELECT h.inspection FROM legalHold h
                    JOIN inspection i ON i.tenant = h.tenant AND i.id = h.inspection
                    JOIN referencePhoto r ON r.tenant = h.tenant
                      AND (r.orderID = i.orderID OR r.inspection = i.id)
                    WHERE h.tenant = ? AND r.id = ?
                    """,
                arguments: [tenant.description, id.description])
            if let held {
                throw CaseStoreError.underLegalHold(try identifier(held, InspectionID.self))
            }
        }
    }
}
