/// What the review queue's tables say of its state, before anything is computed from it.
public struct ReviewQueueFigures: Hashable, Sendable {
    /// Tasks that wait.
    public var openCount = 0
    /// Tasks in somebody's hands.
    public var leasedCount = 0
    /// Waiting tasks that nobody at work may be given: everyone answered or has seen the case.
    public var unservableCount = 0
    /// Tasks past their due time, waiting or in somebody's hands.
    public var overdueCount = 0
    /// When the oldest of the undecided tasks was opened.
    public var oldestOpenedAt: Timestamp?
    /// Appeals that are not decided.
    public var openAppealCount = 0
    /// The answers of each task that two or more reviewers answered, gold not included.
    public var sharedTasks: [[ReviewerAnswer]] = []
    /// What each reviewer did, by pseudonym; also those who left.
    public var reviewers: [ReviewerFigures] = []

    /// Creates empty figures.
    public init() {}
}

/// One reviewer's answer to one task.
public struct ReviewerAnswer: Hashable, Sendable {
    /// Who answered.
    public let reviewer: ReviewerID
    /// What.
    public let outcome: Outcome

    /// Creates an answer.
    public init(reviewer: ReviewerID, outcome: Outcome) {
        self.reviewer = reviewer
        self.outcome = outcome
    }
}

/// What one reviewer did.
public struct ReviewerFigures: Hashable, Sendable {
    /// The pseudonym.
    public let reviewer: ReviewerID
    /// The name; nil if it was erased.
    public let name: String?
    /// Answers that were not taken back.
    public let answerCount: Int
    /// Answers to cases of known answer, and how many were right.
    public let goldCount: Int
    /// How many of ``goldCount`` were right.
    public let goldRightCount: Int

    /// Creates figures.
    public init(
        reviewer: ReviewerID, name: String?, answerCount: Int, goldCount: Int, goldRightCount: Int
    ) {
        self.reviewer = reviewer
        self.name = name
        self.answerCount = answerCount
        self.goldCount = goldCount
        self.goldRightCount = goldRightCount
    }
}
