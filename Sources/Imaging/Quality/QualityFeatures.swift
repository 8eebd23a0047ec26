/// What can be said about a photo before looking at what it shows.
///
/// Measured on a copy whose longer side is ``normalizedSide`` pixels, so that the numbers of a
/// small upload and of a 12 MP original compare. Thresholds are the policy's, not decided here.
public struct QualityFeatures: Hashable, Sendable {
    /// The longer side on which everything is measured, in pixels; smaller pictures stay as they
    /// are.
    public static let normalizedSide = 256

    /// Variance of the 4-neighbour Laplacian of brightness (0...255).
    ///
    /// At least 0 and at most (4 · 255)². Below about 50 a picture looks blurred; 100 to 2,000 is
    /// usual.
    /// - SeeAlso: Pech-Pacheco et al. 2000, "Diatom autofocusing in brightfield microscopy".
    public let sharpness: Double

    /// Mean brightness, from 0 (black) to 1 (white).
    public let exposure: Double

    /// Standard deviation of brightness, in 0...0.5.
    public let contrast: Double

    /// Share of pixels that are nearly black, 0...1.
    public let darkShare: Double

    /// Share of pixels that are nearly white, 0...1.
    ///
    /// A white background counts.
    public let brightShare: Double

    /// Share of pixels that are blown out in otherwise darker surroundings, 0...1: reflections of
    /// lamps and flashes, but not a white background.
    public let glareShare: Double

    /// How the goods lie in the picture; nil where that cannot be told.
    public let framing: Framing?

    /// Measures a picture of any size.
    ///
    /// - Complexity: O(pixels) for the reduction; the rest is bounded by ``normalizedSide``.
    public init(of image: RGBImage) {
        let small = image.fitted(into: Self.normalizedSide)
        let plane = BrightnessPlane(of: small)
        sharpness = plane.laplacianVariance
        exposure = plane.mean / 255
        contrast = plane.deviation / 255
        darkShare = plane.share { $0 <= Self.darkThreshold }
        brightShare = plane.share { $0 >= Self.brightThreshold }
        glareShare = plane.glareShare(blown: Self.brightThreshold)
        framing = Framing(of: small)
    }

    /// Brightness up to which a pixel is nearly black: sensors and JPEG lift black to about this.
    private static let darkThreshold: UInt8 = 12

    /// Brightness from which a pixel is nearly white and its detail lost.
    private static let brightThreshold: UInt8 = 250
}

extension RGBImage {
    /// The picture with its longer side at most `side`, proportions kept.
    func fitted(into side: Int) -> RGBImage {
        let longer = max(width, height)
        guard longer > side else { return self }
        let scaled = { (length: Int) in max(1, (length * side + longer / 2) / longer) }
        return resized(to: PixelSize(width: scaled(width), height: scaled(height)))
    }
}
