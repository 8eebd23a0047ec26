/// The fitted map from raw scores to probabilities, with the thresholds that hold the stated risk.
///
/// The file `models/damage-v1.calibration.json` in memory, schema `regrade.calibration/1` or
/// `/2`; the format is described in `docs/calibration.md`. Checked on load by ``problems()``.
public struct Calibration: Codable, Hashable, Sendable {
    /// `regrade.calibration/1` or `regrade.calibration/2`.
    public let schema: String
    /// What documents cite.
    public let id: String
    /// When it was fitted.
    public let createdAt: Timestamp
    /// The model it belongs to; used with any other model, loading fails.
    public let model: ModelReference
    /// How severity logits are scaled.
    public let severity: SeverityScaling
    /// How damage-type logits are scaled and cut.
    public let types: TypeScaling
    /// The risk that the thresholds hold.
    public let risk: StatedRisk
    /// Which outcomes are possible at all.
    public let predictionSet: PredictionSetRule
    /// How embedding distances become a novelty.
    public let novelty: NoveltyScale
    /// When a photo contradicts the order's category; nil if the model does not say what it shows.
    public let category: CategoryRule?
    /// What a machine may decide; everything else goes to a person.
    public let automated: [AutomatedCategory]
    /// What was asked for and is not shown to hold, with what is missing; nil under schema 1.
    public let refused: [RefusedOutcome]?
    /// The confidence under which a person looks wherever no threshold of `automated` applies, 0…1.
    public let reviewThreshold: Double
    /// The number of groups it was fitted on.
    public let n: Int
    /// Held-back measures by name, such as `ece`.
    public let metrics: [String: Double]

    private enum CodingKeys: String, CodingKey {
        case schema, id, model, severity, types, risk, novelty, category, automated, refused, n
        case metrics
        case createdAt = "created_at"
        case predictionSet = "prediction_set"
        case reviewThreshold = "review_threshold"
    }

    /// Names the model by what it is and what it contains.
    public struct ModelReference: Codable, Hashable, Sendable {
        /// The model's name.
        public let name: String
        /// The model's version.
        public let version: String
        /// SHA-256 of the model file.
        public let sha256: ContentHash
    }

    /// Temperature scaling of the three continuation-ratio logits.
    ///
    /// - SeeAlso: Guo et al. 2017, arXiv 1706.04599.
    public struct SeverityScaling: Codable, Hashable, Sendable {
        /// `temperature`.
        public let method: String
        /// Divisors of the three logits, each above 0.
        public let temperatures: [Double]
    }

    /// Temperature scaling and cut-offs of the damage types.
    public struct TypeScaling: Codable, Hashable, Sendable {
        /// Divisor of every logit, above 0.
        public let temperature: Double
        /// The probability from which a type is reported, by the type's word; all eight.
        public let thresholds: [String: Double]
    }

    /// Pairs of an embedding distance and the share of held-back photos with a smaller one.
    public struct NoveltyScale: Codable, Hashable, Sendable {
        /// `[distance, share]`, both ascending.
        public let quantiles: [[Double]]
        /// The novelty from which a person looks, 0…1.
        public let threshold: Double
    }

    /// When a photo contradicts the category that the order states.
    public struct CategoryRule: Codable, Hashable, Sendable {
        /// The probability of the stated category below which a person looks, 0…1.
        public let minimumProbability: Double
        /// The share of held-back photos that lie below it although their category is right, 0…1.
        public let flaggedShare: Double

        private enum CodingKeys: String, CodingKey {
            case minimumProbability = "minimum_probability"
            case flaggedShare = "flagged_share"
        }
    }

    /// The evidence that admits a machine decision; nil if a person must decide.
    public func admission(category: String, outcome: Outcome) -> AdmittedOutcome? {
        automated.first { $0.category == category }?.outcomes[outcome.rawValue]
    }
}
