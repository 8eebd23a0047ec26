import Foundation
internal import GRDB
import ReturnsDomain
import Traces

/// One write transaction on one tenant's record: BEGIN IMMEDIATE, all or nothing.
///
/// Sequence numbers are allotted inside it, so that their order is the order of commits and a
/// transaction that fails leaves no gap.
struct StoreTransaction {
    let db: Database
    let tenant: Tenant
    let clock: StoreClock
    /// The wall-clock time that everything in this transaction carries.
    let now: Timestamp
    /// The span that this transaction is part of, which its events tell of.
    let trace: TraceParent?

    init(db: Database, tenant: Tenant, clock: StoreClock, trace: TraceParent? = nil) {
        self.db = db
        self.tenant = tenant
        self.clock = clock
        now = clock.now()
        self.trace = trace
    }

    /// The tenant's gap-free sequences; the raw value is the row's name.
    enum Sequence: String, CaseIterable {
        case adjudication, auditEntry, queueEvent, outboxEvent, reviewLease, auditCheckpoint
    }

    /// The next number of a sequence, from 1.
    func next(_ sequence: Sequence) throws -> Int64 {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO sequence (tenant, name, last) VALUES (?, ?, 1)
                ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last
                """)
        let arguments: StatementArguments = [tenant.description, sequence.rawValue]
        guard let last = try Int64.fetchOne(statement, arguments: arguments) else {
            throw CaseStoreError.database(code: 0, reason: "no sequence number was returned")
        }
        return last
    }

    /// Runs one statement, its first argument the tenant.
    func execute(_ sql: String, _ arguments: [(any DatabaseValueConvertible)?]) throws {
        let all: [(any DatabaseValueConvertible)?] = [tenant.description] + arguments
        try db.cachedStatement(sql: sql).execute(arguments: StatementArguments(all))
    }

    /// Extends the audit chain by one entry.
    func appendAudit(_ content: AuditContent) throws -> AuditPosition {
        let seq = try next(.auditEntry)
        var prev = AuditEntry.zeroHash
        if seq > 1 {
            let sql = "SELECT hash FROM auditEntry WHERE tenant = ? AND seq = ?"
            let arguments: StatementArguments = [tenant.description, seq - 1]
            guard
                let hash = try String.fetchOne(
                    db.cachedStatement(sql: sql), arguments: arguments)
            else {
                throw CaseStoreError.databaseCorrupt(reason: "audit entry \(seq - 1) is missing")
            }
            prev = hash
        }
        let entry = AuditEntry(seq: seq, at: now, content: content, prev: prev).sealed()
        try execute(
            "INSERT INTO auditEntry (tenant, seq, kind, inspection, hash, line) VALUES "
                + "(?, ?, ?, ?, ?, ?)",
            [
                seq, content.kind.rawValue, content.inspection?.description,
                entry.hash.description, entry.line,
            ])
        return AuditPosition(seq: seq, hash: entry.hash)
    }

    /// Stores one adjudication document with the audit entry that commits to it.
    ///
    /// - Returns: The adjudication's number and its place in the audit log.
    func appendAdjudication(
        _ adjudication: Adjudication, document: Data, salt: Data, kind: AuditKind,
        actor: AuditActor, reviewer: ReviewerID? = nil, meta: [String: String] = [:]
    ) throws -> (seq: Int64, audit: AuditPosition) {
        let content = AuditContent(
            kind: kind, actor: actor, inspection: adjudication.id,
            commitment: InspectionSecrets.commitment(to: document, salt: salt),
            meta: adjudication.auditMeta.merging(meta) { _, new in new })
        let audit = try appendAudit(content)
        let seq = try next(.adjudication)
        try execute(
            """
            INSERT INTO adjudication (tenant, seq, inspection, createdAt, decidedBy, outcome,
              reviewer, document, auditSeq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                seq, adjudication.id.description, adjudication.createdAt.millisecondsSince1970,
                adjudication.decidedBy.rawValue, adjudication.decision.outcome.rawValue,
                reviewer?.description, document, audit.seq,
            ])
        return (seq, audit)
    }
}

extension Adjudication {
    /// What the audit log says of a decision: versions and results, nothing of the customer.
    var auditMeta: [String: String] {
        [
            "outcome": decision.outcome.rawValue, "recommended": decision.recommended.rawValue,
            "severity": decision.severity.name,
            "confidence": decision.confidence.description, "remedy": decision.remedy.rawValue,
            "model": "\(model.name)/\(model.version)", "model_sha256": model.sha256.description,
            "calibration": model.calibration, "policy": "\(policy.id)/\(policy.version)",
            "policy_sha256": policy.sha256.description, "rule": policy.rule,
        ]
    }
}
