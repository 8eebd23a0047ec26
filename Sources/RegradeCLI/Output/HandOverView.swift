import ReturnsDomain
import Workflow

/// A review task as a person reads it: the hand-over record in a terminal.
struct HandOverView {
    let terminal: Terminal

    /// The lines of a leased task, with what to type next.
    func lines(of leased: LeasedReviewTask) -> [String] {
        lines(of: leased.task) + [
            "",
            terminal.styled("lease \(leased.lease) until \(leased.expiresAt)", .bold),
            "  regrade review decide \(leased.task.id) "
                + "\(leased.task.adjudication.decision.recommended.rawValue) "
                + "--lease \(leased.lease) --reason review_agrees --reviewer …",
        ]
    }

    /// The lines of a task.
    func lines(of task: ReviewTask) -> [String] {
        let decision = task.adjudication.decision
        var table = Table()
        table.add("  task", "\(task.id), \(task.state.rawValue), due \(task.dueAt)")
        table.add("  asked for", task.reasons.map(\.rawValue).joined(separator: ", "))
        table.add("  possible", decision.predictionSet.map(\.rawValue).joined(separator: ", "))
        if let statement = task.statement { table.add("  claim", "“\(statement)”") }
        table.add("  reply", task.adjudication.rationale.customer)
        return AdjudicationView(terminal: terminal).lines(of: task.adjudication) + table.lines
    }
}
