import CaseStore
import ReturnsDomain
import Statistics

extension Simulation {
    /// Compares everything that the record holds with what it must hold.
    func check() async throws {
        try await compare(logs.audit, "kind", "auditEntry")
        try await compare(logs.queue, "event || ' ' || task", "queueEvent")
        try await compare(logs.outbox, "type || ' ' || inspection", "outboxEvent")
        let leases = queue.tasks.compactMap { task in
            task.lease.map { "\(task.id) \($0.id) \($0.deadline) start-\($0.boot)" }
        }
        try await compare(
            leases.sorted(), "task || ' ' || lease || ' ' || deadline || ' ' || bootID",
            "reviewLease", numbered: false)
        let states = queue.tasks.map { task in
            "\(task.id) \(task.isDecided ? "decided" : task.isOpen ? "open" : "leased")"
        }
        try await compare(
            states.sorted(), "id || ' ' || state", "reviewTask", numbered: false)
        let counts = try await stores[1].value(
            """
            SELECT (SELECT COUNT(*) FROM idempotencyKey) || ' ' || IFNULL((SELECT last
              FROM sequence WHERE name = 'reviewLease'), 0) || ' ' || (SELECT COUNT(*)
              FROM (SELECT token FROM reviewLease UNION SELECT token FROM reviewDecision))
            """)
        // An answer that was taken back keeps its token; so do those that led to nothing, unseen.
        let parts = counts?.split(separator: " ").compactMap { Int($0) } ?? []
        guard parts.count == 3, parts[0] == requests.count, parts[1] == leaseCount,
            parts[2] <= leaseCount
        else {
            throw violation(
                "requests, leases and tokens are \(parts), not \(requests.count), \(leaseCount)")
        }
    }

    /// Compares the rows of a table, each as one text, with what they must be.
    private func compare(
        _ expected: [String], _ text: String, _ table: String, numbered: Bool = true
    ) async throws {
        let order = numbered ? "seq" : "1"
        let number = numbered ? "seq || ' ' || " : ""
        let found = try await stores[1].value(
            """
            SELECT group_concat(line, char(10)) FROM
              (SELECT \(number)\(text) AS line FROM \(table) ORDER BY \(order))
            """)
        let wanted = expected.enumerated().map { index, line in
            numbered ? "\(index + 1) \(line)" : line
        }
        guard found ?? "" != wanted.joined(separator: "\n") else { return }
        let lines = (found ?? "").split(separator: "\n").map(String.init)
        let index = zip(lines, wanted).prefix { $0.0 == $0.1 }.count
        throw violation(
            "\(table) has \(lines.count) rows instead of \(wanted.count), the first to differ is "
                + "'\(lines.dropFirst(index).first ?? "")' instead of "
                + "'\(wanted.dropFirst(index).first ?? "")'")
    }

    /// Without further faults all work comes to its end: nothing was lost.
    func drain() async throws {
        hasFaults = false
        try await restart(0)
        clock.advance(by: .seconds(3600))
        for reviewer in Self.reviewers.shuffled(using: &generator) {
            while queue.nextRank(for: reviewer, at: moment) != nil {
                _ = try await lease(of: reviewer)
                guard let hand = hands.popLast() else { throw violation("no task was served") }
                _ = try await decide(hand)
            }
        }
        guard queue.tasks.allSatisfy(\.isDecided) else { throw violation("a task was lost") }
        // Clocks stepped; what was put off until a later time is due by then.
        clock.stepWall(by: .seconds(60 * 24 * 3600))
        while !deliveries.isDone(logs.outbox.count) {
            try await step(.plan)
            try await step(.take)
            guard !sending.isEmpty else { throw violation("an event was lost") }
            while !sending.isEmpty { try await step(.send) }
        }
        let missing = (1...Int64(max(logs.outbox.count, 1))).filter {
            deliveries.received[$0] == nil && $0 <= Int64(logs.outbox.count)
        }
        guard missing.isEmpty else { throw violation("never sent: \(missing)") }
        try await check()
        let verification = try await AuditVerifier.verify(directory.url)
        guard verification.holds, verification.entryCount == logs.audit.count else {
            throw violation("the audit log does not hold: \(verification)")
        }
    }
}
