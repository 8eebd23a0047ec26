import Foundation
import Imaging
import TestSupport
import Testing

struct PerceptualHashTests {
    private static let photos = [
        "box-torn-open.jpg", "mug-broken.jpg", "mug-coffee.png", "phone-intact.jpg",
        "vehicle-door-dented.jpg", "vehicle-intact.jpg",
    ]

    private static func picture(_ name: String) throws -> RGBImage {
        let bytes = try Data(contentsOf: Repository.fixtures.appending(path: name))
        return try PhotoDecoder().decode(
            Array(bytes), covering: PixelSize(width: 256, height: 256)
        ).image
    }

    private static func bits(_ image: RGBImage) throws -> UInt64 {
        try #require(PerceptualHash(of: image)).bits
    }

    private static func distance(_ one: RGBImage, _ other: RGBImage) throws -> Int {
        (try bits(one) ^ bits(other)).nonzeroBitCount
    }

    @Test(arguments: photos)
    func copiesLookAlike(name: String) throws {
        let picture = try Self.picture(name)
        let small = picture.resized(
            to: PixelSize(width: picture.width / 2, height: picture.height / 2))
        #expect(try Self.distance(picture, small) <= 4)
        let poor = try PhotoDecoder().decode(JPEGEncoder(quality: 50).encode(picture)).image
        #expect(try Self.distance(picture, poor) <= 4)
        let pale = Pictures.image(picture.size) { x, y, channel in
            UInt8(min(255, Int(picture.sample(x, y, channel)) * 9 / 10 + 12))
        }
        #expect(try Self.distance(picture, pale) <= 4)
    }

    @Test func otherPicturesDoNot() throws {
        let looks = try Self.photos.map { try Self.bits(Self.picture($0)) }
        for one in looks.indices {
            for other in 0..<one { #expect((looks[one] ^ looks[other]).nonzeroBitCount > 16) }
        }
    }

    @Test func onePlainColourLooksLikeNothing() {
        let size = PixelSize(width: 40, height: 30)
        #expect(PerceptualHash(of: Pictures.flat(size, 250, 250, 250)) == nil)
        #expect(PerceptualHash(of: Pictures.flat(PixelSize(width: 1, height: 1), 0, 0, 0)) == nil)
    }

    /// The transform as its definition says it, term by term.
    @Test(arguments: 1..<5)
    func theBitsAreThoseOfTheDefinition(seed: UInt64) throws {
        let picture = Pictures.noise(PixelSize(width: 32, height: 32), seed: seed)
        var strengths: [Double] = []
        for down in 1...8 {
            for across in 1...8 {
                var sum = 0.0
                for y in 0..<32 {
                    for x in 0..<32 {
                        let luma =
                            (77 * Int(picture.sample(x, y, 0)) + 150 * Int(picture.sample(x, y, 1))
                                + 29 * Int(picture.sample(x, y, 2))) >> 8
                        sum +=
                            Double(luma) * cos(.pi * Double(across * (2 * x + 1)) / 64)
                            * cos(.pi * Double(down * (2 * y + 1)) / 64)
                    }
                }
                strengths.append(sum)
            }
        }
        let sorted = strengths.sorted()
        let median = (sorted[31] + sorted[32]) / 2
        let expected = strengths.reduce(UInt64(0)) { $0 << 1 | ($1 > median ? 1 : 0) }
        #expect(try Self.bits(picture) == expected)
    }
}
