/// Bounds on what a photo may cost, checked on the header before pixels are allocated and, where
/// the header cannot tell, while decoding.
///
/// Every bound is inclusive: a photo at the limit is read, one beyond it is refused with an error
/// that names the setting. MB and MP are decimal: 10⁶ bytes, 10⁶ pixels.
public struct DecodingLimits: Hashable, Sendable, Codable {
    /// Bytes of the file.
    ///
    /// 20 MB: twice what phones write.
    public var byteCountLimit: Int

    /// Pixels that the header declares.
    ///
    /// 64 MP: more than phones store by default, and far below what a few hundred bytes can claim.
    public var pixelCountLimit: Int

    /// Pixels of an interlaced PNG, which must be held whole before a row is complete.
    ///
    /// 16 MP: 64 MB as R, G, B, A.
    public var interlacedPixelCountLimit: Int

    /// Pixels of the longer side.
    ///
    /// 16,384: a panorama; a longer side is a strip, of which a network sees nothing. More than
    /// 65,535, the codecs' own bound, means 65,535.
    public var sideLimit: Int

    /// Scans of a JPEG.
    ///
    /// 100: encoders write about ten; each scan may cost a pass over all pixels
    /// for a few bytes of file.
    public var scanCountLimit: Int

    /// Frames of an animated PNG.
    ///
    /// 1: an inspection looks at a still picture.
    public var frameCountLimit: Int

    /// Bytes of metadata: JPEG application and comment segments, or PNG ancillary chunks.
    ///
    /// 1 MB. Of a JPEG those before the first scan count; a PNG's profile may inflate to as much
    /// again.
    public var metadataByteCountLimit: Int

    /// Bytes that decoding holds at once, the pixels put out included.
    ///
    /// 160 MB. Estimated from the header; the codecs keep to it themselves while they run.
    public var memoryByteCountLimit: Int

    /// Processor time of the decoding thread for one photo.
    ///
    /// 1 s: a 12 MP photo takes 20 to 40 ms.
    public var processorTimeLimit: Duration

    /// Creates limits; the defaults are those of the interface contract.
    public init(
        byteCountLimit: Int = 20_000_000,
        pixelCountLimit: Int = 64_000_000,
        interlacedPixelCountLimit: Int = 16_000_000,
        sideLimit: Int = 16_384,
        scanCountLimit: Int = 100,
        frameCountLimit: Int = 1,
        metadataByteCountLimit: Int = 1_000_000,
        memoryByteCountLimit: Int = 160_000_000,
        processorTimeLimit: Duration = .seconds(1)
    ) {
        self.byteCountLimit = byteCountLimit
        self.pixelCountLimit = pixelCountLimit
        self.interlacedPixelCountLimit = interlacedPixelCountLimit
        self.sideLimit = sideLimit
        self.scanCountLimit = scanCountLimit
        self.frameCountLimit = frameCountLimit
        self.metadataByteCountLimit = metadataByteCountLimit
        self.memoryByteCountLimit = memoryByteCountLimit
        self.processorTimeLimit = processorTimeLimit
    }
}
