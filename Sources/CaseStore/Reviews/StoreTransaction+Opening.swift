import Foundation
internal import GRDB
import ReturnsDomain

extension StoreTransaction {
    /// Opens a review task; the caller tells those outside.
    func openTask(
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
                reasons: draft.reasons, adjudication: adjudication,
                hidesJudgement: draft.purpose == .appeal))
        return task
    }
}
