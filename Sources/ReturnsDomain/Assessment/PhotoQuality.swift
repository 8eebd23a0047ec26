/// How fit a photo is for judging, and what is wrong with it.
public struct PhotoQuality: Codable, Hashable, Sendable {
    /// Sharpness, 0…1; under about 0.1 edges are lost.
    public let sharpness: Double
    /// Mean luminance, 0 black … 1 white.
    public let exposure: Double
    /// What is wrong, as reason codes `photo_…`; a photo with an issue is not judged automatically.
    public let issues: [ReasonCode]

    /// Creates a judgement of quality.
    public init(sharpness: Double, exposure: Double, issues: [ReasonCode]) {
        self.sharpness = sharpness
        self.exposure = exposure
        self.issues = issues
    }

    /// Whether the photo shows enough to be judged.
    public var isUsable: Bool { issues.isEmpty }
}
