import ReturnsDomain

// What the reviewer does.
extension ReviewSession {
    mutating func press(_ key: Key) -> [SessionEffect] {
        guard !isEnding else { return [] }
        switch key {
        case .control("l"): return [.redraw]
        case .control("z"): return [.suspend]
        case .control("c"): return beginEnding()
        default: break
        }
        switch mode {
        case .looking: return look(key)
        case .choosingReason(let outcome): return chooseReason(key, outcome)
        case .commenting(let editor, let pending): return write(key, editor, pending)
        case .help:
            mode = .looking
            return []
        }
    }

    mutating func paste(_ text: String) {
        guard case .commenting(var editor, let pending) = mode else { return }
        noticeFull(isFull: !editor.insert(text))
        mode = .commenting(editor, then: pending)
    }

    private mutating func look(_ key: Key) -> [SessionEffect] {
        guard let action = terms.keys.action(of: key) else { return [] }
        switch action {
        case .help: mode = .help
        case .quit: return beginEnding()
        case .undo: return undo()
        default: return act(action)
        }
        return []
    }

    /// Actions on the case that is shown; without one they do nothing.
    private mutating func act(_ action: ReviewAction) -> [SessionEffect] {
        guard var held = current else { return [] }
        if let outcome = action.outcome {
            choose(outcome, held)
            return []
        }
        let page = max(ScreenLayout(size: size).record.rows - 1, 1)
        switch action {
        case .heat: toggleHeatMap(&held)
        case .nextPhoto: held.shownPhoto = min(held.shownPhoto + 1, held.lastPhoto)
        case .previousPhoto: held.shownPhoto = max(held.shownPhoto - 1, 0)
        case .up: held.scroll -= 1
        case .down: held.scroll += 1
        case .pageUp: held.scroll -= page
        case .pageDown: held.scroll += page
        case .comment:
            mode = .commenting(editor(for: held), then: nil)
        case .open:
            if let photo = held.photoIndex {
                return [.openViewer(held.record.task, photo: photo)]
            }
        case .release: return release(held)
        default: break
        }
        let record = RecordLines.lines(of: held.record, size: size, position: held.shownPhoto)
        let last = max(0, record.count - ScreenLayout(size: size).record.rows)
        held.scroll = min(max(held.scroll, 0), last)
        current = held
        return []
    }

    private mutating func choose(_ outcome: Outcome, _ held: HeldCase) {
        if held.isLost {
            notice = Notice(
                kind: .trouble, text: "the lease has ended, so this case cannot be decided here")
        } else {
            notice = nil
            mode = .choosingReason(outcome)
        }
    }

    private mutating func toggleHeatMap(_ held: inout HeldCase) {
        switch held.heatMaps {
        case .missing(let why): notice = Notice(kind: .warning, text: "no heat map: \(why)")
        case .loading:
            held.showsHeatMap.toggle()
            if held.showsHeatMap {
                notice = .heatMapUnderWay
            }
        case .ready:
            held.showsHeatMap.toggle()
            notice = nil
        }
    }

    private func editor(for held: HeldCase) -> LineEditor {
        LineEditor(comments[held.id] ?? "", byteCountLimit: terms.commentByteCountLimit)
    }

    private mutating func chooseReason(_ key: Key, _ outcome: Outcome) -> [SessionEffect] {
        guard let held = current else { return [] }
        if key == .escape {
            mode = .looking
            return []
        }
        if let other = terms.keys.action(of: key)?.outcome, terms.keys.reason(of: key) == nil {
            mode = .choosingReason(other)
            return []
        }
        let agrees = held.suggestsAgreement(outcome)
        guard
            let reason = key == .enter && agrees
                ? ReasonCode.reviewAgrees : terms.keys.reason(of: key)
        else { return [] }
        if reason == .reviewAgrees, !agrees {
            let recommended = held.record.task.adjudication.decision.recommended.rawValue
            notice = Notice(
                kind: .warning,
                text: held.record.isBlind
                    ? "there is nothing to agree with: this case is judged afresh"
                    : "you decide otherwise than recommended (\(recommended))")
            return []
        }
        let pending = PendingDecision(outcome: outcome, reason: reason)
        if reason == .reviewPolicyException, (comments[held.id] ?? "").isEmpty {
            notice = Notice(kind: .warning, text: "an exception is explained in the comment")
            mode = .commenting(editor(for: held), then: pending)
            return []
        }
        return decide(held, pending)
    }

    /// Sends the decision off and shows the next case at once; a refusal brings this one back.
    private mutating func decide(
        _ held: HeldCase, _ pending: PendingDecision
    ) -> [SessionEffect] {
        mode = .looking
        notice = Notice(kind: .done, text: "recording \(pending.outcome.rawValue) …")
        recording[held.id] = DecidedCase(held: held, outcome: pending.outcome)
        let comment = comments[held.id] ?? ""
        let forgotten = goOn()
        return [
            .decide(
                ReviewDecision(
                    task: held.id, lease: held.record.lease.lease, reviewer: terms.reviewer,
                    outcome: pending.outcome, reason: pending.reason,
                    comment: comment.isEmpty ? nil : comment))
        ] + forgotten
    }

    private mutating func write(
        _ key: Key, _ editor: LineEditor, _ pending: PendingDecision?
    ) -> [SessionEffect] {
        guard let held = current else { return [] }
        var editor = editor
        switch key {
        case .escape:
            mode = .looking
            return []
        case .enter:
            let text = editor.text.trimmed
            comments[held.id] = text.isEmpty ? nil : text
            mode = .looking
            notice = nil
            guard let pending else { return [] }
            return text.isEmpty ? [] : decide(held, pending)
        case .character(let character): noticeFull(isFull: !editor.insert(String(character)))
        default: if !editor.edit(key) { return [] }
        }
        mode = .commenting(editor, then: pending)
        return []
    }

    private mutating func noticeFull(isFull: Bool) {
        guard isFull else { return }
        notice = Notice(
            kind: .warning, text: "a comment has at most \(terms.commentByteCountLimit) bytes")
    }

    private mutating func undo() -> [SessionEffect] {
        guard let undoable, !isUndoing else {
            let text =
                recording.isEmpty ? "there is nothing to undo" : "still recording, try again"
            notice = Notice(kind: .warning, text: text)
            return []
        }
        isUndoing = true
        notice = Notice(kind: .done, text: "undoing \(undoable.outcome.rawValue) …")
        return [.undo(undoable.held.id, undoable.held.record.lease.lease)]
    }

    private mutating func release(_ held: HeldCase) -> [SessionEffect] {
        let forgotten = goOn()
        if held.isLost { return forgotten }
        skipped.insert(held.id)
        tally.releasedCount += 1
        releasing.insert(held.id)
        notice = Notice(kind: .done, text: "released: \(held.title) waits for someone else")
        return [.release(held.id, held.record.lease.lease)] + forgotten
    }

    /// Shows the next case, if there is one.
    private mutating func goOn() -> [SessionEffect] {
        let gone = current?.id
        current = waiting.isEmpty ? nil : waiting.removeFirst()
        pictures = pictures.filter { $0.key.task != gone }
        requested = requested.filter { $0.task != gone }
        return gone.map { [.forget($0)] } ?? []
    }

    mutating func beginEnding() -> [SessionEffect] {
        guard !isEnding else { return [] }
        isEnding = true
        mode = .looking
        notice = Notice(kind: .done, text: "giving back what is held …")
        let held = ([current].compactMap { $0 } + waiting).filter { !$0.isLost }
        current = nil
        waiting = []
        releasing.formUnion(held.map(\.id))
        return held.map { .release($0.id, $0.record.lease.lease) }
    }

    mutating func endIfDone() -> [SessionEffect] {
        guard recording.isEmpty, releasing.isEmpty, !isLeasing, !isUndoing, !hasEnded else {
            return []
        }
        // A decision that was refused while ending came back and must be given back too.
        if let held = current, !held.isLost {
            current = nil
            releasing.insert(held.id)
            return [.release(held.id, held.record.lease.lease)]
        }
        hasEnded = true
        return [.end]
    }
}

extension HeldCase {
    fileprivate var lastPhoto: Int { max(photoIndexes.count - 1, 0) }

    /// Whether deciding this outcome agrees with the recommendation.
    func suggestsAgreement(_ outcome: Outcome) -> Bool {
        !record.isBlind && record.task.adjudication.decision.recommended == outcome
    }
}

extension String {
    /// Without spaces at both ends.
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
