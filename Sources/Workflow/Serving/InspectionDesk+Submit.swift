import CaseStore
import Foundation
import ReturnsDomain
import Synchronization

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
        let known = try await Casebook.failing {
            try await store.startRequest(submission.request, fingerprint: submission.fingerprint)
        }
        switch known {
        case .started: break
        case .running: return .running
        case .completed(let answer): return .answered(answer, isReplay: true)
        case .otherFingerprint: return .otherFingerprint
        case .erased: return .erased
        }
        do {
            let answer: StoredAnswer
            if step == .later {
                answer = try await accept(submission, wording: wording, store: store)
                leavesQueue = false
            } else {
                answer = try await inspect(submission, since: start, wording: wording, store: store)
            }
            return .answered(answer, isReplay: false)
        } catch {
            return try await end(submission, after: Failure(describing: error), wording, store)
        }
    }

    /// Counts an item in, unless the queue is full.
    private func admit(prefersLater: Bool) -> AdmissionLadder.Step {
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

    private static let overloaded = Failure(
        .unavailable, code: "overloaded", "the queue holds as many items as queueDepthLimit allows")

    private func inspect(
        _ submission: Submission, since start: ContinuousClock.Instant,
        wording: SubmissionWording, store: CaseStore
    ) async throws -> StoredAnswer {
        let deadline = start.advanced(by: .seconds(settings.serving.processingSecondsLimit))
        let item = try await inspected(
            order: submission.order, photos: submission.photos, store: store,
            terms: InspectionTerms(locale: submission.locale, deadline: deadline))
        let answer = try await record(item, answering: submission.request, store: store) {
            try wording.recorded($0)
        }
        return answer
    }

    private func accept(
        _ submission: Submission, wording: SubmissionWording, store: CaseStore
    ) async throws -> StoredAnswer {
        let waiting = WaitingSubmission(
            id: InspectionID(at: .now), tenant: submission.tenant, order: submission.order,
            photos: submission.photos, locale: submission.locale)
        let answer = try wording.accepted(waiting.id)
        try await store.accept(waiting, answering: submission.request, with: answer)
        waitingEnd.yield(WaitingItem(tenant: submission.tenant, id: waiting.id))
        return answer
    }

    /// Keeps the answer to an item that can never be inspected, or forgets the request.
    private func end(
        _ submission: Submission, after failure: Failure, _ wording: SubmissionWording,
        _ store: CaseStore
    ) async throws -> SubmissionResult {
        for part in failure.parts { observe(.photoRejected(code: part.code)) }
        if let answer = wording.refused(failure) {
            do {
                try await store.completeRequest(submission.request, with: answer)
                return .answered(answer, isReplay: false)
            } catch {
                observe(.trouble("an answer could not be kept: \(error)"))
            }
        }
        do {
            try await store.releaseRequest(submission.request)
        } catch {
            state.withLock { $0.unreleased.append((submission.tenant, submission.request)) }
            observe(.trouble("a request could not be released yet: \(error)"))
        }
        throw failure
    }

    /// Releases requests whose release failed, as on a full disk.
    func releaseLeftOvers() async {
        let left = state.withLock { state in
            defer { state.unreleased = [] }
            return state.unreleased
        }
        for item in left {
            do {
                try await store(of: item.tenant).releaseRequest(item.request)
            } catch {
                state.withLock { $0.unreleased.append(item) }
            }
        }
    }
}

// MARK: - Inspecting and recording

extension InspectionDesk {
    /// Runs photos through model and policy.
    func inspected(
        order: OrderData, photos: [WaitingSubmission.Photo], store: CaseStore,
        terms: InspectionTerms
    ) async throws -> InspectedItem {
        let switches = try await store.automationSwitches()
        return try await inspector.inspect(
            ItemSubmission(
                photos: photos.map { SubmittedPhoto(bytes: $0.bytes, view: $0.view) },
                order: order),
            switches: switches, keepsBytes: settings.keepsPhotos, terms: terms
        ) { photos in
            try await store.fraudSignals(photos: photos, orderID: order.orderID)
        }
    }

    /// Records an inspection with the answer to its request.
    func record(
        _ item: InspectedItem, answering request: RequestKey?, store: CaseStore,
        answer: @escaping @Sendable (Adjudication) throws -> StoredAnswer
    ) async throws -> StoredAnswer {
        let start = ContinuousClock.now
        let stored = try await store.record(item.record, answering: request) { recorded in
            var document = item.answer(audit: recorded.audit)
            // The commit itself cannot be part of what it commits.
            let duration = start.duration(to: .now).milliseconds
            document.timings?.record = duration
            document.timings?.total += duration
            return try answer(document)
        }
        observe(.inspected(item.answer(audit: nil)))
        exportSoon()
        return stored
    }
}
