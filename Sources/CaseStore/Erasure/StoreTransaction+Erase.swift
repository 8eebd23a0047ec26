import Foundation
internal import GRDB
import ReturnsDomain

/// What the erasure of one case has to clear outside of the transaction.
struct ErasedCase: Sendable {
    let tombstone: Tombstone
    let removed: ErasureReceipt.Removed
    let audit: AuditPosition
    /// What must not be found in the files afterwards.
    let traces: [Data]
}

extension StoreTransaction {
    /// Whether a case may be erased now.
    ///
    /// - Throws: ``CaseStoreError/inspectionNotFound(_:)``,
    ///   ``CaseStoreError/inspectionErased(_:)``, ``CaseStoreError/underLegalHold(_:)``.
    static func checkErasable(_ id: InspectionID, of tenant: Tenant, in db: Database) throws {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT i.erasedAt, h.inspection AS hold FROM inspection i
                LEFT JOIN legalHold h ON h.tenant = i.tenant AND h.inspection = i.id
                WHERE i.tenant = ? AND i.id = ?
                """,
            arguments: [tenant.description, id.description])
        guard let row else { throw CaseStoreError.inspectionNotFound(id) }
        guard row["erasedAt"] as Int64? == nil else { throw CaseStoreError.inspectionErased(id) }
        guard row["hold"] as String? == nil else { throw CaseStoreError.underLegalHold(id) }
    }

    /// Erases what tombstones name, each as far as its scope says.
    ///
    /// Those that were applied before, or whose case this database does not know (a restored backup
    /// from before it came), change nothing. Cases have an audit entry and an outgoing event each;
    /// photos and texts whose period is over share one entry.
    ///
    /// - Parameter isReapplied: Whether a restored backup had brought the data back.
    func erase(_ lines: [TombstoneLine], isReapplied: Bool) throws -> [ErasedCase] {
        var erased: [ErasedCase] = []
        var tombstones: [Tombstone] = []
        for line in lines {
            switch line {
            case .ofCase(let tombstone): tombstones.append(tombstone)
            case .ofReferences(let tombstone):
                try removeAgain(ReferenceTraces(named: tombstone, tenant: tenant, in: db))
            }
        }
        for tombstone in tombstones where tombstone.scope == .wholeCase {
            guard try isPending(tombstone) else {
                // A restored backup may be from before the case came, yet have its packing photos.
                try removeAgain(ReferenceTraces(erasedBy: tombstone, tenant: tenant, in: db))
                continue
            }
            erased.append(try eraseCase(tombstone, isReapplied: isReapplied))
        }
        for scope in [ErasureScope.photos, .texts] {
            let pending = try tombstones.filter { try $0.scope == scope && isPending($0) }
            erased += try erasePart(scope, pending, isReapplied: isReapplied)
        }
        return erased
    }

    private func isPending(_ tombstone: Tombstone) throws -> Bool {
        try Bool.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT EXISTS (SELECT 1 FROM inspection
                        WHERE tenant = ?1 AND id = ?2 AND erasedAt IS NULL)
                      AND NOT EXISTS (SELECT 1 FROM erasure
                        WHERE tenant = ?1 AND inspection = ?2 AND scope = ?3)
                    """),
            arguments: [
                tombstone.tenant, tombstone.inspection.description, tombstone.scope.rawValue,
            ]) ?? false
    }

    private func eraseCase(_ tombstone: Tombstone, isReapplied: Bool) throws -> ErasedCase {
        let id = tombstone.inspection
        let found = try CaseTraces(of: id, tenant: tenant, in: db)
        try remove(ReferenceTraces(erasedBy: tombstone, tenant: tenant, in: db))
        for rule in ErasureRules.ofCase { try execute(rule.statement, [id.description]) }
        try replaceIdempotencyKeys(found.idempotencyKeys)
        try execute(
            "UPDATE inspection SET erasedAt = ?2 WHERE tenant = ?1 AND id = ?3",
            [now.millisecondsSince1970, id.description])
        var meta = found.removed.meta
        meta["cause"] = tombstone.cause.rawValue
        meta["reapplied"] = isReapplied ? "true" : "false"
        let audit = try appendAudit(
            AuditContent(
                kind: .erased, actor: tombstone.actor, inspection: id, meta: meta))
        try appendErasedEvent(of: id)
        try insertErasure(tombstone, audit: audit)
        return ErasedCase(
            tombstone: tombstone, removed: found.removed, audit: audit, traces: found.traces)
    }

    /// Removes reference photos that a crash left or a restored backup brought back.
    private func removeAgain(_ found: ReferenceTraces) throws {
        guard !found.ids.isEmpty else { return }
        try remove(found)
        _ = try appendAudit(
            AuditContent(
                kind: .referenceRemoved, actor: .machine,
                meta: ["photos": String(found.ids.count), "reapplied": "true"]))
    }

    private func erasePart(
        _ scope: ErasureScope, _ tombstones: [Tombstone], isReapplied: Bool
    ) throws -> [ErasedCase] {
        guard !tombstones.isEmpty else { return [] }
        var keptPhotos: [InspectionID: Int] = [:]
        for tombstone in tombstones {
            let id = tombstone.inspection
            if scope == .photos {
                keptPhotos[id] = try CaseTraces.keptNames(of: id, tenant: tenant, in: db).count
                try execute(ErasureRules.ofPhotos, [id.description])
            } else {
                for text in ErasureRules.ofTexts { try execute(text, [id.description]) }
            }
        }
        let audit = try appendAudit(
            AuditContent(
                kind: .retentionSweep, actor: .machine,
                meta: [
                    "scope": scope.rawValue, "inspections": String(tombstones.count),
                    "kept_photos": String(keptPhotos.values.reduce(0, +)),
                    "reapplied": isReapplied ? "true" : "false",
                ]))
        return try tombstones.map { tombstone in
            try insertErasure(tombstone, audit: audit)
            var removed = ErasureReceipt.Removed()
            removed.keptPhotos = keptPhotos[tombstone.inspection] ?? 0
            return ErasedCase(
                tombstone: tombstone, removed: removed, audit: audit, traces: [])
        }
    }

    private func insertErasure(_ tombstone: Tombstone, audit: AuditPosition) throws {
        try execute(
            """
            INSERT INTO erasure (tenant, inspection, scope, erasedAt, auditSeq)
            VALUES (?, ?, ?, ?, ?)
            """,
            [
                tombstone.inspection.description, tombstone.scope.rawValue,
                now.millisecondsSince1970, audit.seq,
            ])
    }

    /// A caller's key may hold an order number; its digest still tells a repeated request.
    private func replaceIdempotencyKeys(_ keys: [(route: String, key: String)]) throws {
        for (route, key) in keys {
            try execute(
                """
                UPDATE OR REPLACE idempotencyKey SET key = ?2
                WHERE tenant = ?1 AND route = ?3 AND key = ?4
                """,
                [ErasedIdempotencyKey.text(of: key), route, key])
        }
    }

    private func appendErasedEvent(of inspection: InspectionID) throws {
        let seq = try next(.outboxEvent)
        let id = EventID(at: now)
        let body = SubjectErasedEvent(
            id: id, tenant: tenant, time: now, seq: seq, inspection: inspection)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try execute(
            "INSERT INTO outboxEvent (tenant, seq, id, type, inspection, createdAt, body) VALUES "
                + "(?, ?, ?, ?, ?, ?, ?)",
            [
                seq, id.description, SubjectErasedEvent.typeName, inspection.description,
                now.millisecondsSince1970, encoder.encode(body),
            ])
    }
}

extension Tombstone {
    /// Who caused the erasure, for the audit log.
    fileprivate var actor: AuditActor {
        switch cause {
        case .request: key.map { .key($0) } ?? .operatorOnHost
        case .retention: .machine
        }
    }
}

extension ErasureReceipt.Removed {
    /// The counts as the audit log has them.
    fileprivate var meta: [String: String] {
        [
            "photos": String(photos), "kept_photos": String(keptPhotos),
            "documents": String(documents), "queue_lines": String(queueLines),
            "events": String(events), "answers": String(answers),
            "batch_items": String(batchItems), "tasks": String(tasks),
            "references": String(references),
        ]
    }
}

/// What stands in the place of an idempotency key after its case was erased.
enum ErasedIdempotencyKey {
    /// `erased:` and the SHA-256 of the key.
    static func text(of key: String) -> String {
        "erased:\(sha256(Data(key.utf8)))"
    }
}

/// The outgoing event `regrade.subject.erased.v1`: CloudEvents 1.0, structured JSON.
struct SubjectErasedEvent: Encodable {
    static let typeName = "regrade.subject.erased.v1"

    let specversion = "1.0"
    let datacontenttype = "application/json"
    let id: EventID
    let source: String
    let type = Self.typeName
    let subject: String
    let time: Timestamp
    let sequence: String
    let data: Payload

    struct Payload: Encodable {
        let inspectionID: InspectionID
        let statusCode = "erased"

        private enum CodingKeys: String, CodingKey {
            case inspectionID = "inspection_id"
            case statusCode = "status_code"
        }
    }

    init(id: EventID, tenant: Tenant, time: Timestamp, seq: Int64, inspection: InspectionID) {
        self.id = id
        source = "/tenants/\(tenant)"
        subject = inspection.description
        self.time = time
        sequence = String(seq)
        data = Payload(inspectionID: inspection)
    }
}
