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

    /// Creates limits; the defaults are those measured.
    public init(
        longerSide: Int = 160, darkExposure: Double = 0.06, brightExposure: Double = 0.97,
        laplacianVariance: Double = 25, glareShare: Double = 0.2, contrast: Double = 0.03
    ) {
        self.longerSide = longerSide
        self.darkExposure = darkExposure
        self.brightExposure = brightExposure
        self.laplacianVariance = laplacianVariance
        self.glareShare = glareShare
        self.contrast = contrast
    }

    /// Judges a photo.
    ///
    /// - Parameters:
    ///   - features: Measured on the decoded picture.
    ///   - size: The upright photo at full size.
    /// - Returns: Every issue in the order of the closed list of reason codes. Blur is not stated
    ///   of a photo without contrast, where nothing could be sharp.
    public func quality(of features: QualityFeatures, size: PixelSize) -> PhotoQuality {
        let showsNothing = features.contrast < contrast
        let issues: [(ReasonCode, Bool)] = [
            (.photoTooDark, features.exposure < darkExposure),
            (.photoTooBright, features.exposure > brightExposure),
            (.photoBlurred, !showsNothing && features.sharpness < laplacianVariance),
            (.photoGlare, features.glareShare > glareShare),
            (.photoTooSmall, max(size.width, size.height) < longerSide),
            (.photoLowContrast, showsNothing),
        ]
        return PhotoQuality(
            sharpness: features.sharpness / (features.sharpness + Self.halfSharpness),
            exposure: features.exposure, issues: issues.filter(\.1).map(\.0))
    }

    /// The variance of the Laplacian that documents show as sharpness 0.5; 50, where photos begin
    /// to look blurred, becomes 0.1.
    private static let halfSharpness = 450.0
}
