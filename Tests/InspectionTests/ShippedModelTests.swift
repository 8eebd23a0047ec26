import Foundation
import Imaging
import Inspection
import ReturnsDomain
import TestSupport
import Testing

/// The model in models/, once it is there.
@Suite(.enabled(if: ShippedModel.isPresent))
struct ShippedModelTests {
    @Test func loadsWithItsCalibration() throws {
        let model = try ShippedModel.load()
        #expect(model.version.name == "damage")
        #expect(model.preprocessing.fit == .stretch)
        #expect(model.calibration.problems() == [])
    }

    @Test(arguments: [(640, 480), (480, 640), (1, 300), (3000, 200)])
    func assessesAPhotoOfAnyShape(width: Int, height: Int) throws {
        let pixels = (0..<width * height * 3).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let bytes = try JPEGEncoder().encode(
            RGBImage(width: width, height: height, pixels: pixels))
        let inspector = PhotoInspector(model: try ShippedModel.load())
        let photo = try inspector.assess(bytes, index: 2, view: .damage).0
        #expect((photo.width, photo.height) == (width, height))
        #expect(photo.index == 2 && photo.view == .damage)
        #expect((0...1).contains(photo.novelty))
        #expect(photo.heatMap.width > 1 && photo.heatMap.height > 1)
        #expect(photo.damage.allSatisfy { $0.photo == 2 })
        #expect(try inspector.assess(bytes, index: 2, view: .damage).0 == photo)
    }

    /// Whatever the network says of goods that it cannot see, a person has to look.
    @Test(
        arguments: ["vehicle-intact", "vehicle-door-scratched", "phone-intact", "box-intact"],
        Cover.allCases)
    func coveredGoodsAreUnfamiliar(name: String, cover: Cover) throws {
        let model = try ShippedModel.load()
        let inspector = PhotoInspector(model: model)
        let file = Repository.fixtures.appending(path: "\(name).jpg")
        let whole = try inspector.picture(of: [UInt8](Data(contentsOf: file)))
        let bytes = try JPEGEncoder().encode(cover.over(whole))
        let novelty = try inspector.assess(bytes, index: 0, view: .front).0.novelty
        #expect(novelty >= model.calibration.novelty.threshold)
    }
}

/// A plain cover over 70 % of each side of a photo.
enum Cover: CaseIterable {
    case grey, white

    func over(_ image: RGBImage) -> RGBImage {
        var pixels = image.pixels
        for row in image.height * 15 / 100..<image.height * 85 / 100 {
            for column in image.width * 15 / 100..<image.width * 85 / 100 {
                let first = (row * image.width + column) * 3
                for index in first..<first + 3 {
                    pixels[index] = tone
                }
            }
        }
        return RGBImage(width: image.width, height: image.height, pixels: pixels)
    }

    private var tone: UInt8 {
        switch self {
        case .grey: 127
        case .white: 255
        }
    }
}

/// Where the shipped model lies.
enum ShippedModel {
    static let file = Repository.models.appending(path: "damage-v1.onnx")

    static let isPresent: Bool = {
        let isPresent = Repository.exists(file)
        if !isPresent { print("skipped: models/damage-v1.onnx is not there; run scripts/train") }
        return isPresent
    }()

    static func load() throws -> DamageModel {
        let calibration = Repository.models.appending(path: "damage-v1.calibration.json")
        return try DamageModel(modelPath: file.path, calibrationPath: calibration.path)
    }
}
