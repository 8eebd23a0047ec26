/// The adjudication document, schema `regrade.adjudication/1`: an outcome with its reasons,
/// confidence, prediction set, and the versions and hashes of everything that led to it.
///
/// The stored form has neither ``timings`` nor ``audit``; the audit entry commits to its bytes.
/// Both members are added in answers. See `docs/adjudication.md`.
public struct Adjudication: Hashable, Sendable {
    /// `regrade.adjudication/1`.
    public static let schemaName = "regrade.adjudication/1"

    /// The inspection it ends or hands over.
    public let id: InspectionID
    /// When it was made.
    public let createdAt: Timestamp
    /// Who made it.
    public let decidedBy: DecisionMaker
    /// What the shop stated; the statement and the consent are not part of the document.
    public let order: OrderData
    /// What was decided.
    public let decision: Decision
    /// Severity before and after calibration; nil only when nothing was decoded.
    public let probabilities: SeverityEstimate?
    /// Damage types found, most likely first.
    public let damage: [DamageFinding]
    /// Likeness to the reference photos of the SKU; nil until references exist.
    public let comparison: ItemComparison?
    /// The reasons in words.
    public let rationale: Rationale
    /// The photos that were judged.
    public let photos: [AdjudicatedPhoto]
    /// The photos that could not be decoded.
    public let undecodablePhotos: [UndecodablePhoto]
    /// What was automated and how to reach a person.
    public let automation: AutomationNotice
    /// The model that was used.
    public let model: ModelVersion
    /// The policy that was used.
    public let policy: PolicyVersion
    /// How long each stage took; nil in the stored form.
    public var timings: StageTimings?
    /// Where the audit log commits to it; nil in the stored form and when nothing was recorded.
    public var audit: AuditPosition?

    /// Creates an adjudication.
    public init(
        id: InspectionID, createdAt: Timestamp, decidedBy: DecisionMaker, order: OrderData,
        decision: Decision, probabilities: SeverityEstimate?, damage: [DamageFinding],
        comparison: ItemComparison? = nil, rationale: Rationale, photos: [AdjudicatedPhoto],
        undecodablePhotos: [UndecodablePhoto], automation: AutomationNotice, model: ModelVersion,
        policy: PolicyVersion, timings: StageTimings? = nil, audit: AuditPosition? = nil
    ) {
        self.id = id
        self.createdAt = createdAt
        self.decidedBy = decidedBy
        self.order = order
        self.decision = decision
        self.probabilities = probabilities
        self.damage = damage
        self.comparison = comparison
        self.rationale = rationale
        self.photos = photos
        self.undecodablePhotos = undecodablePhotos
        self.automation = automation
        self.model = model
        self.policy = policy
        self.timings = timings
        self.audit = audit
    }
}

/// Who decided.
public enum DecisionMaker: String, Codable, Hashable, Sendable {
    /// The model and the policy.
    case machine
    /// A person.
    case reviewer
}
