public import ReturnsDomain
public import Statistics

/// How a model fares on labelled photos, schema `regrade.evaluation/1`; see `docs/evaluating.md`.
public struct Evaluation: Codable, Sendable {
    /// `regrade.evaluation/1`.
    public let schema: String
    /// The model and its calibration.
    public let model: ModelVersion
    /// Photos that were judged.
    public let n: Int
    /// Groups they belong to.
    public let groupCount: Int
    /// Photos of them that are unfit for judging, which a machine would not decide on.
    public let unfitCount: Int
    /// Photos of them that the labels call training photos.
    public let trainingCount: Int
    /// Photos that could not be read or decoded.
    public let unreadable: [UnreadablePhoto]
    /// Damaged or intact: all, by category, by source.
    public let slices: [Slice]
    /// What a guess without looking would score.
    public let pixelFree: PixelFreeBaseline
    /// Severity against severity: all, by category.
    public let severities: [SeveritySlice]
    /// How good the probabilities are.
    public let questions: [Question]
    /// What the model was surest of and wrong about, the surest first.
    public let mistakes: [Mistake]
    /// How the intervals were found.
    public let intervals: Intervals

    private enum CodingKeys: String, CodingKey {
        case schema, model, n, unreadable, slices, severities, questions, mistakes, intervals
        case groupCount = "groups"
        case unfitCount = "unfit"
        case trainingCount = "training"
        case pixelFree = "pixel_free"
    }

    static let schemaName = "regrade.evaluation/1"

    /// How the intervals were found.
    public struct Intervals: Codable, Hashable, Sendable {
        /// 0…1.
        public let confidence: Double
        /// Bootstrap resamples.
        public let resamples: Int
        /// The seed of the resamples.
        public let seed: UInt64
    }

    /// Damaged or intact on some of the photos, at a calibrated probability of one half.
    public struct Slice: Codable, Hashable, Sendable {
        /// `all`, `category` or `source`.
        public let kind: String
        /// Which category or source.
        public let name: String
        /// Photos with a label.
        public let n: Int
        /// Damaged ones.
        public let damaged: Int
        /// Groups.
        public let groups: Int
        /// The chance that a damaged photo scores above an intact one.
        public let auroc: Figure
        /// The share judged rightly.
        public let accuracy: Figure
        /// The share of damaged photos judged damaged.
        public let recall: Figure
        /// The share of intact photos judged damaged.
        public let falsePositiveRate: Figure

        private enum CodingKeys: String, CodingKey {
            case kind, name, n, damaged, groups, auroc, accuracy, recall
            case falsePositiveRate = "false_positive_rate"
        }
    }

    /// Severity against severity.
    public struct SeveritySlice: Codable, Hashable, Sendable {
        /// `all`, or a category.
        public let name: String
        /// Photos of known severity.
        public let n: Int
        /// Cohen's kappa with squared distances.
        public let quadraticKappa: Figure
        /// Rows are the truth, columns the model: none, minor, moderate, severe.
        public let table: [[Int]]

        private enum CodingKeys: String, CodingKey {
            case name, n, table
            case quadraticKappa = "quadratic_kappa"
        }
    }

    /// One thing that the model states probabilities of.
    public struct Question: Codable, Hashable, Sendable {
        /// `damaged` or `outcome`.
        public let name: String
        /// The possible answers, in the order of ``table``.
        public let answers: [String]
        /// Photos whose answer is known.
        public let n: Int
        /// With all temperatures at 1.
        public let raw: Scores
        /// As the calibration says.
        public let calibrated: Scores
        /// How often the surest are wrong, at given coverages.
        public let atCoverage: [Selected]
        /// How many are answered, at given observed risks.
        public let atRisk: [Selected]
        /// The mean risk over all coverages.
        public let areaUnderRisk: Double?
        /// What of it a perfect order of the same answers would not have.
        public let excessArea: Double?
        /// The risk–coverage curve, thinned to at most 200 points.
        public let curve: [SelectiveRisk.Point]
        /// Rows are the truth, columns the model's answer.
        public let table: [[Int]]

        private enum CodingKeys: String, CodingKey {
            case name, answers, n, raw, calibrated, curve, table
            case atCoverage = "at_coverage"
            case atRisk = "at_risk"
            case areaUnderRisk = "aurc"
            case excessArea = "excess_aurc"
        }
    }

    /// How good probabilities are.
    public struct Scores: Codable, Hashable, Sendable {
        /// The mean gap between confidence and accuracy over 15 bins of equal size.
        public let calibrationError: Figure
        /// Mean squared distance, 0…2.
        public let brier: Double?
        /// Mean negative logarithm, in nats.
        public let logLoss: Double?
        /// The bins of the reliability plot.
        public let reliability: [Reliability.Bin]

        private enum CodingKeys: String, CodingKey {
            case brier, reliability
            case calibrationError = "ece"
            case logLoss = "nll"
        }
    }

    /// A point of the risk–coverage curve that was asked for.
    public struct Selected: Codable, Hashable, Sendable {
        /// The coverage or the risk that was asked for.
        public let asked: Double
        /// The point; nil if no point has so low a risk.
        public let point: SelectiveRisk.Point?
        /// The exact 95 % interval of the point's risk.
        public let interval: Interval?
    }

    /// One photo that was judged wrongly.
    public struct Mistake: Codable, Hashable, Sendable {
        /// As the labels state it.
        public let path: String
        /// The category, if stated.
        public let category: String?
        /// The source, if stated.
        public let source: String?
        /// What the label says.
        public let truth: String
        /// What the model says.
        public let answer: String
        /// How sure the model is, 0…1.
        public let confidence: Double
    }
}
