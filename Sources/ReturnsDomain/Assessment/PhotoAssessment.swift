/// What is known of one photo after decoding, quality check and classification.
public struct PhotoAssessment: Hashable, Sendable {
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
    /// Whether the codec reported damage in the file; such a photo is never decided by machine.
    public let isDamagedFile: Bool
    /// How fit the photo is for judging.
    public let quality: PhotoQuality
    /// Severity as the network says it.
    public let raw: SeverityProbabilities
    /// Severity after calibration.
    public let calibrated: SeverityProbabilities
    /// Damage types above their thresholds, most likely first.
    public let damage: [DamageFinding]
    /// How unlike the training photos it is: the share of held-back photos that are more alike,
    /// 0…1.
    public let novelty: Double
    /// Where the evidence lies.
    public let heatMap: HeatMap
    /// What kind of goods it shows; nil if the model does not say.
    public let category: CategoryProbabilities?
    /// What it looks like, see ``PhotoFingerprint/look``.
    public let look: UInt64?

    /// Creates an assessment of one photo.
    public init(
        index: Int, sha256: ContentHash, view: PhotoView, width: Int, height: Int, format: String,
        isDamagedFile: Bool, quality: PhotoQuality, raw: SeverityProbabilities,
        calibrated: SeverityProbabilities, damage: [DamageFinding], novelty: Double,
        heatMap: HeatMap, category: CategoryProbabilities? = nil, look: UInt64? = nil
    ) {
        self.index = index
        self.sha256 = sha256
        self.view = view
        self.width = width
        self.height = height
        self.format = format
        self.isDamagedFile = isDamagedFile
        self.quality = quality
        self.raw = raw
        self.calibrated = calibrated
        self.damage = damage
        self.novelty = novelty
        self.heatMap = heatMap
        self.category = category
        self.look = look
    }
}
