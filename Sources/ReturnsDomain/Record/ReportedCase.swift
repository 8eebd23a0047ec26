/// One inspection as reports see it: what happened when, and nothing of the customer.
public struct ReportedCase: Hashable, Sendable {
    /// Which inspection.
    public var id: InspectionID
    /// When its first photos came in.
    public var submittedAt: Timestamp
    /// The product's category, if the shop stated one.
    public var category: String?
    /// The customer's market, if the shop stated one.
    public var region: String?
    /// What the item is worth, if the shop stated it.
    public var value: Money?
    /// Who brought the item to the customer, if the shop stated it.
    public var carrier: String?
    /// How many photos were judged.
    public var photoCount: Int
    /// What the machine made of each submission, in order; empty for an erased case.
    public var judgements: [Judgement]
    /// What reviewers settled, in order.
    public var settlements: [Settlement]
    /// The questions put to people.
    public var tasks: [Task]
    /// The customer's appeals, in order.
    public var appeals: [Appeal]
    /// What the warehouse found, the last statement; nil if it said nothing yet.
    public var truth: Finding?

    /// Creates a case to which nothing happened yet.
    public init(
        id: InspectionID, submittedAt: Timestamp, category: String? = nil, region: String? = nil,
        value: Money? = nil, carrier: String? = nil, photoCount: Int = 1,
        judgements: [Judgement] = [], settlements: [Settlement] = [], tasks: [Task] = [],
        appeals: [Appeal] = [], truth: Finding? = nil
    ) {
        self.id = id
        self.submittedAt = submittedAt
        self.category = category
        self.region = region
        self.value = value
        self.carrier = carrier
        self.photoCount = photoCount
        self.judgements = judgements
        self.settlements = settlements
        self.tasks = tasks
        self.appeals = appeals
        self.truth = truth
    }

    /// What the machine made of one submission.
    public struct Judgement: Hashable, Sendable {
        /// When.
        public var at: Timestamp
        /// What it decided, which may be that a person decides.
        public var outcome: Outcome
        /// The final outcome it held most likely right.
        public var recommended: Outcome
        /// The severity behind the recommendation.
        public var severity: Severity
        /// The calibrated probability that the recommendation is right, 0…1.
        public var confidence: Double
        /// The final outcomes it did not exclude.
        public var predictionSet: [Outcome]
        /// Why.
        public var reasons: [ReasonCode]
        /// Whether a photo is unlike the item's own from when it was packed; nil if none could be
        /// compared.
        public var isChangedSincePacking: Bool?

        /// Creates a judgement.
        public init(
            at: Timestamp, outcome: Outcome, recommended: Outcome, severity: Severity,
            confidence: Double, predictionSet: [Outcome], reasons: [ReasonCode],
            isChangedSincePacking: Bool?
        ) {
            self.at = at
            self.outcome = outcome
            self.recommended = recommended
            self.severity = severity
            self.confidence = confidence
            self.predictionSet = predictionSet
            self.reasons = reasons
            self.isChangedSincePacking = isChangedSincePacking
        }
    }

    /// What reviewers settled.
    public struct Settlement: Hashable, Sendable {
        /// When.
        public var at: Timestamp
        /// The outcome.
        public var outcome: Outcome

        /// Creates a settlement.
        public init(at: Timestamp, outcome: Outcome) {
            self.at = at
            self.outcome = outcome
        }
    }

    /// A question put to people.
    public struct Task: Hashable, Sendable {
        /// Why it was asked, as the queue knows it: `review`, `audit_sample`, `appeal`, `gold`.
        public var kind: String
        /// When it was opened.
        public var openedAt: Timestamp
        /// When someone first took it; nil if nobody did.
        public var firstLeasedAt: Timestamp?
        /// How likely it was to be drawn, above 0 and at most 1; nil if it was not drawn.
        public var samplingProbability: Double?
        /// The known answer of a gold task.
        public var expected: Outcome?
        /// The answers that stand, in order.
        public var answers: [Answer]

        /// Creates a task.
        public init(
            kind: String, openedAt: Timestamp, firstLeasedAt: Timestamp? = nil,
            samplingProbability: Double? = nil, expected: Outcome? = nil, answers: [Answer] = []
        ) {
            self.kind = kind
            self.openedAt = openedAt
            self.firstLeasedAt = firstLeasedAt
            self.samplingProbability = samplingProbability
            self.expected = expected
            self.answers = answers
        }
    }

    /// One reviewer's answer.
    public struct Answer: Hashable, Sendable {
        /// The reviewer's pseudonym.
        public var reviewer: String
        /// When the reviewer took the task; nil if that is not known.
        public var leasedAt: Timestamp?
        /// When the reviewer decided.
        public var decidedAt: Timestamp
        /// What the reviewer decided.
        public var outcome: Outcome

        /// Creates an answer.
        public init(
            reviewer: String, leasedAt: Timestamp?, decidedAt: Timestamp, outcome: Outcome
        ) {
            self.reviewer = reviewer
            self.leasedAt = leasedAt
            self.decidedAt = decidedAt
            self.outcome = outcome
        }
    }

    /// A customer's appeal.
    public struct Appeal: Hashable, Sendable {
        /// When it was made.
        public var openedAt: Timestamp
        /// The outcome it was made against.
        public var against: Outcome
        /// When it was decided; nil while it is open.
        public var decidedAt: Timestamp?
        /// How it was decided.
        public var outcome: Outcome?

        /// Creates an appeal.
        public init(
            openedAt: Timestamp, against: Outcome, decidedAt: Timestamp? = nil,
            outcome: Outcome? = nil
        ) {
            self.openedAt = openedAt
            self.against = against
            self.decidedAt = decidedAt
            self.outcome = outcome
        }
    }

    /// What the warehouse found.
    public struct Finding: Hashable, Sendable {
        /// When it said so.
        public var at: Timestamp
        /// What should have become of the item.
        public var outcome: Outcome?
        /// How badly it is damaged.
        public var severity: Severity?
        /// What it was sold for.
        public var resaleValue: Money?

        /// Creates a finding.
        public init(
            at: Timestamp, outcome: Outcome? = nil, severity: Severity? = nil,
            resaleValue: Money? = nil
        ) {
            self.at = at
            self.outcome = outcome
            self.severity = severity
            self.resaleValue = resaleValue
        }
    }
}
