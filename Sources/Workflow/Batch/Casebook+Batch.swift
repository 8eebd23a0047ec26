import CaseStore
import Foundation
public import ReturnsDomain

extension Casebook {
    /// A run by its id.
    ///
    /// - Throws: ``Failure`` of kind `inputMissing` if there is none.
    public func run(_ id: BatchRunID) async throws -> BatchRun {
        try await Self.failing {
            guard let run = try await store.batchRun(id) else {
                throw CaseStoreError.batchRunNotFound(id)
            }
            return run
        }
    }

    /// Finds the run of a key, or starts it.
    func startRun(key: ContentHash) async throws -> BatchRun {
        try await changing { try await $0.startBatchRun(key: key) }
    }

    /// The fingerprints for which items have a result, in the order of the items.
    func recordedFingerprints(of run: BatchRun, _ items: [String]) async throws -> [String?] {
        try await Self.failing { try await store.recordedFingerprints(run.id, of: items) }
    }

    /// Where assessments of the same photos lie.
    func assessmentShelf(for inspector: Inspector) throws -> AssessmentShelf {
        AssessmentShelf(store: store, engine: try inspector.engineKey())
    }

    /// Records items that could not be inspected.
    func recordUnreadable(_ items: [(item: BatchItem, failure: Failure)]) async throws {
        try await changing {
            try await $0.recordUnreadable(
                items.map {
                    BatchItemFailure(
                        item: $0.item, code: $0.failure.code, message: $0.failure.message)
                })
        }
    }

    /// How many items of a run ended in what.
    func counts(of run: BatchRun) async throws -> BatchCounts {
        try await Self.failing { try await store.batchCounts(run.id) }
    }

    /// One page of a run's results, after the item named; empty after the last page.
    func results(
        of run: BatchRun, after item: String?
    ) async throws -> [RecordedBatchItem] {
        try await Self.failing {
            try await store.batchResults(run.id, after: item, limit: 500)
        }
    }

    /// Walks a run's results in the order of the items' names, a page at a time.
    func forEachResult(
        of run: BatchRun, _ body: (BatchItem, BatchItemResult) throws -> Void
    ) async throws {
        var last: String?
        while true {
            let page = try await results(of: run, after: last)
            guard let end = page.last else { return }
            for entry in page { try body(entry.item, entry.result) }
            last = end.item.item
        }
    }
}
