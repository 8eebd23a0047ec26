import Crypto
import Foundation
import ReturnsDomain

/// One entry of the audit log; see `docs/audit-log.md`.
///
/// All nine members are always there; where there is no inspection or nothing to commit to, the
/// member is the empty string, so that entries hold strings and integers only.
struct AuditEntry: Hashable, Sendable {
    /// Bound into every hash, so that no other signed or hashed thing can pass for an entry.
    static let hashPrefix = Data("regrade-audit-v1".utf8)
    /// The `prev` of the first entry.
    static let zeroHash = String(repeating: "0", count: 64)

    /// Position in the tenant's log, from 1, without gaps.
    let seq: Int64
    let at: Timestamp
    let content: AuditContent
    /// The hash of the entry before.
    let prev: String

    private var unhashed: [CanonicalJSON.Member] {
        let actor = CanonicalJSON.object([
            "id": .string(content.actor.id), "type": .string(content.actor.type),
        ])
        let meta = content.meta.map { CanonicalJSON.Member(name: $0.key, value: .string($0.value)) }
        return [
            .init(name: "actor", value: actor),
            .init(name: "at", value: .string(at.description)),
            .init(name: "commitment", value: .string(hexadecimal(content.commitment))),
            .init(name: "inspection", value: .string(content.inspection?.description ?? "")),
            .init(name: "kind", value: .string(content.kind.rawValue)),
            .init(name: "meta", value: .object(meta)),
            .init(name: "prev", value: .string(prev)),
            .init(name: "seq", value: .integer(seq)),
        ]
    }

    /// The hash and the canonical line with it.
    func sealed() -> (hash: ContentHash, line: Data) {
        let members = unhashed
        let hash = Self.hash(of: members)
        let line = CanonicalJSON.object(
            members + [.init(name: "hash", value: .string(hash.description))])
        return (hash, line.bytes)
    }

    /// The same for a canonical line with `hash`, which is cut out of its bytes.
    ///
    /// Nothing before it can hold these bytes: in a string the quotation marks would be escaped,
    /// and no member named `hash` stands in `actor`.
    static func hash(ofLine line: Data) -> ContentHash? {
        guard let member = line.range(of: hashMember) else { return nil }
        var hash = SHA256()
        hash.update(data: hashPrefix)
        hash.update(data: line[..<member.lowerBound])
        hash.update(data: line[(member.upperBound + 65)...])
        return ContentHash(digest: hash.finalize())
    }

    private static let hashMember = Data(",\"hash\":\"".utf8)

    /// SHA-256("regrade-audit-v1" || canonical entry without `hash`).
    static func hash(of members: [CanonicalJSON.Member]) -> ContentHash {
        var hash = SHA256()
        hash.update(data: hashPrefix)
        hash.update(data: CanonicalJSON.object(members).bytes)
        return ContentHash(digest: hash.finalize())
    }
}

/// What an entry says, before it has its place in the chain.
struct AuditContent: Hashable, Sendable {
    let kind: AuditKind
    let actor: AuditActor
    var inspection: InspectionID?
    /// 32 bytes, or none.
    var commitment = Data()
    /// Facts as text; never a customer's personal data.
    var meta: [String: String] = [:]
}

/// What happened; stable words.
enum AuditKind: String, CaseIterable, Sendable {
    /// A machine's adjudication was recorded.
    case decision
    /// A reviewer decided.
    case reviewDecision = "review_decision"
    /// A reviewer answered without deciding: others answer too, or the answer was known.
    case reviewAnswer = "review_answer"
    /// A reviewer took a decision back; what stood before stands again.
    case reviewUndone = "review_undone"
    /// A case was handed to a reviewer, who sees it.
    case reviewView = "review_view"
    /// Someone looked at the photos of a case.
    case photoView = "photo_view"
    /// A customer appealed.
    case appealOpened = "appeal_opened"
    /// The warehouse said what it found.
    case truthRecorded = "truth_recorded"
    /// The cases of known answer changed.
    case goldChange = "gold_change"
    /// A reviewer left.
    case reviewerRetired = "reviewer_retired"
    /// A reviewer was added.
    case reviewerAdded = "reviewer_added"
    /// Another policy decides than decided last.
    case policyChange = "policy_change"
    /// Another model decides than decided last.
    case modelChange = "model_change"
    /// Another calibration decides than decided last.
    case calibrationChange = "calibration_change"
    /// Automation was switched.
    case automationChange = "automation_change"
    /// Something left the data directory: a copy of the log, a receipt.
    case export
    /// A case was erased.
    case erased
    /// Photos or texts were removed because their retention period was over.
    case retentionSweep = "retention_sweep"
    /// A legal hold was placed or lifted.
    case holdChange = "hold_change"
    /// A key was replaced.
    case keyChange = "key_change"
    /// A backup was written.
    case backup
    /// A backup took the place of the record.
    case restored
    /// An API key was made.
    case keyCreated = "key_created"
    /// An API key was revoked.
    case keyRevoked = "key_revoked"
    /// Someone sent API keys that were not accepted.
    case signInFailed = "sign_in_failed"
    /// An endpoint of webhooks was added, removed, changed, or stopped being sent to.
    case webhookChange = "webhook_change"
    /// A photo of what a good item looks like was added.
    case referenceAdded = "reference_added"
    /// Photos of what a good item looks like were removed.
    case referenceRemoved = "reference_removed"
}
