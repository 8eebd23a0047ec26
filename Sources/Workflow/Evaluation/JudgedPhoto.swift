import ReturnsDomain

/// A labelled photo with what the model says of it.
public struct JudgedPhoto: Hashable, Sendable {
    /// What is known.
    public let label: LabelledPhoto
    /// Width of the upright photo in pixels.
    public let width: Int
    /// Height of the upright photo in pixels.
    public let height: Int
    /// Whether a machine could decide on it at all: fit for judging, and the file is whole.
    public let isFit: Bool
    /// The three continuation-ratio logits.
    public let severityLogits: [Double]
    /// How far it is from the training photos.
    public let noveltyDistance: Double

    /// Puts label and scores together.
    package init(
        label: LabelledPhoto, width: Int, height: Int, isFit: Bool, severityLogits: [Double],
        noveltyDistance: Double
    ) {
        self.label = label
        self.width = width
        self.height = height
        self.isFit = isFit
        self.severityLogits = severityLogits
        self.noveltyDistance = noveltyDistance
    }

    /// Severity under temperatures; three ones are the network's own opinion.
    func severity(temperatures: [Double]) -> SeverityProbabilities {
        let scaled = zip(severityLogits, temperatures).map { Float($0 / $1) }
        return Calibration.rawSeverity(logits: scaled)
    }
}

/// A labelled photo that could not be read or decoded.
public struct UnreadablePhoto: Codable, Hashable, Sendable {
    /// The path as the labels state it.
    public let path: String
    /// The stable error code.
    public let code: String
}
