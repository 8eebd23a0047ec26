public import Imaging
public import ReturnsDomain

/// From which measurements on a photo is unfit for judging.
///
/// Chosen on real photos so that about one in a hundred of them is called unfit; the figures are in
/// `docs/calibration.md`.
public struct QualityLimits: Hashable, Sendable {
    /// The least length of the longer side, in pixels of the upright photo.
    public var longerSide: Int
    /// The least mean brightness, 0 black … 1 white.
    public var darkExposure: Double
    /// The greatest mean brightness.
    public var brightExposure: Double
    /// The least variance of the Laplacian, as ``QualityFeatures/sharpness``.
    public var laplacianVariance: Double
    /// The greatest share of pixels blown out in darker surroundings, 0…1.
    public var glareShare: Double
    /// The least standard deviation of brightness, 0…0.5.
    public var contrast: Double
    /// The least reach of the item across a photo of a whole side, as ``Framing/reach``.
    public var reach: Double
    /// The greatest share of one side of such a photo that the item covers.
    public var edgeShare: Double

    /// Creates limits; the defaults are those measured.
    public init(
        longerSide: Int = 160, darkExposure: Double = 0.06, brightExposure: Double = 0.97,
        laplacianVariance: Double = 25, glareShare: Double = 0.2, contrast: Double = 0.03,
        reach: Double = 0.25, edgeShare: Double = 0.5
    ) {
        self.longerSide = longerSide
        self.darkExposure = darkExposure
        self.brightExposure = brightExposure
        self.laplacianVariance = laplacianVariance
        self.glareShare = glareShare
        self.contrast = contrast
        self.reach = reach
        self.edgeShare = edgeShare
    }

    /// Judges a photo.
    ///
    /// - Parameters:
    ///   - features: Measured on the decoded picture.
    ///   - size: The upright photo at full size.
    ///   - view: Only a photo of the front or back has to show the whole item.
    /// - Returns: Every issue in the order of the closed list of reason codes. Blur is not stated
    ///   of a photo without contrast, where nothing could be sharp.
    public func quality(
        of features: QualityFeatures, size: PixelSize, view: PhotoView
    ) -> PhotoQuality {
        let showsNothing = features.contrast < contrast
        let framing = [.front, .back].contains(view) ? features.framing : nil
        let issues: [(ReasonCode, Bool)] = [
            (.photoTooDark, features.exposure < darkExposure),
            (.photoTooBright, features.exposure > brightExposure),
            (.photoBlurred, !showsNothing && features.sharpness < laplacianVariance),
            (.photoGlare, features.glareShare > glareShare),
            (.photoTooSmall, max(size.width, size.height) < longerSide),
            (.photoTooFar, framing.map(isTooFar) ?? false),
            (.photoCutOff, framing.map(isCutOff) ?? false),
            (.photoLowContrast, showsNothing),
        ]
        return PhotoQuality(
            sharpness: features.sharpness / (features.sharpness + Self.halfSharpness),
            exposure: features.exposure, issues: issues.filter(\.1).map(\.0))
    }

    /// Small, and alone: a small part of what is scattered over a photo says nothing of the item.
    private func isTooFar(_ framing: Framing) -> Bool {
        framing.reach < reach && framing.goodsShare < Self.aloneShare
    }

    /// Where most of a photo is goods, it may be the background that was taken for the item.
    private func isCutOff(_ framing: Framing) -> Bool {
        framing.edgeShare > edgeShare && framing.goodsShare < Self.mostShare
    }

    private static let aloneShare = 0.08
    private static let mostShare = 0.6

    /// The variance of the Laplacian that documents show as sharpness 0.5; 50, where photos begin
    /// to look blurred, becomes 0.1.
    private static let halfSharpness = 450.0
}
