import ReturnsDomain

/// The keys, over the whole screen.
enum HelpPanel {
    static func draw(on frame: inout Frame, _ keys: KeyMap) {
        let bottom = frame.size.rows - 2
        for row in 1..<bottom {
            frame.fill(row: row, columns: 0..<frame.size.columns, style: .plain)
        }
        frame.picture = nil
        frame.put("Keys", row: 1, column: 2, style: .bold)
        let entries =
            ReviewAction.allCases.map { action in
                (name(of: action, keys), action.explanation)
            } + [
                ("ctrl-l", "draw the screen anew"), ("ctrl-z", "back to the shell; fg returns"),
                ("ctrl-c", "quit"),
            ]
        let rowCount = max(1, bottom - 3)
        let columnWidth = frame.size.columns / ((entries.count + rowCount - 1) / rowCount)
        for (index, entry) in entries.enumerated() {
            let column = 2 + index / rowCount * columnWidth
            let row = 3 + index % rowCount
            guard row < bottom else { continue }
            frame.put(entry.0, row: row, column: column, style: .bold)
            frame.put(
                entry.1, row: row, column: column + 9, end: column + columnWidth - 1)
        }
    }

    private static func name(of action: ReviewAction, _ keys: KeyMap) -> String {
        let arrow: [ReviewAction: String] = [
            .nextPhoto: "→", .previousPhoto: "←", .up: "↑", .down: "↓",
        ]
        let key = keys.key(for: action)?.description ?? ""
        return arrow[action].map { "\(key) \($0)" } ?? key
    }
}

/// The reasons, in place of the record, so that the photo stays in sight.
enum ReasonPanel {
    static func draw(
        on frame: inout Frame, _ session: ReviewSession, _ outcome: Outcome,
        _ place: CellRectangle
    ) {
        let end = place.column + place.columns
        for row in place.row..<(place.row + place.rows) {
            frame.fill(row: row, columns: place.column..<end, style: .plain)
        }
        guard let held = session.current else { return }
        let agrees = held.suggestsAgreement(outcome)
        var row = place.row
        frame.put(
            outcome.rawValue.uppercased(), row: row, column: place.column,
            style: CellStyle(foreground: outcome.color, isBold: true))
        frame.put("because …", row: row, column: place.column + 11, end: end)
        row += 1
        for reason in ReasonCode.reviewerCodes where agrees || reason != .reviewAgrees {
            let key = session.terms.keys.key(for: reason)?.description ?? ""
            let suggestion = reason == .reviewAgrees ? " (or enter)" : ""
            frame.put(key, row: row, column: place.column + 1, style: .bold, end: end)
            frame.put(
                reason.explanation + suggestion, row: row, column: place.column + 4, end: end)
            row += 1
        }
        row += 1
        // The codes of damage, two in a row.
        let damage = ReasonCode.keyed.filter { !ReasonCode.reviewerCodes.contains($0) }
        for (index, reason) in damage.enumerated() {
            let column = place.column + 1 + index % 2 * (place.columns / 2)
            let key = session.terms.keys.key(for: reason)?.description ?? ""
            frame.put(key, row: row + index / 2, column: column, style: .bold, end: end)
            frame.put(
                TextLayout.clipped(reason.explanation, width: place.columns / 2 - 5),
                row: row + index / 2, column: column + 3, end: end)
        }
        row += (damage.count + 1) / 2 + 1
        guard let reply = held.record.replies[outcome] else { return }
        frame.put("the customer reads", row: row, column: place.column, style: .dim, end: end)
        for line in TextLayout.lines(of: "“\(reply)”", width: place.columns) {
            row += 1
            guard row < place.row + place.rows else { return }
            frame.put(line, row: row, column: place.column, end: end)
        }
    }
}

/// The last line: what can be pressed now.
enum KeyHints {
    static func text(_ keys: KeyMap, _ mode: ReviewSession.Mode) -> String {
        switch mode {
        case .help: return "any key goes back"
        case .choosingReason: return "a key gives the reason and decides · escape goes back"
        case .looking, .commenting: break
        }
        let hints: [(ReviewAction, String)] = [
            (.resell, "resell"), (.refurbish, "refurb"), (.reject, "reject"), (.retake, "retake"),
            (.heat, "heat"), (.comment, "note"), (.undo, "undo"), (.release, "release"),
            (.help, "help"), (.quit, "quit"),
        ]
        return hints.map { action, word in
            "\(keys.key(for: action)?.description ?? "-"):\(word)"
        }.joined(separator: " ")
    }
}
