import Imaging
import Inspection
import ReturnsDomain
import Testing

/// Photos on both sides of each limit, made so that one measure changes.
struct QualityLimitsTests {
    static func quality(
        width: Int = 256, height: Int = 256, limits: QualityLimits = QualityLimits(),
        view: PhotoView = .front, _ brightness: (Int, Int) -> Int
    ) -> PhotoQuality {
        var pixels: [UInt8] = []
        for row in 0..<height {
            for column in 0..<width {
                pixels += [UInt8](repeating: UInt8(brightness(column, row)), count: 3)
            }
        }
        let image = RGBImage(width: width, height: height, pixels: pixels)
        return limits.quality(of: QualityFeatures(of: image), size: image.size, view: view)
    }

    /// A chequerboard of 32-pixel fields around a mean.
    static func board(_ mean: Int, _ deviation: Int) -> (Int, Int) -> Int {
        { column, row in (column / 32 + row / 32) % 2 == 0 ? mean - deviation : mean + deviation }
    }

    @Test func ordinaryPhotoIsUsable() {
        let quality = Self.quality(Self.board(120, 60))
        #expect(quality.isUsable)
        #expect(abs(quality.exposure - 120.0 / 255) < 0.01)
        #expect((0.1...0.9).contains(quality.sharpness))
    }

    @Test(arguments: [(14, true), (17, false)])
    func darknessIsMeanBrightness(mean: Int, isTooDark: Bool) {
        let quality = Self.quality(Self.board(mean, 12))
        #expect(quality.issues == (isTooDark ? [.photoTooDark] : []))
    }

    @Test(arguments: [(248, true), (246, false)])
    func overexposureIsMeanBrightness(mean: Int, isTooBright: Bool) {
        var limits = QualityLimits()
        limits.contrast = 0.02
        limits.laplacianVariance = 0
        let quality = Self.quality(limits: limits, Self.board(mean, 7))
        #expect(quality.issues == (isTooBright ? [.photoTooBright] : []))
    }

    @Test(arguments: [(8, false), (64, true)])
    func smoothWaveIsBlurred(period: Int, isBlurred: Bool) {
        let quality = Self.quality { column, _ in
            let phase = column % period
            return 60 + 120 * min(phase, period - phase) * 2 / period
        }
        #expect(quality.issues == (isBlurred ? [.photoBlurred] : []))
        #expect((quality.sharpness < 0.06) == isBlurred)
    }

    @Test(arguments: [(0.9, [ReasonCode.photoLowContrast]), (1.1, [])])
    func flatPhotoShowsNothingAndIsNotCalledBlurred(
        factor: Double, issues: [ReasonCode]
    ) {
        let deviation = Int((0.03 * 255 * factor).rounded())
        #expect(Self.quality(Self.board(120, deviation)).issues == issues)
    }

    @Test(arguments: [(159, true), (160, false)])
    func tooFewPixelsAreCountedOnTheLongerSide(side: Int, isTooSmall: Bool) {
        let quality = Self.quality(width: side, height: 100, Self.board(120, 60))
        #expect(quality.issues == (isTooSmall ? [.photoTooSmall] : []))
    }

    @Test(arguments: [(16, false), (18, true)])
    func blownOutSpotsInDarkSurroundingsAreGlare(spotSide: Int, hasGlare: Bool) {
        // A white spot in each tile of 32 pixels: 0.25 and 0.32 of the area.
        var limits = QualityLimits()
        limits.glareShare = 0.28
        let quality = Self.quality(limits: limits) { column, row in
            column % 32 < spotSide && row % 32 < spotSide ? 255 : 60
        }
        #expect(quality.issues == (hasGlare ? [.photoGlare] : []))
    }

    /// A dark square of goods on light ground, by its left edge and side.
    @Test(arguments: [
        (90, 52, PhotoView.front, [ReasonCode.photoTooFar]), (90, 76, .front, []),
        (0, 140, .front, [.photoCutOff]), (0, 140, .back, [.photoCutOff]), (0, 116, .front, []),
        (90, 52, .damage, []), (0, 140, .other, []),
    ])
    func wholeSidesShowTheWholeItemInSize(
        left: Int, side: Int, view: PhotoView, issues: [ReasonCode]
    ) {
        let quality = Self.quality(view: view) { column, row in
            let isGoods =
                (left..<left + side).contains(column) && (60..<60 + side).contains(row)
            return isGoods ? 30 + 90 * ((column / 8 + row / 8) % 2) : 220
        }
        #expect(quality.issues == issues)
    }
}
