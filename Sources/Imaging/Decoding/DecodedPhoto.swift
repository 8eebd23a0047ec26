/// A photo, decoded: upright, sRGB, and what is to be said about it.
public struct DecodedPhoto: Hashable, Sendable {
    /// The picture, at ``reduction``.
    public let image: RGBImage
    /// What the file declared.
    public let header: PhotoHeader
    /// By how much both sides were divided while decoding: 1, 2, 4 or 8; sides are rounded up.
    public let reduction: Int
    /// The embedded ICC profile and what became of it; nil where there is none.
    public let colorProfile: ColorProfile?
    /// How often the codec met bad data and went on.
    public let codecWarningCount: Int
    /// The codec's first warning, nil where there is none.
    public let codecWarning: String?
    /// Rows of the stored picture that came from the file, at least
    /// ``DamagedFileRule/realRowRatioRequired`` of them.
    public let realRowCount: Int

    /// Whether the file is damaged: such a photo is never decided by a machine.
    public var isDamaged: Bool { codecWarningCount > 0 }
}
