/// A question for a person, before it is recorded.
public struct ReviewTaskDraft: Hashable, Sendable {
    /// How urgent: money at stake times uncertainty, in major units of currency; at least 0.
    public let priority: Double
    /// When it should be decided.
    public let dueAt: Timestamp
    /// Why a person is asked.
    public let reasons: [ReasonCode]

    /// What the task is for.
    public let purpose: ReviewPurpose
    /// How much earlier it is served than its age says; see ``ReviewAgeing``.
    public let headStart: Duration
    /// How many reviewers have to answer without knowing of each other, at least 1.
    public let reviewersNeeded: Int
    /// With which probability a case like this was drawn, in 0…1; nil unless drawn at random.
    ///
    /// Its inverse is the case's weight in unbiased estimates.
    public let samplingProbability: Double?
    /// Whether a case of known answer is put into the queue together with this one.
    public let opensGold: Bool

    /// Creates a draft.
    ///
    /// - Parameter headStart: That of ``ReviewAgeing/standard`` if nil.
    public init(
        priority: Double, dueAt: Timestamp, reasons: [ReasonCode], purpose: ReviewPurpose = .review,
        headStart: Duration? = nil, reviewersNeeded: Int = 1, samplingProbability: Double? = nil,
        opensGold: Bool = false
    ) {
        self.priority = priority
        self.dueAt = dueAt
        self.reasons = reasons
        self.purpose = purpose
        self.headStart = headStart ?? ReviewAgeing.standard.headStart(priority: priority)
        self.reviewersNeeded = reviewersNeeded
        self.samplingProbability = samplingProbability
        self.opensGold = opensGold
    }
}

/// What a review task is for; the raw value is the database's word.
public enum ReviewPurpose: String, CaseIterable, Codable, Hashable, Sendable {
    /// The machine handed the case over.
    case review
    /// Drawn at random among the machine's decisions, to measure how right they are.
    case auditSample = "audit_sample"
    /// The customer appealed; goes to someone who has not seen the case.
    case appeal
    /// A case of known answer, to measure how right reviewers are; looks like any other.
    case gold
}

/// Where a review task stands.
public enum ReviewTaskState: String, CaseIterable, Codable, Hashable, Sendable {
    /// Waits for a reviewer.
    case open
    /// A reviewer holds it until the lease expires.
    case leased
    /// A reviewer has decided.
    case decided
}

/// One open or decided question for a person, with the hand-over record.
public struct ReviewTask: Hashable, Sendable {
    /// Which task.
    public let id: ReviewTaskID
    /// Which inspection it is about.
    public let inspection: InspectionID
    /// Where it stands.
    public let state: ReviewTaskState
    /// When it was opened.
    public let openedAt: Timestamp
    /// When it should be decided.
    public let dueAt: Timestamp
    /// How urgent, at least 0.
    public let priority: Double
    /// Why a person is asked.
    public let reasons: [ReasonCode]
    /// The machine's adjudication, with everything a reviewer needs to see.
    public let adjudication: Adjudication
    /// What the customer wrote; personal data.
    public let statement: String?
    /// What the customer wrote when appealing; personal data.
    public let appealStatement: String?
    /// Whether the reviewer must judge afresh: ``adjudication`` then holds nobody's judgement, and
    /// its `recommended` and `confidence` mean nothing.
    public let isBlind: Bool
    /// Codes of what the photos' metadata say of editing, such as `editing_software`.
    public let metadataSigns: [String]
    /// Where its photos came before with another order; empty also where nobody looked, as in
    /// lists.
    public var seenBefore: [PhotoSighting]

    /// Creates a task.
    public init(
        id: ReviewTaskID, inspection: InspectionID, state: ReviewTaskState, openedAt: Timestamp,
        dueAt: Timestamp, priority: Double, reasons: [ReasonCode], adjudication: Adjudication,
        statement: String?, appealStatement: String? = nil, isBlind: Bool = false,
        metadataSigns: [String] = [], seenBefore: [PhotoSighting] = []
    ) {
        self.id = id
        self.inspection = inspection
        self.state = state
        self.openedAt = openedAt
        self.dueAt = dueAt
        self.priority = priority
        self.reasons = reasons
        self.adjudication = adjudication
        self.statement = statement
        self.appealStatement = appealStatement
        self.isBlind = isBlind
        self.metadataSigns = metadataSigns
        self.seenBefore = seenBefore
    }
}

/// A review task in one reviewer's hands.
public struct LeasedReviewTask: Hashable, Sendable {
    /// The task.
    public var task: ReviewTask
    /// What the reviewer shows to decide or release it: stale once another lease was given.
    public let lease: LeaseID
    /// When the lease ends by the wall clock; the store itself counts on a monotonic clock.
    public let expiresAt: Timestamp

    /// Creates a leased task.
    public init(task: ReviewTask, lease: LeaseID, expiresAt: Timestamp) {
        self.task = task
        self.lease = lease
        self.expiresAt = expiresAt
    }
}

/// What a reviewer decided.
public struct ReviewDecision: Hashable, Sendable {
    /// Which task.
    public let task: ReviewTaskID
    /// The lease under which it is decided.
    public let lease: LeaseID
    /// The reviewer's name.
    public let reviewer: String
    /// Resell, refurbish, reject or retake.
    public let outcome: Outcome
    /// Why, one of ``ReasonCode/reviewerCodes`` or a damage code.
    public let reason: ReasonCode
    /// Free text for colleagues; may hold personal data.
    public let comment: String?

    /// Creates a decision.
    public init(
        task: ReviewTaskID, lease: LeaseID, reviewer: String, outcome: Outcome,
        reason: ReasonCode, comment: String? = nil
    ) {
        self.task = task
        self.lease = lease
        self.reviewer = reviewer
        self.outcome = outcome
        self.reason = reason
        self.comment = comment
    }
}

/// A person who reviews.
public struct Reviewer: Codable, Hashable, Sendable {
    /// The pseudonym under which the audit log knows the person.
    public let id: ReviewerID
    /// The name the person works under, unique among reviewers.
    public let name: String
    /// When the person was added.
    public let addedAt: Timestamp

    /// Creates a reviewer.
    public init(id: ReviewerID, name: String, addedAt: Timestamp) {
        self.id = id
        self.name = name
        self.addedAt = addedAt
    }

    private enum CodingKeys: String, CodingKey {
        case id, name
        case addedAt = "added_at"
    }
}
