import Foundation
internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// Removes reference photos: key, row and file of each, and the banks that were made with them;
    /// audited.
    ///
    /// A backup from before still has them: unlike an erased case, they come back with it.
    ///
    /// - Returns: How many were removed, at least 1.
    /// - Throws: ``ReferenceStoreError/notFound(_:)`` for one that is not the product's,
    ///   ``CaseStoreError/underLegalHold(_:)`` for those of an order whose case is.
    @discardableResult
    public func removeReferences(
        _ selection: ReferenceSelection, of sku: String, actor: AuditActor = .operatorOnHost
    ) async throws(CaseStoreError) -> Int {
        let (tenant, clock) = (tenant, clock)
        do {
            return try await eraser.remove { db in
                try ReferenceTraces(selection, of: sku, tenant: tenant, in: db).keptNames
            } applying: { db in
                let transaction = StoreTransaction(db: db, tenant: tenant, clock: clock)
                let found = try ReferenceTraces(selection, of: sku, tenant: tenant, in: db)
                try transaction.checkNoHold(on: found.ids)
                if case .photo(let id) = selection, found.ids.isEmpty {
                    throw CaseStoreError.reference(.notFound(id))
                }
                guard !found.ids.isEmpty else { return 0 }
                try transaction.remove(found)
                _ = try transaction.appendAudit(
                    AuditContent(
                        kind: .referenceRemoved, actor: actor,
                        meta: ["sku": sku, "photos": String(found.ids.count)]))
                return found.ids.count
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
        let (tenant, clock) = (tenant, clock)
        let cutoff = clock.now().advanced(by: .seconds(-days * 86_400))
        do {
            let isAny = try await read { db in
                try !ReferenceTraces(ofOrdersBefore: cutoff, tenant: tenant, in: db).ids.isEmpty
            }
            guard isAny else { return }
            try await eraser.remove { db in
                try ReferenceTraces(ofOrdersBefore: cutoff, tenant: tenant, in: db).keptNames
            } applying: { db in
                let found = try ReferenceTraces(ofOrdersBefore: cutoff, tenant: tenant, in: db)
                guard !found.ids.isEmpty else { return }
                let transaction = StoreTransaction(db: db, tenant: tenant, clock: clock)
                try transaction.remove(found)
                _ = try transaction.appendAudit(
                    AuditContent(
                        kind: .retentionSweep, actor: .machine,
                        meta: [
                            "scope": "order_references", "items": String(found.ids.count),
                        ]))
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
            try execute("DELETE FROM referencePhoto WHERE tenant = ? AND id = ?", [id])
        }
        for sku in references.skus {
            try execute("DELETE FROM referenceBank WHERE tenant = ? AND sku = ?", [sku])
            _ = try nextReferenceVersion(of: sku)
        }
    }

    fileprivate func checkNoHold(on references: [String]) throws {
        for id in references {
            let held = try String.fetchOne(
                db,
                sql: """
                    SELECT h.inspection FROM legalHold h
                    JOIN inspection i ON i.tenant = h.tenant AND i.id = h.inspection
                    JOIN referencePhoto r ON r.tenant = h.tenant
                      AND (r.orderID = i.orderID OR r.inspection = i.id)
                    WHERE h.tenant = ? AND r.id = ?
                    """,
                arguments: [tenant.description, id])
            if let held {
                throw CaseStoreError.underLegalHold(try identifier(held, InspectionID.self))
            }
        }
    }
}
