import Foundation
import Imaging
import Inspection
import ReferenceComparison
import ReturnsDomain
import TestSupport
import Testing

/// Real photos through the shipped model: one run of the network serves both.
@Suite(.enabled(if: Repository.exists(ShippedModel.file)))
struct PhotoTests {
    private static func inspector() throws -> PhotoInspector {
        PhotoInspector(
            model: try DamageModel(
                modelPath: ShippedModel.file.path,
                calibrationPath: ShippedModel.calibration.path))
    }

    private static func features(
        of picture: RGBImage, _ inspector: PhotoInspector
    ) throws -> PatchFeatures {
        _ = try inspector.assess(JPEGEncoder().encode(picture), index: 0, view: .front)
        return try #require(try inspector.features())
    }

    private static func picture(_ name: String, _ inspector: PhotoInspector) throws -> RGBImage {
        let file = Repository.fixtures.appending(path: name)
        return try inspector.picture(
            of: [UInt8](Data(contentsOf: file)), covering: PixelSize(width: 320, height: 320))
    }

    /// The picture cut by some pixels on the left and top, brighter or darker.
    private static func variant(_ picture: RGBImage, cut: Int, light: Int) -> RGBImage {
        var pixels: [UInt8] = []
        for row in cut..<picture.height {
            let line = picture.pixels[
                (row * picture.width + cut) * 3..<(row + 1) * picture.width * 3]
            pixels += line.map { UInt8(clamping: Int($0) + light) }
        }
        return RGBImage(
            width: picture.width - cut, height: picture.height - cut, pixels: pixels)
    }

    /// The picture with a hole of a tenth of its sides about a point, in shares of the sides.
    private static func holed(_ picture: RGBImage, x: Double, y: Double) -> RGBImage {
        var pixels = picture.pixels
        let width = picture.width / 10
        let height = picture.height / 10
        let left = Int(x * Double(picture.width)) - width / 2
        let top = Int(y * Double(picture.height)) - height / 2
        for row in top..<top + height {
            for column in left..<left + width {
                let isEdge = (row - top) * 5 % height < 4 || (column - left) % 7 < 2
                for sample in 0..<3 {
                    pixels[(row * picture.width + column) * 3 + sample] = isEdge ? 15 : 225
                }
            }
        }
        return RGBImage(width: picture.width, height: picture.height, pixels: pixels)
    }

    @Test func theModelsFeaturesAreWhatItsBlocksHandOnAtASixteenth() throws {
        let inspector = try Self.inspector()
        let layout = try #require(inspector.model.featureLayout)
        #expect((layout.rowCount, layout.columnCount) == (14, 14))
        #expect((layout.dimension, layout.embeddingDimension) == (112, 1280))
        #expect(layout.model == inspector.model.version.sha256)
    }

    @Test func askingForFeaturesChangesNoAssessment() throws {
        let bytes = [UInt8](
            try Data(contentsOf: Repository.fixtures.appending(path: "box-intact.jpg")))
        let inspector = try Self.inspector()
        let before = try inspector.assess(bytes, index: 0, view: .front).0
        let features = try inspector.features()
        #expect(try inspector.assess(bytes, index: 0, view: .front).0 == before)
        #expect(try inspector.features() == features)
    }

    @Test(arguments: [(0.3, 0.3), (0.5, 0.55), (0.7, 0.4)])
    func aPastedHoleMarksItsOwnPlace(x: Double, y: Double) throws {
        let inspector = try Self.inspector()
        let picture = try Self.picture("box-intact.jpg", inspector)
        let references = try (0..<8).map { index in
            try Self.features(
                of: Self.variant(picture, cut: index, light: index * 5 - 18), inspector)
        }
        let bank = try ReferenceBank(of: references)
        let good = try bank.compare(
            Self.features(of: Self.variant(picture, cut: 2, light: 3), inspector))
        let bad = try bank.compare(
            Self.features(of: Self.holed(picture, x: x, y: y), inspector))
        #expect(bad.isComparable && good.isComparable)
        #expect(good.score < bad.score)
        #expect(abs(bad.pValue - 1.0 / 9) < 1e-12)
        let map = bad.anomalyMap
        let strange = map.values.indices.filter { map.values[$0] > 0.9 }
        let across = strange.map { (Double($0 % map.width) + 0.5) / Double(map.width) }
        let down = strange.map { (Double($0 / map.width) + 0.5) / Double(map.height) }
        #expect(!strange.isEmpty)
        #expect(abs(across.reduce(0, +) / Double(strange.count) - x) < 0.08)
        #expect(abs(down.reduce(0, +) / Double(strange.count) - y) < 0.08)
    }

    @Test func anotherItemIsLessSimilar() throws {
        let inspector = try Self.inspector()
        let box = try Self.picture("box-intact.jpg", inspector)
        let references = try (0..<3).map { index in
            try Self.features(of: Self.variant(box, cut: index, light: index), inspector)
        }
        let bank = try ReferenceBank(of: references)
        let own = try bank.similarity(
            to: Self.features(of: Self.variant(box, cut: 4, light: 8), inspector))
        for name in ["vehicle-intact.jpg", "mug-coffee.png"] {
            let other = try Self.features(of: Self.picture(name, inspector), inspector)
            #expect(try bank.similarity(to: other) < own - 0.1)
            #expect(try !bank.compare(other).isComparable)
        }
    }
}

/// Where the shipped model lies.
private enum ShippedModel {
    static let file = Repository.models.appending(path: "damage-v1.onnx")
    static let calibration = Repository.models.appending(path: "damage-v1.calibration.json")
}
