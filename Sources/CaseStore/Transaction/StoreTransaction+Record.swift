import Foundation
internal import GRDB
import ReturnsDomain

extension StoreTransaction {
    /// Inserts everything of one inspection.
    func insert(_ record: PreparedRecord) throws -> RecordedInspection {
        let adjudication = record.adjudication
        try noteChanges(to: record.decidingVersions)
        try insertInspection(record)
        for photo in record.photos { try insert(photo, of: adjudication.id, attempt: 1) }
        let (seq, audit) = try appendAdjudication(
            adjudication, document: record.document, salt: record.salt, kind: .decision,
            actor: .machine)
        try appendOutboxEvent(.inspectionReceived, adjudication)
        let task = try tellAndAsk(record, adjudicationSeq: seq)
        if let item = record.batchItem {
            try setResult(of: item, adjudicationSeq: seq)
        }
        return RecordedInspection(id: adjudication.id, audit: audit, reviewTask: task)
    }

    /// Tells those outside what the machine decided, and opens the task if a person is asked.
    func tellAndAsk(_ record: PreparedRecord, adjudicationSeq seq: Int64) throws -> ReviewTaskID? {
        let adjudication = record.adjudication
        switch adjudication.decision.outcome {
        case .humanReview: break
        case .retake: try appendOutboxEvent(.retakeRequested, adjudication)
        case .resell, .refurbish, .reject: try appendOutboxEvent(.inspectionDecided, adjudication)
        }
        guard let draft = record.reviewTask else { return nil }
        let task = try openTask(draft, adjudication, adjudicationSeq: seq)
        if draft.purpose == .review { try appendOutboxEvent(.reviewOpened, adjudication) }
        if draft.opensGold { try openGoldTask() }
        return task
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

    /// Inserts a photo's row.
    ///
    /// - Parameter attempt: In which attempt it came, from 1.
    func insert(
        _ photo: PreparedRecord.PhotoRow, of inspection: InspectionID, attempt: Int
    ) throws {
        try execute(
            """
            INSERT INTO photo (tenant, inspection, photoIndex, sha256, byteCount, view, format,
              width, height, removedMetadata, metadataSigns, keptName, keptSHA256, keptByteCount,
              look, attempt)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                inspection.description, photo.index, photo.sha256.description, photo.byteCount,
                photo.view.rawValue, photo.format, photo.width, photo.height,
                wordList(photo.removedMetadata), wordList(photo.metadataSigns), photo.kept?.name,
                photo.kept?.sha256.description, photo.kept?.byteCount,
                photo.look.map(Int64.init(bitPattern:)), attempt,
            ])
        guard let look = photo.look else { return }
        for number in 0..<LookIndex.partCount {
            try execute(
                """
                INSERT INTO photoLook (tenant, number, part, inspection, photoIndex, look)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
                [
                    number, LookIndex.part(number, of: look), inspection.description, photo.index,
                    Int64(bitPattern: look),
                ])
        }
    }
}

/// Codes as one text, separated by spaces; codes hold none.
func wordList(_ words: [String]) -> String { words.joined(separator: " ") }

/// The codes of a text made by ``wordList(_:)``.
func words(_ list: String) -> [String] { list.split(separator: " ").map(String.init) }
