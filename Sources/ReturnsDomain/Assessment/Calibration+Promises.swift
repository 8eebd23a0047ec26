extension Calibration {
    /// The promise that at most this share of machine decisions is wrong.
    public struct StatedRisk: Codable, Hashable, Sendable {
        /// The accepted share of wrong decisions, 0…1; the largest of ``byOutcome``.
        public let errorRate: Double
        /// How sure the statement is, 0…1.
        public let confidence: Double
        /// The accepted share by the word of the outcome, 0…1; nil under schema 1, where
        /// ``errorRate`` holds for all.
        public let byOutcome: [String: Double]?
        /// How many statements share what ``confidence`` leaves (Bonferroni); nil under schema 1,
        /// where each stands for itself.
        public let statementCount: Int?

        /// States a risk.
        package init(
            errorRate: Double, confidence: Double, byOutcome: [String: Double]?,
            statementCount: Int?
        ) {
            self.errorRate = errorRate
            self.confidence = confidence
            self.byOutcome = byOutcome
            self.statementCount = statementCount
        }

        /// The accepted share of wrong decisions for one outcome, 0…1; 0 if others are stated
        /// and it is not.
        public func errorRate(of outcome: String) -> Double {
            guard let byOutcome else { return errorRate }
            return byOutcome[outcome] ?? 0
        }

        private enum CodingKeys: String, CodingKey {
            case errorRate = "error_rate"
            case confidence
            case byOutcome = "by_outcome"
            case statementCount = "statements"
        }
    }

    /// Least ambiguous set-valued classification, for all outcomes at once or for each.
    ///
    /// - SeeAlso: Sadinle et al. 2019, arXiv 1609.00451; Vovk 2012, arXiv 1209.2673.
    public struct PredictionSetRule: Codable, Hashable, Sendable {
        /// `lac`, or from schema 2 on `class_conditional`.
        public let method: String
        /// Under `lac`: an outcome is in the set if its calibrated probability is at least this.
        public let minimumProbability: Double?
        /// Under `class_conditional`: the same by the word of the outcome, each 0…1, for all.
        public let minimumProbabilities: [String: Double]?
        /// Under `class_conditional`: the share of the cases of each outcome whose set holds it.
        public let coverage: Double?
        /// Under `class_conditional`: the held-back cases of each outcome.
        public let counts: [String: Int]?

        /// States class-conditional sets.
        package init(
            minimumProbabilities: [String: Double], coverage: Double, counts: [String: Int]
        ) {
            method = Self.classConditional
            minimumProbability = nil
            self.minimumProbabilities = minimumProbabilities
            self.coverage = coverage
            self.counts = counts
        }

        static let classConditional = "class_conditional"

        /// The probability from which an outcome cannot be excluded, 0…1; 0 if nothing is stated.
        public func minimumProbability(of outcome: Outcome) -> Double {
            minimumProbabilities?[outcome.rawValue] ?? minimumProbability ?? 0
        }

        private enum CodingKeys: String, CodingKey {
            case method, coverage
            case minimumProbability = "minimum_probability"
            case minimumProbabilities = "minimum_probabilities"
            case counts = "n"
        }
    }

    /// What a machine may decide in one category.
    public struct AutomatedCategory: Codable, Hashable, Sendable {
        /// The category's word.
        public let category: String
        /// The admitted outcomes by their word.
        public let outcomes: [String: AdmittedOutcome]

        /// Admits outcomes.
        package init(category: String, outcomes: [String: AdmittedOutcome]) {
            self.category = category
            self.outcomes = outcomes
        }
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
        /// The share of the cases that were recommended this outcome and lie at or above the
        /// threshold, 0…1; nil under schema 1.
        public let coverage: Double?

        /// Admits an outcome.
        package init(
            threshold: Double, n: Int, errors: Int, errorUpperBound: Double, coverage: Double?
        ) {
            self.threshold = threshold
            self.n = n
            self.errors = errors
            self.errorUpperBound = errorUpperBound
            self.coverage = coverage
        }

        private enum CodingKeys: String, CodingKey {
            case threshold, n, errors, coverage
            case errorUpperBound = "error_upper_bound"
        }
    }

    /// An outcome that people decide in one category, since nothing shows that a machine may.
    public struct RefusedOutcome: Codable, Hashable, Sendable {
        /// The category's word.
        public let category: String
        /// The outcome's word.
        public let outcome: String
        /// Held-back cases that were recommended it.
        public let n: Int
        /// How many more are needed at least, even without any error; 0 if there were enough and
        /// too many of them were wrong.
        public let missing: Int

        /// Refuses an outcome.
        package init(category: String, outcome: String, n: Int, missing: Int) {
            self.category = category
            self.outcome = outcome
            self.n = n
            self.missing = missing
        }
    }

    /// The calibration with everything that was fitted anew; model, types and category stay.
    ///
    /// - Returns: A calibration of schema 2; check it with ``problems()`` before use.
    package func refitted(
        id: String, at moment: Timestamp, temperatures: [Double], risk: StatedRisk,
        predictionSet: PredictionSetRule, noveltyQuantiles: [[Double]],
        automated: [AutomatedCategory], refused: [RefusedOutcome], reviewThreshold: Double,
        n: Int, metrics: [String: Double]
    ) -> Calibration {
        Calibration(
            schema: Self.perOutcomeSchemaName, id: id, createdAt: moment, model: model,
            severity: SeverityScaling(method: severity.method, temperatures: temperatures),
            types: types, risk: risk, predictionSet: predictionSet,
            novelty: NoveltyScale(quantiles: noveltyQuantiles, threshold: novelty.threshold),
            category: category, automated: automated, refused: refused,
            reviewThreshold: reviewThreshold, n: n, metrics: metrics)
    }

    /// The same calibration under another id.
    package func withID(_ id: String) -> Calibration {
        Calibration(
            schema: schema, id: id, createdAt: createdAt, model: model, severity: severity,
            types: types, risk: risk, predictionSet: predictionSet, novelty: novelty,
            category: category, automated: automated, refused: refused,
            reviewThreshold: reviewThreshold, n: n, metrics: metrics)
    }
}
