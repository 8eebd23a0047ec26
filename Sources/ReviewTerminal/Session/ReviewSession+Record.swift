import ReturnsDomain

// What the record and the background work answer.
extension ReviewSession {
    mutating func handleRecord(_ event: SessionEvent) -> [SessionEffect] {
        switch event {
        case .leased(let record): return receive(record)
        case .queueEmpty:
            isLeasing = false
            queueIsEmpty = true
            leaseAgainAt = now + Self.queueInterval
        case .leasingFailed(let sentence):
            isLeasing = false
            queueIsEmpty = true
            leaseAgainAt = now + Self.queueInterval
            notice = Notice(kind: .trouble, text: sentence)
        case .recorded(let task): recorded(task)
        case .decisionRefused(let task, let refusal): refused(task, refusal)
        case .undone(let record): return undone(record)
        case .undoRefused(let sentence):
            isUndoing = false
            undoable = nil
            notice = Notice(kind: .trouble, text: "not undone: \(sentence)")
        case .extended(let task, let remaining):
            change(task) { [now] in $0.leasedUntil = now + remaining }
        case .extensionRefused(let task, let refusal): return extensionRefused(task, refusal)
        case .released(let task): releasing.remove(task)
        case .viewer(let sentence): notice = Notice(kind: .warning, text: sentence)
        default: return handlePictures(event)
        }
        return []
    }

    private mutating func handlePictures(_ event: SessionEvent) -> [SessionEffect] {
        switch event {
        case .photosLoaded(let task, let indexes):
            change(task) { $0.photos = .ready(indexes) }
            guard let held = held(task) else { return [] }
            if held.record.isBlind {
                change(task) { $0.heatMaps = .missing("this case is judged afresh") }
                return []
            }
            return [.computeHeatMaps(held.record.task)]
        case .photosMissing(let task, let why):
            change(task) {
                $0.photos = .missing(why)
                $0.heatMaps = .missing(why)
            }
        case .heatMapsReady(let task):
            change(task) { $0.heatMaps = .ready(true) }
            if notice == .heatMapUnderWay { notice = nil }
        case .heatMapsMissing(let task, let why): change(task) { $0.heatMaps = .missing(why) }
        case .prepared(let key, let picture):
            // A picture for a place or a case that is gone would only take room.
            let isWanted = key.place == ScreenLayout(size: size).picturePlace
            if isWanted, held(key.task) != nil { pictures[key] = picture }
        default: break
        }
        return []
    }

    private func held(_ task: ReviewTaskID) -> HeldCase? {
        ([current].compactMap { $0 } + waiting).first { $0.id == task }
    }

    private mutating func change(_ task: ReviewTaskID, _ body: (inout HeldCase) -> Void) {
        if var held = current, held.id == task {
            body(&held)
            current = held
        }
        for index in waiting.indices where waiting[index].id == task { body(&waiting[index]) }
    }

    private mutating func receive(_ record: CaseRecord) -> [SessionEffect] {
        isLeasing = false
        queueIsEmpty = false
        if isEnding {
            releasing.insert(record.task.id)
            return [.release(record.task.id, record.lease.lease)]
        }
        let held = HeldCase(record, at: now, heartbeatAt: now + terms.leaseDuration / 3)
        if current == nil {
            current = held
        } else {
            waiting.append(held)
        }
        return terms.showsPictures ? [.loadPhotos(record.task)] : []
    }

    private mutating func recorded(_ task: ReviewTaskID) {
        guard let decided = recording.removeValue(forKey: task) else { return }
        comments[task] = nil
        tally.decidedCount += 1
        undoable = decided
        let undo = terms.keys.key(for: .undo).map { "; \($0) undoes" } ?? ""
        notice = Notice(
            kind: .done,
            text: "recorded: \(decided.outcome.rawValue) for \(decided.held.title)\(undo)")
    }

    /// A refused decision comes back on the screen with everything the reviewer entered.
    private mutating func refused(_ task: ReviewTaskID, _ refusal: Refusal) {
        guard let decided = recording.removeValue(forKey: task) else { return }
        if let current { waiting.insert(current, at: 0) }
        current = decided.held
        mode = .looking
        switch refusal {
        case .leaseLost: loseCurrent()
        case .other(let sentence):
            notice = Notice(kind: .trouble, text: "NOT recorded: \(sentence)")
        }
    }

    mutating func loseCurrent() {
        guard current?.isLost == false, let task = current?.id else { return }
        current?.isLost = true
        tally.lostCount += 1
        if case .commenting(let editor, _) = mode { comments[task] = editor.text }
        mode = .looking
        let next = terms.keys.key(for: .release)?.description ?? "enter"
        notice = Notice(
            kind: .trouble,
            text: "LEASE LOST: nothing was recorded, your comment is kept; \(next) goes on")
    }

    private mutating func extensionRefused(
        _ task: ReviewTaskID, _ refusal: Refusal
    ) -> [SessionEffect] {
        switch refusal {
        case .leaseLost:
            if current?.id == task {
                loseCurrent()
                return []
            }
            waiting.removeAll { $0.id == task }
            return [.forget(task)]
        case .other(let sentence):
            notice = Notice(kind: .warning, text: "lease not extended: \(sentence)")
            return []
        }
    }

    private mutating func undone(_ record: CaseRecord) -> [SessionEffect] {
        isUndoing = false
        tally.undoneCount += 1
        tally.decidedCount -= 1
        if let current { waiting.insert(current, at: 0) }
        undoable = nil
        let held = HeldCase(record, at: now, heartbeatAt: now)
        current = held
        mode = .looking
        notice = Notice(kind: .done, text: "undone: \(held.title) is open again")
        return terms.showsPictures ? [.loadPhotos(record.task)] : []
    }
}

extension HeldCase {
    /// How the screen calls the case.
    var title: String {
        let order = record.task.adjudication.order
        return order.orderID ?? order.sku ?? record.task.inspection.description
    }
}
