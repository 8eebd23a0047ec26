import CaseStore
import ReturnsDomain
import Statistics

extension Simulation {
    /// A hand that holds something, which is empty from then on; it may come back late.
    func takeHand() -> Hand? {
        guard !hands.isEmpty else { return nil }
        let hand = hands.remove(at: drawn(hands.count))
        pastHands.append(hand)
        if pastHands.count > 50 { pastHands.removeFirst() }
        return hand
    }

    /// A reviewer asks for the next task; the answer may be lost on the way, the lease is not.
    func lease(of reviewer: String) async throws -> String {
        let process = drawn(2)
        let expected = queue.nextRank(for: reviewer, at: moment)
        let answer = try await ask(process) { store throws(CaseStoreError) in
            try await store.leaseNextReviewTask(reviewer: reviewer, duration: Self.leaseDuration)
        }
        guard let answer else { return "fault" }
        for task in queue.expire(at: moment) {
            logs.queue.append("expired \(task.id)")
            logs.outbox.append("regrade.review.expired.v1 \(task.inspection)")
        }
        guard let leased = answer else {
            guard expected == nil else { throw violation("\(reviewer) is served nothing") }
            return "none"
        }
        let id = leased.task.id
        guard let task = queue[id], task.isOpen, task.rank == expected else {
            throw violation("\(reviewer) is served task \(queue.number(of: id)), which is not next")
        }
        leaseCount += 1
        queue.lease(
            id,
            .init(
                id: leased.lease, reviewer: reviewer, boot: boot,
                deadline: moment.nanoseconds + 600_000_000_000,
                lastDeadline: moment.nanoseconds + 8 * 3600 * 1_000_000_000))
        logs.queue.append("leased \(id)")
        logs.audit.append("review_view")
        let hand = Hand(task: id, lease: leased.lease, reviewer: reviewer)
        if hasFaults && drawn(10) == 0 { pastHands.append(hand) } else { hands.append(hand) }
        return "\(queue.number(of: id)) to \(reviewer)"
    }

    func heartbeat() async throws -> String {
        guard !hands.isEmpty else { return "-" }
        let hand = hands[drawn(hands.count)]
        let refusal = queue.refusal(of: hand.task, hand.lease, at: moment)
        let end = try await ask(drawn(2), refusal: refusal) { store throws(CaseStoreError) in
            try await store.heartbeat(hand.task, lease: hand.lease, duration: Self.leaseDuration)
        }
        guard end != nil else { return "refused" }
        queue.prolong(hand.task, by: 600_000_000_000, at: moment)
        logs.queue.append("leased \(hand.task)")
        return "\(queue.number(of: hand.task))"
    }

    /// A reviewer decides, in time or late, perhaps what was decided before.
    func decide(_ hand: Hand?) async throws -> String {
        guard let hand else { return "-" }
        let outcome: Outcome = hasFaults && drawn(3) == 0 ? .reject : .resell
        let refusal = queue.refusal(of: hand.task, hand.lease, at: moment)
        let decision = ReviewDecision(
            task: hand.task, lease: hand.lease, reviewer: hand.reviewer, outcome: outcome,
            reason: .reviewAgrees)
        let decided = try await ask(drawn(2), refusal: refusal) { store throws(CaseStoreError) in
            try await store.decide(decision)
        }
        guard decided != nil else { return "\(queue.number(of: hand.task)) refused" }
        if queue.answer(hand.task, outcome) {
            logs.audit.append("review_decision")
            logs.queue.append("decided \(hand.task)")
            let inspection = queue[hand.task]?.inspection.description ?? ""
            logs.outbox.append("regrade.review.decided.v1 \(inspection)")
            return "\(queue.number(of: hand.task)) settled"
        }
        logs.audit.append("review_answer")
        logs.queue.append("released \(hand.task)")
        return "\(queue.number(of: hand.task)) answered"
    }

    /// A reviewer gives a task back, in time or late.
    func release(_ hand: Hand?) async throws -> String {
        guard let hand else { return "-" }
        let refusal = queue.refusal(of: hand.task, hand.lease, at: moment)
        let done: Void? = try await ask(drawn(2), refusal: refusal) {
            store throws(CaseStoreError) in
            try await store.release(hand.task, lease: hand.lease)
        }
        guard done != nil else { return "\(queue.number(of: hand.task)) refused" }
        queue.release(hand.task)
        logs.queue.append("released \(hand.task)")
        return "\(queue.number(of: hand.task))"
    }

    /// A reviewer takes an answer back, which is in hands again.
    func undo() async throws -> String {
        guard !pastHands.isEmpty else { return "-" }
        let hand = pastHands[pastHands.count - 1 - drawn(min(5, pastHands.count))]
        let refusal = queue.undoRefusal(
            of: hand.task, hand.lease, by: hand.reviewer, at: moment)
        let leased = try await ask(drawn(2), refusal: refusal) { store throws(CaseStoreError) in
            try await store.undoDecision(
                hand.task, lease: hand.lease, reviewer: hand.reviewer)
        }
        guard leased != nil else { return "\(queue.number(of: hand.task)) refused" }
        leaseCount += 1
        if queue.takeBack(hand.task, hand.lease), let task = queue[hand.task] {
            logs.outbox.append("regrade.review.opened.v1 \(task.inspection)")
        }
        logs.audit.append("review_undone")
        logs.queue += ["opened \(hand.task)", "leased \(hand.task)"]
        hands.append(hand)
        return "\(queue.number(of: hand.task))"
    }
}
