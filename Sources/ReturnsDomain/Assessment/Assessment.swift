/// What the model says of an item, fused over its photos.
public struct Assessment: Hashable, Sendable {
    /// Severity as the network says it.
    public let raw: SeverityProbabilities
    /// Severity after calibration.
    public let calibrated: SeverityProbabilities
    /// Damage types over all usable photos, most likely first; at most one finding per type.
    public let damage: [DamageFinding]
    /// How unlike the training photos the most unlike usable photo is, 0…1.
    public let novelty: Double
    /// Whether usable photos of the same item contradict each other.
    public let photosDisagree: Bool
    /// The photos that could be decoded, by index; at least one.
    public let photos: [PhotoAssessment]
    /// The photos that could not be decoded.
    public let undecodablePhotos: [UndecodablePhoto]
    /// How the photos compare with references of the product; nil if there are none.
    public let comparison: ItemComparison?

    /// Creates an assessment of an item.
    ///
    /// - Precondition: `photos` is not empty.
    public init(
        raw: SeverityProbabilities, calibrated: SeverityProbabilities, damage: [DamageFinding],
        novelty: Double, photosDisagree: Bool, photos: [PhotoAssessment],
        undecodablePhotos: [UndecodablePhoto] = [], comparison: ItemComparison? = nil
    ) {
        precondition(!photos.isEmpty, "an assessment needs a photo that was decoded")
        self.raw = raw
        self.calibrated = calibrated
        self.damage = damage
        self.novelty = novelty
        self.photosDisagree = photosDisagree
        self.photos = photos
        self.undecodablePhotos = undecodablePhotos
        self.comparison = comparison
    }
}

/// A photo of an item that could not be decoded while others could.
public struct UndecodablePhoto: Codable, Hashable, Sendable {
    /// Position among the item's photos, from 0.
    public let index: Int
    /// SHA-256 of the bytes received.
    public let sha256: ContentHash
    /// The stable error code, such as `photo_truncated`.
    public let code: String

    /// Creates a record of a photo that could not be decoded.
    public init(index: Int, sha256: ContentHash, code: String) {
        self.index = index
        self.sha256 = sha256
        self.code = code
    }
}
