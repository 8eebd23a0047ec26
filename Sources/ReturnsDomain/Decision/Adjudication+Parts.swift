/// Severity before and after calibration.
public struct SeverityEstimate: Codable, Hashable, Sendable {
    /// As the network says it.
    public let raw: SeverityProbabilities
    /// After calibration.
    public let calibrated: SeverityProbabilities

    /// Creates an estimate.
    public init(raw: SeverityProbabilities, calibrated: SeverityProbabilities) {
        self.raw = raw
        self.calibrated = calibrated
    }
}

/// One photo as the document lists it.
public struct AdjudicatedPhoto: Codable, Hashable, Sendable {
    /// Position among the item's photos, from 0.
    public let index: Int
    /// SHA-256 of the bytes received.
    public let sha256: ContentHash
    /// Which side the sender says it shows.
    public let view: PhotoView
    /// Width of the upright photo at full size, in pixels.
    public let width: Int
    /// Height of the upright photo at full size, in pixels.
    public let height: Int
    /// `jpeg` or `png`.
    public let format: String
    /// How fit the photo is for judging.
    public let quality: PhotoQuality
    /// Calibrated severity of this photo alone.
    public let severity: SeverityProbabilities
    /// How unlike the training photos it is, 0…1.
    public let novelty: Double
    /// The category that it most likely shows; nil if the model does not say.
    public let category: ShownCategory?

    /// Lists an assessed photo.
    public init(_ photo: PhotoAssessment) {
        index = photo.index
        sha256 = photo.sha256
        view = photo.view
        width = photo.width
        height = photo.height
        format = photo.format
        quality = photo.quality
        severity = photo.calibrated
        novelty = photo.novelty
        category = photo.category?.likeliest
    }
}

/// What the customer is told about automation.
public struct AutomationNotice: Codable, Hashable, Sendable {
    /// Whether a machine took part.
    public let used: Bool
    /// The sentence to show.
    public let notice: String
    /// Where an appeal is sent.
    public let humanPath: String

    /// Creates a notice.
    public init(used: Bool, notice: String, humanPath: String) {
        self.used = used
        self.notice = notice
        self.humanPath = humanPath
    }

    private enum CodingKeys: String, CodingKey {
        case used, notice
        case humanPath = "human_path"
    }
}

/// Names the model, its preprocessing and its calibration.
public struct ModelVersion: Codable, Hashable, Sendable {
    /// The model's name.
    public let name: String
    /// The model's version.
    public let version: String
    /// SHA-256 of the model file.
    public let sha256: ContentHash
    /// What happens to pixels before the network, in short.
    public let preprocessing: String
    /// The id of the calibration.
    public let calibration: String

    /// Names a model.
    public init(
        name: String, version: String, sha256: ContentHash, preprocessing: String,
        calibration: String
    ) {
        self.name = name
        self.version = version
        self.sha256 = sha256
        self.preprocessing = preprocessing
        self.calibration = calibration
    }
}

/// Names the policy and the rule of it that applied.
public struct PolicyVersion: Codable, Hashable, Sendable {
    /// The policy's id.
    public let id: String
    /// The policy's version.
    public let version: String
    /// SHA-256 of the policy file.
    public let sha256: ContentHash
    /// The id of the rule that applied.
    public let rule: String

    /// Names a policy and a rule.
    public init(id: String, version: String, sha256: ContentHash, rule: String) {
        self.id = id
        self.version = version
        self.sha256 = sha256
        self.rule = rule
    }
}

/// How long each stage took, in milliseconds.
public struct StageTimings: Codable, Hashable, Sendable {
    /// Decoding all photos.
    public var decode: Double
    /// Judging their quality.
    public var quality: Double
    /// Resizing and the network.
    public var network: Double
    /// Comparing with reference photos; 0 where there are none.
    public var comparison: Double
    /// Fusing and deciding.
    public var policy: Double
    /// Keeping photos and committing; 0 when nothing was recorded.
    public var record: Double
    /// From the first byte read to the answer.
    public var total: Double

    /// Creates timings, all zero unless stated.
    public init(
        decode: Double = 0, quality: Double = 0, network: Double = 0, comparison: Double = 0,
        policy: Double = 0, record: Double = 0, total: Double = 0
    ) {
        self.decode = decode
        self.quality = quality
        self.network = network
        self.comparison = comparison
        self.policy = policy
        self.record = record
        self.total = total
    }
}

extension StageTimings {
    /// Reads timings; those from before there were comparisons have none.
    ///
    /// - Throws: `DecodingError` naming the member that is wrong.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            decode: container.decode(Double.self, forKey: .decode),
            quality: container.decode(Double.self, forKey: .quality),
            network: container.decode(Double.self, forKey: .network),
            comparison: container.decodeIfPresent(Double.self, forKey: .comparison) ?? 0,
            policy: container.decode(Double.self, forKey: .policy),
            record: container.decode(Double.self, forKey: .record),
            total: container.decode(Double.self, forKey: .total))
    }
}

/// An entry of the audit log.
public struct AuditPosition: Codable, Hashable, Sendable {
    /// The entry's sequence number, from 1.
    public let seq: Int64
    /// The entry's hash.
    public let hash: ContentHash

    /// Names an entry.
    public init(seq: Int64, hash: ContentHash) {
        self.seq = seq
        self.hash = hash
    }
}
