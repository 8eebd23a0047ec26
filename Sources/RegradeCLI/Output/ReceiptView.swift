import ReturnsDomain

/// What a receipt proves, as a person reads it: what, and what not.
struct ReceiptView {
    private let verdict: ReceiptVerdict

    init(_ verdict: ReceiptVerdict) {
        self.verdict = verdict
    }

    /// The lines to print.
    var lines: [String] {
        if let problem = verdict.problem { return ["the receipt is NOT valid: \(problem)"] }
        var table = Table()
        table.add("  log", verdict.log ?? "")
        for (name, value) in verdict.facts.sorted(by: { $0.key < $1.key }) {
            table.add("  \(name)", value)
        }
        return statements + table.lines
    }

    private var statements: [String] {
        let size = verdict.size ?? 0
        if let from = verdict.grownFrom {
            return [
                "proven: the log of \(from) entries is the beginning of the log of \(size)",
                "  if the root you kept for \(from) is the one below",
            ]
        }
        let about = verdict.inspection.map { " about \($0)" } ?? ""
        return [
            "proven: entry \(verdict.seq ?? 0) (\(verdict.kind ?? "")\(about), dated "
                + "\(verdict.at ?? "")) is in the log",
            "  that the key's owner signed over \(size) entries"
                + (verdict.hasDocument
                    ? ", and commits to the document in the receipt, which says what is below"
                    : "; no document is shown"),
            "not proven: that the date is right, that what was stated is true, that others were "
                + "shown the same log",
        ]
    }
}

/// What a receipt proves, for machines.
struct ReceiptReport: Encodable {
    let holds: Bool
    let problem: String?
    let log: String?
    let size: Int64?
    let seq: Int64?
    let from: Int64?
    let kind: String?
    let at: String?
    let inspection: String?
    let document_shown: Bool
    let facts: [String: String]

    init(_ verdict: ReceiptVerdict) {
        holds = verdict.holds
        problem = verdict.problem?.rawValue
        log = verdict.log
        size = verdict.size
        seq = verdict.seq
        from = verdict.grownFrom
        kind = verdict.kind
        at = verdict.at
        inspection = verdict.inspection
        document_shown = verdict.hasDocument
        facts = verdict.facts
    }
}
