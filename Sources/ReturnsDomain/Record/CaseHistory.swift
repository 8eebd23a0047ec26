/// Everything the record knows of one inspection, seen as a case.
public struct CaseHistory: Hashable, Sendable {
    /// All adjudications, the first by the machine, the last one standing.
    public let adjudications: [Adjudication]
    /// The review tasks, the first first; cases of known answer are not among them.
    public let tasks: [CaseTask]
    /// What the warehouse found, the first statement first.
    public let truths: [Truth]
    /// Where its photos came before with another order.
    public let sightings: [PhotoSighting]

    /// Creates a record.
    public init(
        adjudications: [Adjudication], tasks: [CaseTask], truths: [Truth],
        sightings: [PhotoSighting] = []
    ) {
        self.adjudications = adjudications
        self.tasks = tasks
        self.truths = truths
        self.sightings = sightings
    }
}

/// A review task as the record of its case lists it.
public struct CaseTask: Codable, Hashable, Sendable {
    /// Which task.
    public let task: ReviewTaskID
    /// What it is for.
    public let purpose: ReviewPurpose
    /// Where it stands.
    public let state: ReviewTaskState
    /// Why a person is asked.
    public let reasons: [ReasonCode]
    /// When it was opened.
    public let openedAt: Timestamp
    /// When it was decided.
    public let decidedAt: Timestamp?
    /// The outcome an appeal is against.
    public let against: Outcome?

    /// Creates an entry.
    public init(
        task: ReviewTaskID, purpose: ReviewPurpose, state: ReviewTaskState, reasons: [ReasonCode],
        openedAt: Timestamp, decidedAt: Timestamp?, against: Outcome?
    ) {
        self.task = task
        self.purpose = purpose
        self.state = state
        self.reasons = reasons
        self.openedAt = openedAt
        self.decidedAt = decidedAt
        self.against = against
    }

    private enum CodingKeys: String, CodingKey {
        case task, purpose, state, reasons, against
        case openedAt = "opened_at"
        case decidedAt = "decided_at"
    }
}

/// What a person or the warehouse said of a case, as a label for training.
public struct LabelledCase: Sendable {
    /// The machine's adjudication that was judged.
    public let machine: Adjudication
    /// What the last reviewer decided, if one did, with the reason.
    public let decided: (outcome: Outcome, reason: ReasonCode)?
    /// What the warehouse found, if it said so.
    public let truth: Truth?
    /// With which probability the case was drawn, in 0…1; nil unless drawn at random.
    public let samplingProbability: Double?
    /// The kept photos' indices.
    public let keptPhotos: Set<Int>

    /// Creates a label.
    public init(
        machine: Adjudication, decided: (outcome: Outcome, reason: ReasonCode)?, truth: Truth?,
        samplingProbability: Double?, keptPhotos: Set<Int>
    ) {
        self.machine = machine
        self.decided = decided
        self.truth = truth
        self.samplingProbability = samplingProbability
        self.keptPhotos = keptPhotos
    }
}
