/// What a photo's header declares, read without decoding a pixel.
public struct PhotoHeader: Hashable, Sendable, Codable {
    /// How the stored samples mean colour.
    public enum ColorModel: String, CaseIterable, Hashable, Sendable, Codable {
        /// One sample: grey.
        case gray
        /// Grey with transparency, PNG only.
        case grayAlpha = "gray_alpha"
        /// An index into a palette, PNG only.
        case palette
        /// Red, green, blue.
        case rgb
        /// Red, green, blue and transparency, PNG only.
        case rgba
        /// Brightness and two colour differences, the usual JPEG.
        case yCbCr = "ycbcr"
        /// Four inks, JPEG only.
        case cmyk
        /// Four inks, three of them stored as YCbCr, JPEG only.
        case ycck
        /// Not known; decoding will refuse it.
        case unknown
    }

    /// The format that the signature tells.
    public let format: ImageFormat
    /// The sides as stored, before ``orientation`` is applied.
    ///
    /// Each is at least 1 and within the limits.
    public let storedSize: PixelSize
    /// How the stored picture is turned to stand upright.
    public let orientation: Orientation
    /// Bits a sample: 8 for JPEG; 1, 2, 4, 8 or 16 for PNG.
    public let bitDepth: Int
    /// Samples a pixel, 1...4; a palette index counts as one.
    public let componentCount: Int
    /// What the samples mean.
    public let colorModel: ColorModel
    /// Whether a PNG is stored in the seven passes of Adam7.
    public let isInterlaced: Bool
    /// Whether a JPEG refines the whole picture in several scans.
    public let isProgressive: Bool
    /// Whether a JPEG is coded arithmetically.
    public let isArithmetic: Bool

    /// The sides of the picture as people see it.
    public var uprightSize: PixelSize { orientation.upright(storedSize) }
}
