package import ReturnsDomain

/// What the screen shows of a case: the leased task with the words that the policy adds.
package struct CaseRecord: Hashable, Sendable {
    /// The task under its lease.
    package let lease: LeasedReviewTask
    /// The text of the policy rule that applied; nil if another policy was in force then.
    package let ruleText: String?
    /// What the customer will read after each outcome.
    package let replies: [Outcome: String]
    /// How long the lease still lasted when the record was made.
    package let leaseRemaining: Duration
    /// Whether the reviewer judges afresh, without the machine's proposal and heat map.
    package let isBlind: Bool
    /// What the customer wrote when appealing.
    package let appealStatement: String?

    /// Creates a record.
    package init(
        lease: LeasedReviewTask, ruleText: String?, replies: [Outcome: String],
        leaseRemaining: Duration, isBlind: Bool = false, appealStatement: String? = nil
    ) {
        self.leaseRemaining = leaseRemaining
        self.isBlind = isBlind
        self.appealStatement = appealStatement
        self.lease = lease
        self.ruleText = ruleText
        self.replies = replies
    }

    /// The task.
    package var task: ReviewTask { lease.task }
}

/// A case in the reviewer's hands.
struct HeldCase: Hashable, Sendable {
    /// Whether something that is fetched in the background is there.
    enum Availability<Value: Hashable & Sendable>: Hashable, Sendable {
        case loading
        case ready(Value)
        case missing(String)
    }

    var record: CaseRecord
    /// When the lease ends, on the session's clock.
    var leasedUntil: Duration
    /// When the lease is to be extended next.
    var heartbeatAt: Duration
    /// Whether the lease has ended before a decision.
    var isLost = false
    /// The indexes of the photos that can be shown.
    var photos = Availability<[Int]>.loading
    var heatMaps = Availability<Bool>.loading
    /// Position among the photos that can be shown.
    var shownPhoto = 0
    var showsHeatMap = false
    var scroll = 0

    init(_ record: CaseRecord, at now: Duration, heartbeatAt: Duration) {
        self.record = record
        leasedUntil = now + record.leaseRemaining
        self.heartbeatAt = heartbeatAt
    }

    var id: ReviewTaskID { record.task.id }

    /// The photos that can be shown, none while they are loaded.
    var photoIndexes: [Int] {
        if case .ready(let indexes) = photos { return indexes }
        return []
    }

    /// The index in the case of the photo on the screen.
    var photoIndex: Int? {
        photoIndexes.indices.contains(shownPhoto) ? photoIndexes[shownPhoto] : nil
    }

    /// Which picture the screen wants.
    func pictureKey(place: CellSize) -> PictureKey? {
        photoIndex.map {
            PictureKey(
                task: id, photo: $0, hasHeatMap: showsHeatMap && heatMaps == .ready(true),
                place: place)
        }
    }
}

/// A decision that was recorded and may be taken back.
struct DecidedCase: Hashable, Sendable {
    let held: HeldCase
    let outcome: Outcome
}
