import Foundation
internal import GRDB
import ReturnsDomain

extension StoreTransaction {
    /// Inserts everything of one inspection.
    func insert(_ record: PreparedRecord) throws -> RecordedInspection {
        let adjudication = record.adjudication
        try insertInspection(record)
        for photo in record.photos { try insert(photo, of: adjudication.id) }
        let (seq, audit) = try appendAdjudication(
            adjudication, document: record.document, salt: record.salt, kind: .decision,
            actor: .machine)
        try appendOutboxEvent(.inspectionReceived, adjudication)
        var task: ReviewTaskID?
        switch adjudication.decision.outcome {
        case .humanReview:
            if let draft = record.reviewTask {
                task = try openReviewTask(draft, adjudication, adjudicationSeq: seq)
            }
        case .retake: try appendOutboxEvent(.retakeRequested, adjudication)
        case .resell, .refurbish, .reject: try appendOutboxEvent(.inspectionDecided, adjudication)
        }
        if let item = record.batchItem {
            try setResult(of: item, adjudicationSeq: seq)
        }
        return RecordedInspection(id: adjudication.id, audit: audit, reviewTask: task)
    }

    private func insertInspection(_ record: PreparedRecord) throws {
        let (id, order) = (record.adjudication.id, record.adjudication.order)
        let exists = try Bool.fetchOne(
            db.cachedStatement(
                sql: "SELECT EXISTS (SELECT 1 FROM inspection WHERE tenant = ? AND id = ?)"),
            arguments: [tenant.description, id.description])
        guard exists == false else { throw CaseStoreError.inspectionExists(id) }
        try execute(
            """
            INSERT INTO inspection (tenant, id, createdAt, outcome, decidedBy, orderID, sku,
              category, region, consent, salt, wrappedDataKey, sealedStatement)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                id.description, record.adjudication.createdAt.millisecondsSince1970,
                record.adjudication.decision.outcome.rawValue,
                record.adjudication.decidedBy.rawValue, order.orderID, order.sku, order.category,
                order.region, record.consent, record.salt, record.wrappedDataKey,
                record.sealedStatement,
            ])
    }

    private func insert(_ photo: PreparedRecord.PhotoRow, of inspection: InspectionID) throws {
        try execute(
            """
            INSERT INTO photo (tenant, inspection, photoIndex, sha256, byteCount, view, format,
              width, height, removedMetadata, keptName, keptSHA256, keptByteCount)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                inspection.description, photo.index, photo.sha256.description, photo.byteCount,
                photo.view.rawValue, photo.format, photo.width, photo.height,
                wordList(photo.removedMetadata), photo.kept?.name,
                photo.kept?.sha256.description, photo.kept?.byteCount,
            ])
    }

    private func openReviewTask(
        _ draft: ReviewTaskDraft, _ adjudication: Adjudication, adjudicationSeq: Int64
    ) throws -> ReviewTaskID {
        let task = ReviewTaskID(at: now)
        try execute(
            """
            INSERT INTO reviewTask (tenant, id, inspection, state, openedAt, dueAt, priority,
              reasons, adjudicationSeq, kind, rank, reviewersNeeded, samplingProbability)
            VALUES (?, ?, ?, 'open', ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                task.description, adjudication.id.description, now.millisecondsSince1970,
                draft.dueAt.millisecondsSince1970, draft.priority,
                wordList(draft.reasons.map(\.rawValue)), adjudicationSeq, draft.purpose.rawValue,
                Double(now.millisecondsSince1970) - draft.headStart / .milliseconds(1),
                draft.reviewersNeeded, draft.samplingProbability,
            ])
        try appendQueueEvent(
            QueueEvent(
                kind: .opened, task: task, priority: draft.priority, dueAt: draft.dueAt,
                reasons: draft.reasons, adjudication: adjudication))
        try appendOutboxEvent(.reviewOpened, adjudication)
        return task
    }
}

/// Codes as one text, separated by spaces; codes hold none.
func wordList(_ words: [String]) -> String { words.joined(separator: " ") }

/// The codes of a text made by ``wordList(_:)``.
func words(_ list: String) -> [String] { list.split(separator: " ").map(String.init) }
