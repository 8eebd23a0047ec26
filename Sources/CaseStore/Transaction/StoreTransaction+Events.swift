import Foundation
internal import GRDB
import ReturnsDomain
import Traces

extension StoreTransaction {
    /// Appends one line to the review queue's events.
    func appendQueueEvent(_ event: QueueEvent) throws {
        let seq = try next(.queueEvent)
        let line = QueueEventLine(seq: seq, at: now, event: event)
        try execute(
            "INSERT INTO queueEvent (tenant, seq, event, task, inspection, line) VALUES "
                + "(?, ?, ?, ?, ?, ?)",
            [
                seq, event.kind.rawValue, event.task.description,
                event.adjudication.id.description, lineBytes(line),
            ])
    }

    /// Appends one outgoing event, and what shops call it where one asks for that.
    func appendOutboxEvent(_ type: OutboxEventType, _ adjudication: Adjudication) throws {
        try insertOutboxEvent(type, adjudication)
        for name in type.shopNames(of: adjudication) { try appendIfAsked(name, adjudication) }
    }

    /// Appends an event of a shop's name if an endpoint of the tenant asks for that name.
    func appendIfAsked(_ name: OutboxEventType, _ adjudication: Adjudication) throws {
        let isAsked = try Bool.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT EXISTS (SELECT 1 FROM webhookEndpoint
                      WHERE tenant = ?1 AND instr(' ' || eventTypes || ' ', ' ' || ?2 || ' ') > 0)
                    """),
            arguments: [tenant.description, name.rawValue])
        if isAsked == true { try insertOutboxEvent(name, adjudication) }
    }

    private func insertOutboxEvent(
        _ type: OutboxEventType, _ adjudication: Adjudication
    ) throws {
        let seq = try next(.outboxEvent)
        let id = EventID(at: now)
        let body = OutboxEventBody(
            id: id, tenant: tenant, type: type, time: now, seq: seq, trace: trace,
            adjudication: adjudication)
        try execute(
            "INSERT INTO outboxEvent (tenant, seq, id, type, inspection, createdAt, body) VALUES "
                + "(?, ?, ?, ?, ?, ?, ?)",
            [
                seq, id.description, type.rawValue, adjudication.id.description,
                now.millisecondsSince1970, lineBytes(body),
            ])
    }

    private func lineBytes(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }
}

/// What happened to a review task.
struct QueueEvent {
    /// The words of the `event` member.
    enum Kind: String {
        case opened, leased, decided, released, expired
    }

    let kind: Kind
    let task: ReviewTaskID
    let priority: Double
    let dueAt: Timestamp
    /// Why a person is asked.
    let reasons: [ReasonCode]
    /// The machine's adjudication.
    let adjudication: Adjudication
    /// Whether the line must not tell what was recommended or decided before.
    var hidesJudgement = false
    /// Who holds, held or decided the task.
    var reviewer: ReviewerID?
    /// When a lease ends.
    var expiresAt: Timestamp?
    /// What the reviewer decided and why.
    var decision: (outcome: Outcome, reason: ReasonCode)?
    /// Whether the task is open again because its decision was taken back.
    var undoes = false
}

/// One line of `review-queue.jsonl`; contracts of `docs/data-directory.md`.
private struct QueueEventLine: Encodable {
    let seq: Int64
    let at: Timestamp
    let event: QueueEvent

    private enum CodingKeys: String, CodingKey {
        case seq, at, event, task, inspection, sku, priority, recommended, confidence, reasons
        case photos, reviewer, outcome, reason, category, region, value, undone
        case orderID = "order_id"
        case dueAt = "due_at"
        case predictionSet = "prediction_set"
        case expiresAt = "expires_at"
    }

    private struct Photo: Encodable {
        let sha256: ContentHash
        let view: PhotoView
    }

    func encode(to encoder: any Encoder) throws {
        let adjudication = event.adjudication
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(seq, forKey: .seq)
        try container.encode(at, forKey: .at)
        try container.encode(event.kind.rawValue, forKey: .event)
        try container.encode(event.task, forKey: .task)
        try container.encode(adjudication.id, forKey: .inspection)
        try container.encode(adjudication.order.orderID, forKey: .orderID)
        try container.encode(adjudication.order.sku, forKey: .sku)
        try container.encode(adjudication.order.category, forKey: .category)
        try container.encode(adjudication.order.region, forKey: .region)
        try container.encode(adjudication.order.value, forKey: .value)
        try container.encode(event.priority, forKey: .priority)
        try container.encode(event.dueAt, forKey: .dueAt)
        let judgement = event.hidesJudgement ? nil : adjudication.decision
        try container.encode(judgement?.recommended, forKey: .recommended)
        try container.encode(judgement?.confidence, forKey: .confidence)
        try container.encode(judgement?.predictionSet, forKey: .predictionSet)
        try container.encode(event.reasons, forKey: .reasons)
        let photos = adjudication.photos.map { Photo(sha256: $0.sha256, view: $0.view) }
        try container.encode(photos, forKey: .photos)
        try container.encodeIfPresent(event.reviewer, forKey: .reviewer)
        try container.encodeIfPresent(event.expiresAt, forKey: .expiresAt)
        try container.encodeIfPresent(event.decision?.outcome, forKey: .outcome)
        try container.encodeIfPresent(event.decision?.reason, forKey: .reason)
        if event.undoes { try container.encode(true, forKey: .undone) }
    }
}

/// The types of outgoing events that the main job emits; the last three are shops' own names.
enum OutboxEventType: String, CaseIterable {
    case inspectionReceived = "regrade.inspection.received.v1"
    case retakeRequested = "regrade.inspection.retake_requested.v1"
    case inspectionDecided = "regrade.inspection.decided.v1"
    case reviewOpened = "regrade.review.opened.v1"
    case reviewDecided = "regrade.review.decided.v1"
    case reviewExpired = "regrade.review.expired.v1"
    case appealOpened = "regrade.appeal.opened.v1"
    case appealDecided = "regrade.appeal.decided.v1"
    case imageSubmitted = "image_submitted"
    case refundRequested = "refund_requested"
    case refundApproved = "refund_approved"

    /// The `status_code` of the event's data.
    var statusCode: String {
        switch self {
        case .inspectionReceived, .imageSubmitted, .refundRequested: "received"
        case .retakeRequested: "retake_requested"
        case .inspectionDecided, .reviewDecided, .appealDecided, .refundApproved: "decided"
        case .reviewOpened, .reviewExpired, .appealOpened: "in_review"
        }
    }

    /// What shops call the same thing.
    func shopNames(of adjudication: Adjudication) -> [OutboxEventType] {
        switch self {
        case .inspectionReceived: [.imageSubmitted, .refundRequested]
        case .inspectionDecided, .reviewDecided:
            adjudication.decision.remedy == .refund ? [.refundApproved] : []
        default: []
        }
    }
}

/// The body of an outgoing event: CloudEvents 1.0, structured JSON.
private struct OutboxEventBody: Encodable {
    private static let receivedCode = OutboxEventType.inspectionReceived.statusCode

    let specversion = "1.0"
    let datacontenttype = "application/json"
    let id: EventID
    let source: String
    let type: String
    let subject: String
    let time: Timestamp
    /// The tenant's event number as text, an extension attribute of CloudEvents (`sequence`).
    let sequence: String
    /// CloudEvents' extension for distributed tracing; absent where nothing is traced.
    let traceparent: String?
    let data: Payload

    struct Payload: Encodable {
        let order_id: String?
        let sku: String?
        let customer_id: String?
        let status_code: String
        let inspection_id: InspectionID
        let outcome: Outcome?
        let recommended: Outcome?
        let decided_by: DecisionMaker?
        let reasons: [ReasonCode]?
        let remedy: Remedy?
    }

    init(
        id: EventID, tenant: Tenant, type: OutboxEventType, time: Timestamp, seq: Int64,
        trace: TraceParent?, adjudication: Adjudication
    ) {
        self.id = id
        source = "/tenants/\(tenant)"
        self.type = type.rawValue
        subject = adjudication.id.description
        self.time = time
        sequence = String(seq)
        traceparent = trace?.description
        let tellsResult = type.statusCode != Self.receivedCode
        data = Payload(
            order_id: adjudication.order.orderID, sku: adjudication.order.sku,
            customer_id: adjudication.order.customerRef, status_code: type.statusCode,
            inspection_id: adjudication.id,
            outcome: tellsResult ? adjudication.decision.outcome : nil,
            recommended: tellsResult ? adjudication.decision.recommended : nil,
            decided_by: tellsResult ? adjudication.decidedBy : nil,
            reasons: tellsResult ? adjudication.decision.reasons.map(\.code) : nil,
            remedy: tellsResult ? adjudication.decision.remedy : nil)
    }
}
