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
                + (leased.task.isBlind
                    ? "OUTCOME " : "\(leased.task.adjudication.decision.recommended.rawValue) ")
                + "--lease \(leased.lease) --reason review_agrees --reviewer …",
        ]
    }

    /// The lines of a task.
    func lines(of task: ReviewTask) -> [String] {
        let decision = task.adjudication.decision
        var table = Table()
        guard !task.isBlind else { return blindLines(of: task) }
        table.add("  task", "\(task.id), \(task.state.rawValue), due \(task.dueAt)")
        table.add("  asked for", task.reasons.map(\.rawValue).joined(separator: ", "))
        addDoubts(of: task, to: &table)
        table.add("  possible", decision.predictionSet.map(\.rawValue).joined(separator: ", "))
        if let statement = task.statement { table.add("  claim", "“\(statement)”") }
        table.add("  reply", task.adjudication.rationale.customer)
        return AdjudicationView(terminal: terminal).lines(of: task.adjudication) + table.lines
    }

    private func addDoubts(of task: ReviewTask, to table: inout Table) {
        if !task.metadataSigns.isEmpty {
            table.add("  metadata", task.metadataSigns.joined(separator: ", "))
        }
        for sighting in task.seenBefore {
            table.add("  photo \(sighting.photo)", Figures.sighting(sighting))
        }
    }

    /// The lines of a task that is to be judged afresh: nothing of any judgement.
    private func blindLines(of task: ReviewTask) -> [String] {
        let order = task.adjudication.order
        var table = Table()
        table.add("  task", "\(task.id), \(task.state.rawValue), due \(task.dueAt)")
        table.add("  asked for", task.reasons.map(\.rawValue).joined(separator: ", "))
        addDoubts(of: task, to: &table)
        table.add("  case", task.inspection.description)
        table.add(
            "  category", [order.category, order.sku].compactMap { $0 }.joined(separator: ", "))
        if let value = order.value { table.add("  value", Figures.money(value)) }
        if let statement = task.statement { table.add("  claim", "“\(statement)”") }
        if let appeal = task.appealStatement { table.add("  appeal", "“\(appeal)”") }
        table.add("  rule", task.adjudication.policy.rule)
        return table.lines
    }
}
