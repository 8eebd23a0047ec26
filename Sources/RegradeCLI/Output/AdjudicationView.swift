import ReturnsDomain
import Workflow

/// An adjudication as a person reads it in a terminal.
struct AdjudicationView {
    let terminal: Terminal

    /// The lines to print.
    func lines(of document: Adjudication) -> [String] {
        var table = Table()
        let order = document.order
        let about = [
            order.orderID.map { "order \($0)" }, order.sku.map { "sku \($0)" }, order.category,
            order.region, order.value.map(Figures.money), order.carrier,
        ].compactMap { $0 }
        if !about.isEmpty { table.add("  item", about.joined(separator: " · ")) }
        for (index, reason) in document.decision.reasons.enumerated() {
            table.add(index == 0 ? "  why" : "", reason.code.rawValue)
        }
        table.add("  says", document.rationale.reviewer)
        if let probabilities = document.probabilities?.calibrated {
            for severity in Severity.allCases {
                let share = probabilities[severity]
                table.add(
                    severity == .none ? "  severity" : "",
                    "\(Figures.bar(share, width: 12)) \(severity.name) \(Figures.percent(share))")
            }
        }
        for (index, finding) in document.damage.enumerated() {
            table.add(
                index == 0 ? "  damage" : "",
                "\(finding.type.rawValue) \(Figures.percent(finding.probability)) "
                    + "(photo \(finding.photo), \(Figures.percent(finding.areaRatio)) of it)")
        }
        if let comparison = document.comparison { add(comparison, to: &table) }
        for photo in document.photos { table.add(photo.index == 0 ? "  photos" : "", line(photo)) }
        for photo in document.undecodablePhotos {
            table.add("", "\(photo.index) not decodable: \(photo.code)")
        }
        table.add(
            "  policy",
            "\(document.policy.id) \(document.policy.version), rule "
                + document.policy.rule)
        if let timings = document.timings {
            table.add("  time", line(timings, compared: document.comparison != nil))
        }
        if let audit = document.audit { table.add("  audit", "entry \(audit.seq), \(audit.hash)") }
        return [headline(document)] + table.lines
    }

    private func headline(_ document: Adjudication) -> String {
        let decision = document.decision
        var text = terminal.styled(
            decision.outcome.title, .bold, decision.outcome.style)
        if !decision.outcome.isFinal {
            text += ", recommended \(decision.recommended.rawValue)"
        }
        text += " (\(Figures.sureness(decision.confidence)) sure)"
        return text + "  " + terminal.styled(document.id.description, .dim)
    }

    private func add(_ comparison: ItemComparison, to table: inout Table) {
        let count = comparison.referenceCount
        let references = count == 1 ? "1 reference" : "\(count) references"
        table.add(
            "  compared",
            comparison.comparable
                ? "with \(references): score \(Figures.ratio(comparison.score)), p "
                    + "\(Figures.ratio(comparison.pValue)) (photo \(comparison.photo))"
                : "no photo shows the view of \(references)")
        if !comparison.isRightItem { table.add("", "more like another product") }
        if let since = comparison.sincePacking {
            table.add(
                "",
                since.isChanged
                    ? "changed since it was packed (photo \(since.photo))"
                    : "no change found since it was packed")
        }
    }

    private func line(_ photo: AdjudicatedPhoto) -> String {
        let issues = photo.quality.issues.map(\.rawValue)
        return "\(photo.index) \(photo.view.rawValue) \(photo.width)x\(photo.height) "
            + "\(photo.format)" + (issues.isEmpty ? "" : ", " + issues.joined(separator: ", "))
    }

    private func line(_ timings: StageTimings, compared: Bool) -> String {
        var stages = [
            ("decode", timings.decode), ("quality", timings.quality), ("network", timings.network),
        ]
        if compared { stages.append(("comparison", timings.comparison)) }
        stages += [("policy", timings.policy), ("record", timings.record)]
        let parts = stages.map { "\($0) \(Figures.milliseconds($1))" }
        return "total \(Figures.milliseconds(timings.total)): " + parts.joined(separator: ", ")
    }
}

extension Outcome {
    /// The outcome in capitals, as a headline.
    var title: String { rawValue.uppercased().replacing("_", with: " ") }

    /// The colour it is shown in.
    var style: TextStyle {
        switch self {
        case .resell: .green
        case .refurbish: .yellow
        case .reject: .red
        case .humanReview: .magenta
        case .retake: .cyan
        }
    }
}
