/// The fitted map from raw scores to probabilities, with the thresholds that hold the stated risk.
///
/// The file `models/damage-v1.calibration.json` in memory, schema `regrade.calibration/1`; the
/// format is described in `docs/calibration.md`. Checked on load by ``problems()``.
public struct Calibration: Codable, Hashable, Sendable {
    /// `regrade.calibration/1`.
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
    /// What a machine may decide; everything else goes to a person.
    public let automated: [AutomatedCategory]
    /// The confidence under which a person looks wherever no threshold of `automated` applies, 0…1.
    public let reviewThreshold: Double
    /// The number of groups it was fitted on.
    public let n: Int
    /// Held-back measures by name, such as `ece`.
    public let metrics: [String: Double]

    private enum CodingKeys: String, CodingKey {
        case schema, id, model, severity, types, risk, novelty, automated, n, metrics
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

    /// The promise that at most this share of machine decisions is wrong.
    public struct StatedRisk: Codable, Hashable, Sendable {
        /// The accepted share of wrong decisions, 0…1.
        public let errorRate: Double
        /// How sure the statement is, 0…1.
        public let confidence: Double

        private enum CodingKeys: String, CodingKey {
            case errorRate = "error_rate"
            case confidence
        }
    }

    /// Least ambiguous set-valued classification.
    ///
    /// - SeeAlso: Sadinle et al. 2019, arXiv 1609.00451.
    public struct PredictionSetRule: Codable, Hashable, Sendable {
        /// `lac`.
        public let method: String
        /// An outcome is in the set if its calibrated probability is at least this, 0…1.
        public let minimumProbability: Double

        private enum CodingKeys: String, CodingKey {
            case method
            case minimumProbability = "minimum_probability"
        }
    }

    /// Pairs of an embedding distance and the share of held-back photos with a smaller one.
    public struct NoveltyScale: Codable, Hashable, Sendable {
        /// `[distance, share]`, both ascending.
        public let quantiles: [[Double]]
        /// The novelty from which a person looks, 0…1.
        public let threshold: Double
    }

    /// What a machine may decide in one category.
    public struct AutomatedCategory: Codable, Hashable, Sendable {
        /// The category's word.
        public let category: String
        /// The admitted outcomes by their word.
        public let outcomes: [String: AdmittedOutcome]
    }

    /// The evidence that admits one outcome in one category.
    public struct AdmittedOutcome: Codable, Hashable, Sendable {
        /// The confidence from which a machine may decide, 0…1.
        public let threshold: Double
        /// Held-back cases at or above the threshold.
        public let n: Int
        /// How many of them were wrong.
        public let errors: Int
        /// The upper bound of the error rate at the stated confidence, 0…1.
        public let errorUpperBound: Double

        private enum CodingKeys: String, CodingKey {
            case threshold, n, errors
            case errorUpperBound = "error_upper_bound"
        }
    }

    /// The evidence that admits a machine decision; nil if a person must decide.
    public func admission(category: String, outcome: Outcome) -> AdmittedOutcome? {
        automated.first { $0.category == category }?.outcomes[outcome.rawValue]
    }
}
