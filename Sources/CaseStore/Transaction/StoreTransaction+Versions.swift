import Foundation
internal import GRDB
import ReturnsDomain

/// One thing that decides, by its version.
///
/// Two with the same text and hash decide alike.
struct DecidingVersion: Hashable, Sendable {
    /// What it is; the raw value is the row's name.
    enum Part: String, CaseIterable, Sendable {
        case policy, model, calibration

        /// The entry that says that it changed.
        var change: AuditKind {
            switch self {
            case .policy: .policyChange
            case .model: .modelChange
            case .calibration: .calibrationChange
            }
        }
    }

    let part: Part
    /// Its id and version, as documents cite it.
    let version: String
    /// SHA-256 of its file in hex; empty where that is not known.
    let sha256: String
}

extension InspectionRecord {
    /// What decided this inspection.
    var decidingVersions: [DecidingVersion] {
        let (model, policy) = (adjudication.model, adjudication.policy)
        return [
            DecidingVersion(
                part: .policy, version: "\(policy.id)/\(policy.version)",
                sha256: policy.sha256.description),
            DecidingVersion(
                part: .model, version: "\(model.name)/\(model.version)",
                sha256: model.sha256.description),
            DecidingVersion(
                part: .calibration, version: model.calibration,
                sha256: calibrationSHA256?.description ?? ""),
        ]
    }
}

extension StoreTransaction {
    /// Gives the audit log an entry for each thing that decides now and is not what decided last.
    ///
    /// The first that ever decides is no change: every decision names what it was made with. Where
    /// programs with different policies record by turns, each turn is a change.
    func noteChanges(to versions: [DecidingVersion]) throws {
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: "SELECT part, version, sha256 FROM decidingVersion WHERE tenant = ?"),
            arguments: [tenant.description])
        let known = try Dictionary(
            uniqueKeysWithValues: rows.map { row in
                let part = try word(row["part"], DecidingVersion.Part.self)
                return (
                    part,
                    DecidingVersion(part: part, version: row["version"], sha256: row["sha256"])
                )
            })
        for now in versions where known[now.part] != now {
            if let before = known[now.part] { try appendChange(from: before, to: now) }
            try execute(
                """
                INSERT INTO decidingVersion (tenant, part, version, sha256) VALUES (?, ?, ?, ?)
                ON CONFLICT (tenant, part) DO UPDATE SET version = excluded.version,
                  sha256 = excluded.sha256
                """,
                [now.part.rawValue, now.version, now.sha256])
        }
    }

    private func appendChange(from before: DecidingVersion, to now: DecidingVersion) throws {
        _ = try appendAudit(
            AuditContent(
                kind: now.part.change, actor: .machine,
                meta: [
                    "from": before.version, "from_sha256": before.sha256,
                    "to": now.version, "to_sha256": now.sha256,
                ]))
    }
}
