import CaseStore
import ReturnsDomain

/// What must be true of review tasks and their leases: the rules of the queue, in memory.
struct ExpectedQueue {
    /// A lease as it was given; `boot` counts the machine's starts.
    struct Lease {
        let id: LeaseID
        let reviewer: String
        let boot: Int
        var deadline: Int64
        let lastDeadline: Int64
    }

    /// An answer, under the lease in which it was given.
    struct Answer {
        let lease: Lease
        let outcome: Outcome
        let settles: Bool
    }

    enum State {
        case open
        case leased(Lease)
        case decided
    }

    struct Task {
        let id: ReviewTaskID
        let inspection: InspectionID
        /// When it is served: the lowest first.
        let rank: Int64
        let reviewersNeeded: Int
        var state = State.open
        /// Answers that were not taken back.
        var answers: [Answer] = []

        var lease: Lease? {
            guard case .leased(let lease) = state else { return nil }
            return lease
        }

        var isOpen: Bool {
            if case .open = state { true } else { false }
        }

        var isDecided: Bool {
            if case .decided = state { true } else { false }
        }
    }

    /// The machine's clock that never steps, and which start of the machine it counts from.
    struct Moment {
        let boot: Int
        let nanoseconds: Int64

        func isOver(_ lease: Lease) -> Bool {
            lease.boot != boot || lease.deadline <= nanoseconds
        }
    }

    private(set) var tasks: [Task] = []
    private var positions: [ReviewTaskID: Int] = [:]

    subscript(id: ReviewTaskID) -> Task? { positions[id].map { tasks[$0] } }

    /// In which order a task came, which is the same in each run of a seed.
    func number(of id: ReviewTaskID) -> Int { positions[id] ?? -1 }

    mutating func open(_ task: Task) {
        positions[task.id] = tasks.count
        tasks.append(task)
    }

    /// Opens the tasks of leases whose time is over, and returns those tasks by their ids.
    mutating func expire(at moment: Moment) -> [Task] {
        var expired: [Task] = []
        for position in tasks.indices {
            guard let lease = tasks[position].lease, moment.isOver(lease) else { continue }
            tasks[position].state = .open
            expired.append(tasks[position])
        }
        return expired.sorted { $0.id.description < $1.id.description }
    }

    /// The rank of the task that must be served to a reviewer; nil if none may be.
    ///
    /// A lease that is over counts as none.
    func nextRank(for reviewer: String, at moment: Moment) -> Int64? {
        tasks.filter { task in
            (task.isOpen || task.lease.map(moment.isOver) == true)
                && !task.answers.contains { $0.lease.reviewer == reviewer }
        }.map(\.rank).min()
    }

    mutating func lease(_ id: ReviewTaskID, _ lease: Lease) {
        change(id) { $0.state = .leased(lease) }
    }

    mutating func release(_ id: ReviewTaskID) { change(id) { $0.state = .open } }

    /// Why who holds this lease is refused; nil if the lease lasts.
    func refusal(of id: ReviewTaskID, _ lease: LeaseID, at moment: Moment) -> CaseStoreError? {
        guard let task = self[id] else { return .taskNotFound(id) }
        if task.isDecided { return .alreadyDecided(id) }
        guard let held = task.lease, held.id == lease, !moment.isOver(held) else {
            return .leaseLost(id)
        }
        return nil
    }

    /// Moves the end of a lease as a heartbeat does.
    mutating func prolong(_ id: ReviewTaskID, by nanoseconds: Int64, at moment: Moment) {
        change(id) { task in
            guard var lease = task.lease else { return }
            let wished = moment.nanoseconds + nanoseconds
            lease.deadline = max(lease.deadline, min(wished, lease.lastDeadline))
            task.state = .leased(lease)
        }
    }

    /// Takes an answer; returns whether it settles the task.
    mutating func answer(_ id: ReviewTaskID, _ outcome: Outcome) -> Bool {
        var settles = false
        change(id) { task in
            guard let lease = task.lease else { return }
            settles =
                ReviewSettlement.outcome(
                    of: task.answers.map(\.outcome) + [outcome], needed: task.reviewersNeeded)
                != nil
            task.answers.append(Answer(lease: lease, outcome: outcome, settles: settles))
            task.state = settles ? .decided : .open
        }
        return settles
    }

    /// Why an answer cannot be taken back; nil if it can.
    func undoRefusal(
        of id: ReviewTaskID, _ lease: LeaseID, by reviewer: String, at moment: Moment
    ) -> CaseStoreError? {
        guard let task = self[id], let answer = task.answers.last(where: { $0.lease.id == lease }),
            !moment.isOver(answer.lease), answer.lease.reviewer == reviewer
        else { return .leaseLost(id) }
        return task.lease == nil && answer.settles == task.isDecided ? nil : .undoRefused(id)
    }

    /// Takes an answer back; returns whether it had settled the task.
    mutating func takeBack(_ id: ReviewTaskID, _ lease: LeaseID) -> Bool {
        var settled = false
        change(id) { task in
            guard let index = task.answers.lastIndex(where: { $0.lease.id == lease }) else {
                return
            }
            let answer = task.answers.remove(at: index)
            settled = answer.settles
            task.state = .leased(answer.lease)
        }
        return settled
    }

    private mutating func change(_ id: ReviewTaskID, _ body: (inout Task) -> Void) {
        guard let position = positions[id] else { return }
        body(&tasks[position])
    }
}
