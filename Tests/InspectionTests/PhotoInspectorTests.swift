import Foundation
import Imaging
import Inspection
import ReturnsDomain
import Testing

/// From bytes to an assessment, with a network that can be computed by hand.
struct PhotoInspectorTests {
    static func png(width: Int, height: Int, _ pixel: (Int, Int) -> [UInt8]) throws -> [UInt8] {
        var pixels: [UInt8] = []
        for row in 0..<height { for column in 0..<width { pixels += pixel(column, row) } }
        return try PNGEncoder().encode(RGBImage(width: width, height: height, pixels: pixels))
    }

    static func noise(width: Int, height: Int) throws -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return try png(width: width, height: height) { _, _ in
            (0..<3).map { _ in UInt8.random(in: 0...255, using: &generator) }
        }
    }

    static func assess(_ bytes: [UInt8], _ tiny: TinyModel) throws -> PhotoAssessment {
        try PhotoInspector(model: DamageModel(tiny)).assess(bytes, index: 0, view: .front).0
    }

    static func logistic(_ value: Double) -> Double { 1 / (1 + exp(-value)) }

    @Test func samplesAreShiftedAndScaledPerChannel() throws {
        let color: [UInt8] = [200, 100, 20]
        let tiny = TinyModel(
            mean: [100, 90, 30], scale: [0.01, 0.02, 0.04],
            severityWeights: [1, 0, 0, 0, 1, 0, 0, 0, 1], severityBias: [0, 0, 0])
        let photo = try Self.assess(Self.png(width: 300, height: 200) { _, _ in color }, tiny)
        // (200 - 100) * 0.01, (100 - 90) * 0.02 and (20 - 30) * 0.04 are the logits.
        let damaged = Self.logistic(1)
        let moderate = Self.logistic(0.2)
        let severe = Self.logistic(-0.4)
        #expect(abs(photo.raw.none - (1 - damaged)) < 1e-5)
        #expect(abs(photo.raw.minor - damaged * (1 - moderate)) < 1e-5)
        #expect(abs(photo.raw.severe - damaged * moderate * severe) < 1e-5)
        // The first temperature of the tiny calibration is 2.
        #expect(abs(photo.calibrated.none - (1 - Self.logistic(0.5))) < 1e-5)
        #expect((photo.width, photo.height) == (300, 200))
        #expect(photo.format == "png")
    }

    @Test func theCategoryIsASoftmaxOfItsLogits() throws {
        let photo = try Self.assess(
            Self.noise(width: 64, height: 64), TinyModel(categoryBias: [0, 3, 1]))
        let category = try #require(photo.category)
        let sum = 1 + exp(3.0) + exp(1.0)
        for (name, logit) in [("apparel", 0.0), ("box", 3), ("phone", 1)] {
            #expect(abs((category.byCategory[name] ?? 0) - exp(logit) / sum) < 1e-9)
        }
        #expect(category.likeliest.name == "box")
        #expect(AdjudicatedPhoto(photo).category == category.likeliest)
        #expect(
            try Self.assess(Self.noise(width: 64, height: 64), TinyModel()).category == nil)
    }

    @Test func stretchFillsTheWholeInput() throws {
        // The left half is white, the right half black; the map is the sum of the channels.
        let bytes = try Self.png(width: 400, height: 100) { column, _ in
            [UInt8](repeating: column < 200 ? 255 : 0, count: 3)
        }
        let map = try Self.assess(bytes, TinyModel()).heatMap
        #expect((map.width, map.height) == (8, 8))
        for row in 0..<8 {
            #expect(map.values[row * 8] > 0.9)
            #expect(map.values[row * 8 + 7] < 0.1)
        }
        #expect(map.areaRatio(atLeast: 0.5) == 0.5)
    }

    @Test func containKeepsProportionsAndCutsTheMapToThePhoto() throws {
        let bytes = try Self.png(width: 400, height: 100) { column, _ in
            [UInt8](repeating: column < 200 ? 255 : 0, count: 3)
        }
        var tiny = TinyModel(fit: "contain")
        tiny.severityWeights = [1, 0, 0, 0, 0, 0, 0, 0, 0]
        tiny.severityBias = [0, 0, 0]
        let photo = try Self.assess(bytes, tiny)
        #expect((photo.heatMap.width, photo.heatMap.height) == (8, 2))
        #expect(photo.heatMap.values[0] > 0.9)
        #expect(photo.heatMap.values[15] < 0.1)
        // A quarter of the input is photo, the margins are 0: the mean is a quarter of the photo's.
        let photoMean = ((255.0 - 127) / 128 + (0.0 - 127) / 128) / 2
        #expect(abs(photo.raw.damaged - Self.logistic(photoMean / 4)) < 1e-3)
    }

    @Test func heatMapStandsUpright() throws {
        // Only the upper left corner is bright.
        let bytes = try Self.png(width: 256, height: 256) { column, row in
            [UInt8](repeating: column < 64 && row < 64 ? 255 : 0, count: 3)
        }
        let map = try Self.assess(bytes, TinyModel()).heatMap
        #expect(map.values[0] > 0.9)
        #expect(map.values[7] < 0.1)
        #expect(map.values[56] < 0.1)
        #expect(map.values[63] < 0.1)
    }

    @Test func onlyTypesAboveTheirThresholdAreFoundMostLikelyFirst() throws {
        var tiny = TinyModel()
        // Temperature 2 and threshold 0.5: from the logit 0 on.
        tiny.typeBias = [0, 2, -0.01, -4, 4, -4, -4, -4]
        let damage = try Self.assess(Self.noise(width: 300, height: 300), tiny).damage
        #expect(damage.map(\.type) == [.stain, .scratch, .crack])
        #expect(abs(damage[0].probability - Self.logistic(2)) < 1e-5)
        #expect(damage.allSatisfy { $0.photo == 0 && (0...1).contains($0.areaRatio) })
    }

    @Test func noveltyIsTheShareOfMoreAlikePhotos() throws {
        let photo = try Self.assess(
            Self.noise(width: 300, height: 300), TinyModel(noveltyBias: 0.25))
        #expect(abs(photo.novelty - 0.4) < 1e-6)
    }

    @Test(arguments: ["severity_logits", "type_logits", "novelty_distance"])
    func valueThatIsNoNumberEndsInAnError(output: String) throws {
        var tiny = TinyModel()
        switch output {
        case "severity_logits": tiny.severityBias[1] = .nan
        case "type_logits": tiny.typeBias[3] = .infinity
        default: tiny.noveltyBias = .nan
        }
        let bytes = try Self.noise(width: 300, height: 300)
        #expect(throws: PhotoInspectionError.notFinite(output: output)) {
            try Self.assess(bytes, tiny)
        }
    }

    @Test func undecodablePhotoKeepsTheDecodersError() {
        #expect(throws: PhotoInspectionError.decoding(.unrecognizedFormat)) {
            try Self.assess([1, 2, 3], TinyModel())
        }
        #expect(PhotoInspectionError.decoding(.empty).code == "photo_empty")
    }

    @Test func onePhotoLeavesNothingBehindForTheNext() throws {
        let first = try Self.noise(width: 300, height: 200)
        let second = try Self.png(width: 100, height: 400) { column, _ in
            [UInt8(column), 9, 9]
        }
        for fit in ["stretch", "contain"] {
            let inspector = PhotoInspector(model: try DamageModel(TinyModel(fit: fit)))
            let before = try inspector.assess(first, index: 0, view: .front).0
            _ = try inspector.assess(second, index: 1, view: .back)
            #expect(try inspector.assess(first, index: 0, view: .front).0 == before)
        }
    }

    @Test func timingsAreParts() throws {
        let inspector = PhotoInspector(model: try DamageModel(TinyModel()))
        let timings = try inspector.assess(
            Self.noise(width: 300, height: 300), index: 0, view: .other
        ).1
        #expect(timings.decode > 0 && timings.quality > 0 && timings.network > 0)
        #expect(
            abs(timings.decode + timings.quality + timings.network - timings.total) < 1e-6)
    }
}
