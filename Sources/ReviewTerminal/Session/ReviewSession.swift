package import ReturnsDomain

/// A review session: what is held, what is shown, what the reviewer is about to do.
///
/// Pure: ``handle(_:at:)`` turns an event into a new state and effects; whoever runs the effects
/// answers with events. One case is leased ahead, so that the next one is on the screen as soon as
/// the present one is decided. Times are on the session's own clock, which never steps.
package struct ReviewSession: Sendable {
    /// What does not change during a session.
    package struct Terms: Sendable {
        /// The reviewer's name.
        package var reviewer: String
        /// How long a lease lasts from its beginning or extension.
        package var leaseDuration: Duration
        /// After this long without a key, leases are no longer extended.
        package var idleLimit: Duration
        /// Which key does what.
        package var keys: KeyMap
        /// Whether pictures can be shown.
        package var showsPictures: Bool
        /// The most bytes of a comment.
        package var commentByteCountLimit: Int

        /// Creates terms.
        package init(
            reviewer: String, leaseDuration: Duration, idleLimit: Duration, keys: KeyMap,
            showsPictures: Bool, commentByteCountLimit: Int
        ) {
            self.reviewer = reviewer
            self.leaseDuration = leaseDuration
            self.idleLimit = idleLimit
            self.keys = keys
            self.showsPictures = showsPictures
            self.commentByteCountLimit = commentByteCountLimit
        }
    }

    /// What keys mean at the moment.
    enum Mode: Hashable, Sendable {
        /// Looking at the case.
        case looking
        /// An outcome is chosen, its reason is asked for.
        case choosingReason(Outcome)
        /// Writing a comment; then the decision follows, if one is under way.
        case commenting(LineEditor, then: PendingDecision?)
        /// Reading the keys.
        case help
    }

    /// A decision that waits for its comment.
    struct PendingDecision: Hashable, Sendable {
        let outcome: Outcome
        let reason: ReasonCode
    }

    /// A sentence for the reviewer.
    struct Notice: Hashable, Sendable {
        enum Kind: Hashable, Sendable { case done, warning, trouble }
        let kind: Kind
        let text: String

        static let heatMapUnderWay = Notice(
            kind: .warning, text: "the heat map is being computed")
    }

    /// What was done in this session.
    package struct Tally: Hashable, Sendable {
        /// Decisions recorded, those taken back not counted.
        package var decidedCount = 0
        /// Decisions taken back.
        package var undoneCount = 0
        /// Cases given back undecided.
        package var releasedCount = 0
        /// Leases that ended before a decision.
        package var lostCount = 0
    }

    /// How often an empty queue is asked again.
    static let queueInterval = Duration.seconds(5)

    let terms: Terms
    package internal(set) var size: CellSize
    var now = Duration.zero
    var lastKeyAt = Duration.zero
    var mode = Mode.looking
    var notice: Notice?
    /// The case on the screen.
    var current: HeldCase?
    /// Cases leased ahead, the next one first.
    var waiting: [HeldCase] = []
    /// Cases whose decision is being recorded.
    var recording: [ReviewTaskID: DecidedCase] = [:]
    /// Leases that are being given back.
    var releasing: Set<ReviewTaskID> = []
    /// The decision that `undo` takes back.
    var undoable: DecidedCase?
    var isUndoing = false
    var isLeasing = false
    var queueIsEmpty = false
    var leaseAgainAt = Duration.zero
    /// Cases that the reviewer gave back; not offered again in this session.
    var skipped: Set<ReviewTaskID> = []
    /// Comments by case, kept when a lease is lost.
    var comments: [ReviewTaskID: String] = [:]
    var pictures: [PictureKey: PreparedPicture] = [:]
    var requested: Set<PictureKey> = []
    var isEnding = false
    var hasEnded = false
    package internal(set) var tally = Tally()

    /// Starts a session; ``start()`` says what to do first.
    package init(terms: Terms, size: CellSize) {
        self.terms = terms
        self.size = size
    }

    /// The task on the screen.
    package var shownTask: ReviewTaskID? { current?.id }

    /// The photo on the screen, as soon as the photos are loaded.
    package var shownPhoto: (task: ReviewTask, photo: Int)? {
        guard let current, let photo = current.photoIndex else { return nil }
        return (current.record.task, photo)
    }

    /// Whether the picture that the screen wants is there, or none is to be had.
    package var isPictureComplete: Bool {
        guard terms.showsPictures, let current else { return true }
        switch current.photos {
        case .loading: return false
        case .missing: return true
        case .ready:
            return current.pictureKey(place: ScreenLayout(size: size).picturePlace)
                .map { pictures[$0] != nil } ?? true
        }
    }

    /// The first effects.
    package mutating func start() -> [SessionEffect] { wanted() }

    /// Takes an event in.
    ///
    /// - Parameter now: The session's clock; never less than before.
    /// - Returns: What is to be done because of it.
    package mutating func handle(_ event: SessionEvent, at now: Duration) -> [SessionEffect] {
        self.now = now
        var effects: [SessionEffect]
        switch event {
        case .key, .pasted, .resized, .tick, .interrupted: effects = handleReviewer(event)
        default: effects = handleRecord(event)
        }
        effects += wanted()
        return effects
    }

    private mutating func handleReviewer(_ event: SessionEvent) -> [SessionEffect] {
        switch event {
        case .key(let key):
            lastKeyAt = now
            return press(key)
        case .pasted(let text):
            lastKeyAt = now
            paste(text)
            return []
        case .resized(let size):
            self.size = size
            pictures = [:]
            requested = []
            return [.redraw]
        case .interrupted: return beginEnding()
        default: return passTime()
        }
    }

    /// Marks ended leases as lost and extends the others while the reviewer works.
    private mutating func passTime() -> [SessionEffect] {
        guard !isEnding else { return [] }
        var effects: [SessionEffect] = []
        if current?.isLost == false, let until = current?.leasedUntil, until <= now {
            loseCurrent()
        }
        for ended in waiting where ended.leasedUntil <= now { effects.append(.forget(ended.id)) }
        waiting.removeAll { $0.leasedUntil <= now }
        if let until = undoable?.held.leasedUntil, until <= now { undoable = nil }
        if now - lastKeyAt < terms.idleLimit { effects += extendDueLeases() }
        return effects
    }

    private mutating func extendDueLeases() -> [SessionEffect] {
        var effects: [SessionEffect] = []
        func extend(_ held: inout HeldCase) {
            guard !held.isLost, held.heartbeatAt <= now else { return }
            held.heartbeatAt = now + terms.leaseDuration / 3
            effects.append(.extend(held.id, held.record.lease.lease))
        }
        if var held = current {
            extend(&held)
            current = held
        }
        for index in waiting.indices { extend(&waiting[index]) }
        return effects
    }

    /// What the state calls for: the next case, its photos, the pictures for the screen.
    mutating func wanted() -> [SessionEffect] {
        if isEnding { return endIfDone() }
        var effects: [SessionEffect] = []
        if waiting.isEmpty, !isLeasing, !queueIsEmpty || now >= leaseAgainAt {
            isLeasing = true
            effects.append(.leaseNext(skipping: skipped))
        }
        guard terms.showsPictures else { return effects }
        let place = ScreenLayout(size: size).picturePlace
        for held in [current].compactMap({ $0 }) + waiting {
            for key in held.wantedPictures(place: place) where !requested.contains(key) {
                requested.insert(key)
                effects.append(.prepare(key))
            }
        }
        return effects
    }
}

extension HeldCase {
    /// The picture on the screen and what a key shows next: the heat map, and the photos beside.
    fileprivate func wantedPictures(place: CellSize) -> [PictureKey] {
        let near = photoIndexes.indices.filter { abs($0 - shownPhoto) <= 1 }
            .sorted { abs($0 - shownPhoto) < abs($1 - shownPhoto) }
        let layers = heatMaps == .ready(true) ? [false, true] : [false]
        return near.flatMap { position in
            layers.map {
                PictureKey(
                    task: id, photo: photoIndexes[position], hasHeatMap: $0, place: place)
            }
        }
    }
}
