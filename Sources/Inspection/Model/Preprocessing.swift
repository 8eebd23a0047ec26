/// What happens to a picture before the network: the metadata property `regrade.preprocessing`.
///
/// ```json
/// {"size":[224,224],"fit":"stretch","mean":[127,127,127],"scale":[0.0078125,0.0078125,0.0078125],
///  "layout":"NCHW","resample":"triangle_antialiased","color":"sRGB"}
/// ```
public struct Preprocessing: Codable, Hashable, Sendable {
    /// How a picture of another shape comes into the network's.
    public enum Fit: String, Codable, CaseIterable, Hashable, Sendable {
        /// Both sides are scaled for themselves; the whole picture fills the whole input.
        case stretch
        /// The picture keeps its proportions, centred; the margins hold the mean, which is 0.
        case contain
    }

    /// Height and width of the network's input in pixels, each 1…``sideLimit``.
    public let size: [Int]
    /// How the picture comes into that size.
    public let fit: Fit
    /// What is subtracted from the samples (0…255) of R, G and B.
    public let mean: [Double]
    /// What the difference is then multiplied by.
    public let scale: [Double]
    /// `NCHW`: planes of R, G and B one after the other.
    public let layout: String
    /// `triangle_antialiased`, as `RGBImage.resized(to:)` does it.
    public let resample: String
    /// `sRGB`.
    public let color: String

    /// Sides beyond this cost more than an inspection may take.
    public static let sideLimit = 1024

    /// Rows of the network's input.
    public var height: Int { size[0] }
    /// Columns of the network's input.
    public var width: Int { size[1] }

    /// What documents cite, such as `stretch 224x224 triangle_antialiased sRGB`.
    public var summary: String { "\(fit.rawValue) \(width)x\(height) \(resample) \(color)" }

    /// Everything that this build cannot follow; empty if it can.
    func problems() -> [String] {
        var problems: [String] = []
        func check(_ isRight: Bool, _ problem: String) {
            if !isRight { problems.append(problem) }
        }
        check(
            size.count == 2 && size.allSatisfy { (1...Self.sideLimit).contains($0) },
            "has the size \(size), expected height and width of 1 to \(Self.sideLimit)")
        check(mean.count == 3, "has \(mean.count) means, expected 3")
        check(scale.count == 3, "has \(scale.count) scales, expected 3")
        check(layout == "NCHW", "has the layout '\(layout)', expected 'NCHW'")
        check(
            resample == "triangle_antialiased",
            "has the resampling '\(resample)', expected 'triangle_antialiased'")
        check(color == "sRGB", "has the color '\(color)', expected 'sRGB'")
        return problems
    }
}
