import Imaging
import Testing

struct QualityFeaturesTests {
    private static let size = PixelSize(width: 320, height: 240)

    @Test(arguments: [(0, 0.0, 1.0, 0.0), (128, 128.0 / 255, 0.0, 0.0), (255, 1.0, 0.0, 1.0)])
    func flatPicturesHaveExposureAndNothingElse(
        level: Int, exposure: Double, dark: Double, bright: Double
    ) {
        let grey = UInt8(level)
        let features = QualityFeatures(of: Pictures.flat(Self.size, grey, grey, grey))
        #expect(abs(features.exposure - exposure) < 1e-9)
        #expect(features.sharpness == 0 && features.contrast < 1e-6)
        #expect(features.darkShare == dark && features.brightShare == bright)
        #expect(features.glareShare == 0, "a white surface is no glare")
    }

    @Test func blurLowersSharpness() {
        let sharp = Pictures.noise(Self.size)
        let blurred = sharp.resized(to: PixelSize(width: 40, height: 30)).resized(to: Self.size)
        let before = QualityFeatures(of: sharp).sharpness
        let after = QualityFeatures(of: blurred).sharpness
        #expect(after * 10 < before && after > 0)
    }

    /// Half black, half white: deviation is half of the range.
    @Test func contrastIsTheStandardDeviation() {
        let halves = Pictures.image(PixelSize(width: 64, height: 64)) { x, _, _ in
            x < 32 ? 0 : 255
        }
        #expect(abs(QualityFeatures(of: halves).contrast - 0.5) < 1e-9)
    }

    @Test func glareIsBrightnessInDarkSurroundings() {
        let lamp = Pictures.image(PixelSize(width: 256, height: 256)) { x, y, _ in
            (40..<56).contains(x) && (40..<56).contains(y) ? 255 : 90
        }
        let features = QualityFeatures(of: lamp)
        #expect(features.glareShare == 256.0 / 65_536)
        #expect(features.brightShare == features.glareShare)
    }

    @Test(arguments: [(1, 1), (2, 5), (600, 2), (1024, 768)])
    func anySizeGivesNumbersInRange(width: Int, height: Int) {
        let image = Pictures.noise(PixelSize(width: width, height: height))
        let features = QualityFeatures(of: image)
        for share in [
            features.exposure, features.darkShare, features.brightShare, features.glareShare,
        ] {
            #expect((0...1).contains(share))
        }
        #expect((0...0.5).contains(features.contrast) && features.sharpness.isFinite)
    }

    /// The same scene, uploaded at other sizes, gets about the same numbers.
    @Test func sizeMattersLittle() {
        let large = Pictures.gradient(PixelSize(width: 1600, height: 1200))
        let small = large.resized(to: PixelSize(width: 400, height: 300))
        let (a, b) = (QualityFeatures(of: large), QualityFeatures(of: small))
        #expect(abs(a.exposure - b.exposure) < 0.01 && abs(a.contrast - b.contrast) < 0.01)
    }
}
