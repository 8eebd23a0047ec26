import CaseStore
import Foundation
import ReturnsDomain
import Synchronization
import Traces
import Tracing

extension InspectionDesk {
    /// Inspects an item and records it with its answer, or stores it for later, or says why not.
    ///
    /// Once started, the work goes on even if the client goes away; its next try finds the answer.
    ///
    /// - Parameters:
    ///   - submission: What was sent.
    ///   - wording: Makes the answers that are kept.
    /// - Throws: ``Failure`` of kind `unavailable` with code `overloaded` or `processing_deadline`,
    ///   and whatever trying again may mend; nothing is kept of it.
    public func submit(
        _ submission: Submission, wording: SubmissionWording
    ) async throws -> SubmissionResult {
        let start = ContinuousClock.now
        let store = store(of: submission.tenant)
        let step = admit(prefersLater: submission.prefersLater)
        guard step != .refused else { throw Self.overloaded }
        var leavesQueue = true
        defer { if leavesQueue { leave() } }
        let request = NamedRequest(
            tenant: submission.tenant, key: submission.request,
            fingerprint: submission.fingerprint)
        return try await once(request, refused: wording.refused) {
            guard step == .later else {
                return try await inspect(submission, since: start, wording: wording, store: store)
            }
            let answer = try await accept(submission, wording: wording, store: store)
            leavesQueue = false
            return answer
        }
    }

    /// Counts an item in, unless the queue is full.
    func admit(prefersLater: Bool) -> AdmissionLadder.Step {
        let step = state.withLock { state in
            let step = ladder.step(depth: state.depth, prefersLater: prefersLater)
            if step != .refused { state.depth += 1 }
            return step
        }
        if step != .full, !(step == .later && prefersLater) { observe(.shed(step)) }
        return step
    }

    /// Counts an item out.
    func leave() { state.withLock { $0.depth -= 1 } }

    static let overloaded = Failure(
        .unavailable, code: "overloaded", "the queue holds as many items as queueDepthLimit allows")

    private func inspect(
        _ submission: Submission, since start: ContinuousClock.Instant,
        wording: SubmissionWording, store: CaseStore
    ) async throws -> StoredAnswer {
        let deadline = start.advanced(by: .seconds(settings.serving.processingSecondsLimit))
        let id = InspectionID(at: .now)
        let staging = settings.keepsPhotos ? store.photoStaging(for: id) : nil
        let item: InspectedItem
        do {
            item = try await inspected(
                ItemSubmission(submission.photos, order: submission.order), store: store,
                terms: InspectionTerms(id: id, locale: submission.locale, deadline: deadline),
                staging: staging)
        } catch {
            await staging?.discard()
            throw error
        }
        return try await record(
            item, answering: submission.request, staging: staging, store: store
        ) {
            try wording.recorded($0)
        }
    }

    private func accept(
        _ submission: Submission, wording: SubmissionWording, store: CaseStore
    ) async throws -> StoredAnswer {
        let waiting = WaitingSubmission(
            id: InspectionID(at: .now), tenant: submission.tenant, order: submission.order,
            photos: submission.photos, locale: submission.locale)
        let answer = try wording.accepted(waiting.id)
        try await store.accept(waiting, answering: submission.request, with: answer)
        waitingEnd.yield(
            WaitingItem(tenant: submission.tenant, id: waiting.id, context: .current))
        return answer
    }
}

// MARK: - Inspecting and recording

extension InspectionDesk {
    /// Runs photos through model and policy.
    ///
    /// - Parameter staging: Where the photos go meanwhile; nil to leave them with the result.
    func inspected(
        _ item: ItemSubmission, store: CaseStore, terms: InspectionTerms,
        staging: PhotoStaging? = nil
    ) async throws -> InspectedItem {
        let switches = try await store.automationSwitches()
        let casebook = Casebook(store: store) { [observe] in observe(.trouble($0)) }
        return try await inspector.inspect(
            item, switches: switches, keepsBytes: settings.keepsPhotos, staging: staging,
            terms: terms, comparedWith: casebook
        ) { photos in
            try await store.fraudSignals(photos: photos, orderID: item.order.orderID)
        }
    }

    /// Records an inspection with the answer to its request.
    func record(
        _ item: InspectedItem, answering request: RequestKey?, staging: PhotoStaging? = nil,
        store: CaseStore, answer: @escaping @Sendable (Adjudication) throws -> StoredAnswer
    ) async throws -> StoredAnswer {
        try await record(item) { record, answer in
            try await store.record(
                record, answering: request, staging: staging, with: answer)
        } answer: {
            try answer($0)
        }
    }

    /// Records an inspection in one of the ways of the store, and tells those who count.
    func record(
        _ item: InspectedItem,
        by record: (
            InspectionRecord, @escaping @Sendable (RecordedInspection) throws -> StoredAnswer
        ) async throws -> StoredAnswer,
        answer: @escaping @Sendable (Adjudication) throws -> StoredAnswer
    ) async throws -> StoredAnswer {
        let start = ContinuousClock.now
        let stored = try await Stage.record.run {
            try await record(item.record) { recorded in
                var document = item.answer(audit: recorded.audit)
                // The commit itself cannot be part of what it commits.
                let duration = start.duration(to: .now).milliseconds
                document.timings?.record = duration
                document.timings?.total += duration
                return try answer(document)
            }
        }
        observe(.inspected(item.answer(audit: nil)))
        exportSoon()
        return stored
    }
}

extension ItemSubmission {
    /// What a client sent.
    init(_ photos: [WaitingSubmission.Photo], order: OrderData) {
        self.init(
            photos: photos.map {
                SubmittedPhoto(bytes: $0.bytes, view: $0.view, sha256: $0.sha256)
            }, order: order)
    }
}
