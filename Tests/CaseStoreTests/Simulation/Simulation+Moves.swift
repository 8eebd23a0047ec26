import CaseStore
import Foundation
import ReturnsDomain
import Statistics

extension Simulation {
    /// Makes one move; returns what came of it, without ids, which differ between runs.
    func perform(_ move: SimulationMove) async throws -> String {
        switch move {
        case .submit: return try await submit()
        case .finish: return try await finish()
        case .giveUp: return try await giveUp()
        case .forgetAnswers:
            let done: Void? = try await ask { store throws(CaseStoreError) in
                try await store.removeExpiredRequests()
            }
            if done != nil { requests.removeExpired(at: now) }
            return "\(requests.count)"
        case .lease: return try await lease(of: Self.reviewers[drawn(Self.reviewers.count)])
        case .heartbeat: return try await heartbeat()
        case .decide: return try await decide(takeHand())
        case .comeLate:
            guard !pastHands.isEmpty else { return "-" }
            let hand = pastHands[drawn(pastHands.count)]
            return try await drawn(2) == 0 ? decide(hand) : release(hand)
        case .release: return try await release(takeHand())
        case .undo: return try await undo()
        case .plan: return try await plan()
        case .take: return try await take()
        case .send: return try await send()
        case .passTime:
            let seconds = [1, 20, 60, 299, 601][drawn(5)]
            clock.advance(by: .seconds(seconds))
            return "\(seconds)"
        case .stepClock:
            let seconds = [3600, -3600, -300, 1, 73 * 3600, -24 * 3600][drawn(6)]
            clock.stepWall(by: .seconds(seconds))
            return "\(seconds)"
        case .restartService: try await restart(0)
        case .restartOther: try await restart(1)
        case .restartMachine: try await restartMachine()
        }
        return ""
    }

    func drawn(_ count: Int) -> Int { generator.index(below: count) }

    // MARK: - Clients

    /// A client sends a request: a new one, one it sent before, or another under an old key.
    private func submit() async throws -> String {
        let isNew = keyCount == 0 || drawn(3) > 0
        let number = isNew ? keyCount : max(0, keyCount - 1 - drawn(40))
        let key = RequestKey(route: "POST /v1/inspections", key: "key-\(number)")
        let isOther = !isNew && drawn(12) == 0
        let fingerprint = ContentHash.fixture(isOther ? "e" : "a")
        if isNew { keyCount += 1 }
        let answer = try await ask { store throws(CaseStoreError) in
            try await store.startRequest(key, fingerprint: fingerprint)
        }
        guard let answer else { return "\(number) fault" }
        let expected = requests.start(key, fingerprint, at: now)
        guard answer == expected else {
            throw violation("request \(number) is told \(answer) instead of \(expected)")
        }
        if answer == .started { work.append((key, fingerprint)) }
        return switch answer {
        case .completed(let answer): "\(number) \(answer.status)"
        default: "\(number) \(answer)"
        }
    }

    /// The service ends the work on a request: inspection, task, events and answer at once.
    private func finish() async throws -> String {
        guard !work.isEmpty else { return "-" }
        let item = work.remove(at: drawn(work.count))
        let asksPerson = drawn(4) > 0
        let reviewersNeeded = 1 + drawn(2)
        // The last three digits tell tasks apart, so that no two have one rank.
        let headStart = Int64(drawn(3600) * 1000 + queue.tasks.count % 1000)
        let outcome = asksPerson ? Outcome.humanReview : .resell
        let status = 201 + drawn(99)
        let adjudication = Adjudication.fixture(outcome: outcome, id: InspectionID(at: now))
        let record = InspectionRecord(
            adjudication: adjudication, statement: nil, consent: nil,
            photos: [
                ReceivedPhoto(
                    index: 0, sha256: .fixture("a"), byteCount: 10, view: .front, format: "jpeg",
                    width: 640, height: 480, removedMetadata: [], keptBytes: nil)
            ],
            reviewTask: asksPerson
                ? ReviewTaskDraft(
                    priority: 1, dueAt: now, reasons: [.confidenceBelowThreshold],
                    headStart: .milliseconds(headStart), reviewersNeeded: reviewersNeeded) : nil)
        let answer = try await ask { store throws(CaseStoreError) in
            try await store.record(record, answering: item.key) { recorded in
                StoredAnswer(
                    status: status, headers: ["location": "/v1/inspections/\(recorded.id)"],
                    body: Data((recorded.reviewTask?.description ?? "").utf8))
            }
        }
        guard let answer else {
            work.append(item)
            return "fault"
        }
        requests.complete(item.key, with: answer)
        let id = adjudication.id
        logs.audit.append("decision")
        logs.outbox.append("regrade.inspection.received.v1 \(id)")
        guard asksPerson else {
            logs.outbox.append("regrade.inspection.decided.v1 \(id)")
            return "decided"
        }
        guard let task = ReviewTaskID(String(decoding: answer.body, as: UTF8.self)) else {
            throw violation("a case for a person has no task")
        }
        queue.open(
            .init(
                id: task, inspection: id, rank: now.millisecondsSince1970 - headStart,
                reviewersNeeded: reviewersNeeded))
        logs.queue.append("opened \(task)")
        logs.outbox.append("regrade.review.opened.v1 \(id)")
        return "asked \(reviewersNeeded)"
    }

    /// The service cannot do the work and forgets the request, so that the client may try again.
    private func giveUp() async throws -> String {
        guard !work.isEmpty else { return "-" }
        let item = work.remove(at: drawn(work.count))
        let done: Void? = try await ask { store throws(CaseStoreError) in
            try await store.releaseRequest(item.key)
        }
        if done == nil { work.append(item) } else { requests.release(item.key) }
        return item.key.key
    }

    // MARK: - Webhooks

    private func plan() async throws -> String {
        let count = logs.outbox.count
        let done: Void? = try await ask { store throws(CaseStoreError) in
            try await store.planWebhooks()
        }
        if done != nil { deliveries.plan(count, at: now) }
        return "\(count)"
    }

    /// The service looks for what is due.
    private func take() async throws -> String {
        let busy = Set(sending.map(\.sequence))
        let expected = deliveries.due(at: now, sending: busy)
        let running = sending.first.map { [$0.endpoint: busy] } ?? [:]
        let due = try await stores[0].dueWebhooks(
            limit: ExpectedDeliveries.limit, running: running
        ).due
        guard due.map(\.sequence) == expected.map(\.seq),
            due.map(\.attempt) == expected.map(\.attempt)
        else {
            throw violation("due are \(due.map(\.sequence)) instead of \(expected.map(\.seq))")
        }
        sending += due
        return "\(expected)"
    }

    /// The receiver gets one event; what it answers is noted, unless the service dies before.
    private func send() async throws -> String {
        guard !sending.isEmpty else { return "-" }
        let due = sending.remove(at: drawn(sending.count))
        deliveries.receive(due.sequence)
        let delay = hasFaults && drawn(4) == 0 ? [5, 60, 300][drawn(3)] : nil
        let retry = delay.map { now.advanced(by: .seconds($0)) }
        let done: Void? = try await ask { store throws(CaseStoreError) in
            try await store.settle(
                due, attempt: .init(status: retry == nil ? 200 : 500),
                verdict: retry.map { .retry(at: $0) } ?? .delivered)
        }
        if done != nil { deliveries.settle(due.sequence, retryAt: retry) }
        return "\(due.sequence) \(delay ?? 0) \(done == nil ? "fault" : "")"
    }
}
