/// One type of damage seen in one photo.
public struct DamageFinding: Codable, Hashable, Sendable {
    /// What kind of damage.
    public let type: DamageType
    /// The calibrated probability, 0…1.
    public let probability: Double
    /// The index of the photo that shows it best.
    public let photo: Int
    /// The share of the photo that carries evidence of damage, 0…1.
    public let areaRatio: Double

    /// Creates a finding.
    public init(type: DamageType, probability: Double, photo: Int, areaRatio: Double) {
        self.type = type
        self.probability = probability
        self.photo = photo
        self.areaRatio = areaRatio
    }

    private enum CodingKeys: String, CodingKey {
        case type, probability, photo
        case areaRatio = "area_ratio"
    }
}
